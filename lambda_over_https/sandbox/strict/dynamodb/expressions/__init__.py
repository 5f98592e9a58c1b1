"""DynamoDB's expressions: their grammar, what is wrong with what they mean, and what they do."""
