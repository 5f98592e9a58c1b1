"""What an API is made of: resources, methods, integrations, models and whatever else is deployed."""
