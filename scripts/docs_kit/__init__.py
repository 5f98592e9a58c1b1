"""What ``scripts/docs`` generates: the command reference, the map of the packages, the pictures."""
