"""The board: a live page for the projector, on loopback; it reads what the other commands write down."""
