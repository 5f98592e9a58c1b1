"""Lambda's functions: their names in all forms, and what moto lacks of settings, versions and layers."""
