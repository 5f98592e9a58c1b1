"""API Gateway's data plane: what a request to an API's URL goes through, and TestInvokeMethod."""
