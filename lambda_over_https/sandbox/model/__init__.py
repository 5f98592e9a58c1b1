"""The plain shapes that the sandbox's parts hand to one another."""
