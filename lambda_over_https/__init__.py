"""The AWS tutorial "Using AWS Lambda with Amazon API Gateway (On-Demand Over HTTPS)" as a command."""

__version__ = "0.1.0"
