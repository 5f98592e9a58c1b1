"""The rules of the services that need one module or two."""
