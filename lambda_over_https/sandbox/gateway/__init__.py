"""API Gateway's data plane: what a request to an API's URL goes through, and TestInvokeMethod."""

from lambda_over_https.sandbox.gateway.service import Backends, Gateway

__all__ = ["Backends", "Gateway"]
