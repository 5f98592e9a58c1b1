"""What answers a request: a function, an endpoint, or nothing but a template."""
