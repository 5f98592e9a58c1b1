"""What an export made, read and run by the tools it is for."""
