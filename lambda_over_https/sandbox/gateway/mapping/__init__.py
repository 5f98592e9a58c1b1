"""How requests and responses are mapped: templates, parameters, headers, media types."""
