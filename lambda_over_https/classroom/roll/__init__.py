"""Who is in a class, and where it takes place: the roster, kept beside the deployments."""
