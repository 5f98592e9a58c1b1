"""The journal: what was made, on disk before and after each change."""
