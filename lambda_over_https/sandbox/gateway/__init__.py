"""API Gateway's data plane: serves requests to the URLs of deployed APIs, and TestInvokeMethod."""
