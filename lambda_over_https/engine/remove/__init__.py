"""Remove what is ours and nothing else, then look once more."""
