"""What becomes of the process: its streams, its signals, its memory, its bugs."""
