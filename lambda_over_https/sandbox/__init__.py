"""An AWS on this machine: as much of it as the tutorial needs, with real handlers and real tables."""
