"""Learning by doing: drills, the calls a step is about to make (rehearsal), pages of AWS's console."""
