"""The drills: a deployment broken on purpose in one way each, what that shows, and hints for its repair.

A drill changes real resources with calls that anybody could make by mistake, sends requests, and explains
the answers. It repairs nothing itself: afterwards the engine, which looks at everything anyway, does.
"""
