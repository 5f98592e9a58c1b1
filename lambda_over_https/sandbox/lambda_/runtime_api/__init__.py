"""The Runtime API, over which a worker gets its events and gives its results."""
