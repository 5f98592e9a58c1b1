"""The plain types that the sandbox's components hand to one another, and helpers that several need."""
