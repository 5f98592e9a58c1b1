"""The rules of each service, one module a service."""
