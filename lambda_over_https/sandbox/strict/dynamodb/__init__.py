"""DynamoDB: names, keys, values and expressions, tables and their states, streams."""
