"""AWS as the program calls it: clients, retries, pacing, errors in the user's words, policies."""
