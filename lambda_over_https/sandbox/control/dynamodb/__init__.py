"""DynamoDB with moto: quick calls on items, typed conditions, batches in order, the records of streams."""
