"""DynamoDB's Query and Scan: what they can ask for, and what an index has."""
