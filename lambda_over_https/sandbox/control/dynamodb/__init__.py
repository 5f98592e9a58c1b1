"""DynamoDB with moto: quick calls on items, typed conditions, plain numbers, whole writes, stream records."""
