"""What a learner does at the keyboard between two pages: keys, predictions, steps by hand, repairs."""
