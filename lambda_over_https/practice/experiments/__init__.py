"""The chapters' experiments: what is sent, what comes back, and what that shows."""
