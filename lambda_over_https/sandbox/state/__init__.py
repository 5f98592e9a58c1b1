"""The account's state as the data plane reads it."""
