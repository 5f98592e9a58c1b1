"""One deployment on this machine: its journal, history, lock and choices."""
