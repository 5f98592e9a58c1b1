"""One request: which method it is for, what is known of it so far, its execution log."""
