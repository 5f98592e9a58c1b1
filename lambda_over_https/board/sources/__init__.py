"""What the board follows: the deployment's files, its calls and drills, and the requests of the sandbox."""
