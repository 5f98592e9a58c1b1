"""The sandbox and its resources: clients, functions, APIs, callers, workers that begin ready."""
