"""What mapping does to a request and to an answer: templates, parameters, headers, media types."""
