"""The function's source file, and the deployment package made of it."""
