"""The commands, a module for each group of the help; ``cli`` puts them together."""
