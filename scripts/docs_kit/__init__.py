"""What scripts/docs generates."""
