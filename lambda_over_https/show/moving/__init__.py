"""Output that moves while we wait: the progress of a run, the walk, ``watch``."""
