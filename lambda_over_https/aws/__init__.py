"""AWS as the program calls it: clients, retries (a role not assumable yet, rate limits), IAM policies."""
