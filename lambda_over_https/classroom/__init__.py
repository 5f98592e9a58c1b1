"""A class in one account: who is in it, what they may do, how they get on, and the end of it all."""
