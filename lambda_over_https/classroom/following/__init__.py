"""How the students get on, seen from the account and from their URLs."""
