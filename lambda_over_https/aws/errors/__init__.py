"""AWS's errors in the user's words."""
