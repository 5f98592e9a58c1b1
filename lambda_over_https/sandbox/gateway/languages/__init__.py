"""The languages inside an API: Velocity, JSONPath, Java's patterns, JSON schema."""
