"""DynamoDB's items: what a call on them may ask for, and the values and keys that they can have."""
