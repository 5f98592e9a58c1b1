"""A board that serves in the test, and the browser that looks at it."""
