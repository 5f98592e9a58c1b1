"""From the calls of a rehearsed deployment to its description."""
