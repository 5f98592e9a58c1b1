"""What can go wrong, as people need to hear it: what happened, and what to do next.

Every error carries the exit code of the command that meets it:

====  =====================================================
code  meaning
====  =====================================================
0     done
1     a step or a check failed
2     wrong usage
3     something is left behind
4     another run holds the lock
5     no usable credentials
70    a bug in this program
130   interrupted
====  =====================================================
"""

import errno

_OF_THE_MACHINE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
)


class LohError(Exception):
    """A failure we can explain.

    ``message`` says what happened, ``hint`` what to type or change next, ``step`` at which step of the
    tutorial (its number, or empty), ``exit_code`` what the process answers.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "", step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.step = step


class UsageError(LohError):
    """The command line or a setting is wrong."""

    exit_code = 2


class LeftBehindError(LohError):
    """A teardown ended and something of ours is still there."""

    exit_code = 3


class LockedError(LohError):
    """Another run of the same deployment is under way."""

    exit_code = 4


class CredentialsError(LohError):
    """No credentials, or credentials that AWS does not accept."""

    exit_code = 5


class AlreadyExistsError(LohError):
    """A create was refused because a resource of that name is there."""


class UncertainError(LohError):
    """A call may or may not have taken effect: its answer was lost, or the service failed."""


class InterruptedRunError(LohError):
    """The user pressed ^C; what was made is in the journal."""

    exit_code = 130


def interrupted() -> InterruptedRunError:
    """The error for ^C in the middle of a command."""
    return InterruptedRunError(
        "Interrupted.", "What was made is written down: `loh run` goes on, `loh teardown` removes it."
    )


def refused_by_the_machine(error: OSError) -> LohError | None:
    """The error for a file that the machine does not let be read or written; None for any other failure."""
    if error.errno not in _OF_THE_MACHINE:
        return None
    which = f": {error.filename}" if error.filename else ""
    return LohError(
        f"A file cannot be read or written: {error.strerror}{which}.",
        "Make room or correct the permissions, then give the same command again.",
    )
