"""What the program uses of the sandbox: start it, find it, stop it; its faults; Node.js."""
