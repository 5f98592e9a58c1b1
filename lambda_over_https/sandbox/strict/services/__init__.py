"""The rules of the services that need no package of their own: a module, or a few for IAM."""
