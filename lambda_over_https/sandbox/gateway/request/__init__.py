"""One request: its route to a method, what is known of it so far, its execution log."""
