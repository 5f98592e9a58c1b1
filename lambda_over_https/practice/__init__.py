"""Learning by doing: drills, the calls a step is about to make, the pages of AWS's own console."""
