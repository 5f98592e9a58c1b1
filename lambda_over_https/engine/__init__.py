"""Make a deployment, remove it (teardown, undo), rebuild its journal; steps do the AWS calls."""
