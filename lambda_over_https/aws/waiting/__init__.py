"""When a call is made again, and when it has to wait: retries (a role not assumable yet), AWS's rates."""
