"""What is written beside the journal: every call, every request, and how the learner got on."""
