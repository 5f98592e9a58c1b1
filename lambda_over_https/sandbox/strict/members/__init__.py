"""Which operations and members the sandbox serves: a table for each service, and the check at the door."""
