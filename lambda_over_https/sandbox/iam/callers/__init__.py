"""Who calls: access keys, sessions, and the signatures of requests."""
