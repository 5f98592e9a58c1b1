"""The pages of a lesson: a step, its calls and results, the handler, a step by hand, one request tried."""
