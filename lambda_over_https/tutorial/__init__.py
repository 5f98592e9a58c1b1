"""The tutorial: its lessons, its steps, and the test at its end."""
