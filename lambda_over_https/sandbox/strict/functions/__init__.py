"""Lambda: policies, function URLs, asynchronous events and event sources of functions."""
