"""The commands of a class, as far as they are not in ``classes``."""
