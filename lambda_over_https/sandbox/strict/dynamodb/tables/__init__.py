"""DynamoDB's tables: the keys and indexes that they can have, their changes, how they are described."""
