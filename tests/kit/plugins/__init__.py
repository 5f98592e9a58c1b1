"""What pytest does for every test: order, guards, skips, and what costs time and proves nothing."""
