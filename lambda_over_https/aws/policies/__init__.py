"""The policy documents: of the role, and of whoever runs this program."""
