"""What there is in an account, as each service tells it."""
