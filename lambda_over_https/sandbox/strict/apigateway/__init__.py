"""API Gateway: what does not exist, duplicates, the order of the steps, tags."""
