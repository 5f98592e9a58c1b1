"""The capacity units that DynamoDB's calls consume, by the sizes of items."""
