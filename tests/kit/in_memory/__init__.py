"""Parts that live in memory, for tests without AWS or processes."""
