"""Make a deployment: look at each part, plan, and make what is missing."""
