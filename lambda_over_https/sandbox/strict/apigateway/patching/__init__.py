"""The Update calls of API Gateway: what a patch may change, and the change."""
