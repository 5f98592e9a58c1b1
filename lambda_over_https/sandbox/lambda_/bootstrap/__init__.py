"""What runs inside a worker process, before and around the user's handler."""
