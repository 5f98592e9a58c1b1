"""One deployment as this machine knows it: journal, recorded calls, lock, options, source file."""
