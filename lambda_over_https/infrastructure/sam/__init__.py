"""A description as an AWS SAM template: a CloudFormation template with SAM's shorter resources in it."""
