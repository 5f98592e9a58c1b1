"""The calls that a step is about to make, without making them; and calls that were lost, told anew."""
