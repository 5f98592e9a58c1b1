"""A step done by hand: what a learner needs to know, hints, and what is right or wrong about the result."""
