"""DynamoDB: names, keys, values, expressions and capacity, transactions, tables and their states, streams."""
