"""What several commands do: open a deployment, ask, find what a word means, and say how it ended."""
