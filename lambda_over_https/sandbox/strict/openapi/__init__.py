"""API definitions in OpenAPI 3.0 and Swagger 2.0, read and turned into calls of the control plane."""
