"""What moves while we wait: the narration of a run, the walk, the watch."""
