"""A description as a Terraform configuration, formatted as ``terraform fmt`` does."""
