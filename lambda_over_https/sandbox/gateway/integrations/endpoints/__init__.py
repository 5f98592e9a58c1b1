"""HTTP integrations: the request to an endpoint on this machine, and what becomes of its response."""
