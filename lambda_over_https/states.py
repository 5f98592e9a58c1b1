"""How far a step is, what is known of a resource, what a plan says and what a removal came to.

Each is a closed set; the values are those of journals and of ``--json``.
"""

from enum import StrEnum


class StepState(StrEnum):
    """How far a step is."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    """There was nothing to make: the user lends what the step would have made."""

    @property
    def is_over(self) -> bool:
        """Whether nothing of the step remains to be done."""
        return self in (StepState.DONE, StepState.SKIPPED)


class RecordState(StrEnum):
    """What the journal knows of a resource."""

    INTENDED = "intended"
    """It was about to be made; whether it was, only a look can tell."""
    MADE = "made"
    ADOPTED = "adopted"
    """The user lends it: it is used, and never changed or deleted."""

    @property
    def exists(self) -> bool:
        """Whether it is known to exist."""
        return self is not RecordState.INTENDED


class Action(StrEnum):
    """What ``run`` does, or would do, about a step or a resource."""

    CREATE = "create"
    UPDATE = "update"
    KEEP = "keep"
    SKIP = "skip"
    BLOCKED = "blocked"


class Fate(StrEnum):
    """What became of a resource that was to be removed."""

    DELETED = "deleted"
    ALREADY_GONE = "already gone"
    KEPT = "kept"
    """It is not ours to remove."""
    LEFT = "left"
    """It is ours, and it is still there."""
