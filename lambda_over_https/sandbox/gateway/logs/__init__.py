"""The logs of a stage: a line for each request, and how requests went."""
