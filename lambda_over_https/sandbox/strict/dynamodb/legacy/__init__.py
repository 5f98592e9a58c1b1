"""DynamoDB's legacy parameters, put into expressions."""
