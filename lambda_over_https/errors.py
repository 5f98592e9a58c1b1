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
129   the terminal was closed: otherwise as 130
130   interrupted, or a question was answered with no
143   ended by SIGTERM: otherwise as 130
====  =====================================================
"""

import errno

_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_RIGHTS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})


UNCHANGED = "Nothing was changed."


class LohError(Exception):
    """A failure we can explain.

    ``message`` says what happened, ``hint`` what to type or change next, ``step`` at which step of the
    tutorial (its number, or empty), ``exit_code`` what the process answers.
    """

    exit_code = 1
    harmless = False
    """Whether nothing went wrong: then it is shown as a note, not as an error."""

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


class RemovedError(LohError):
    """There is nothing here any more: a teardown has removed all of it."""

    harmless = True


ENDED = "The sandbox that held this deployment has ended, and everything in it is gone."


class EndedError(LohError):
    """The sandbox has ended: nothing that is asked of it will be answered any more."""

    def __init__(self, step: str = "") -> None:
        super().__init__(ENDED, "`loh run` makes it again.", step)


class AlreadyExistsError(LohError):
    """A create was refused because a resource of that name is there."""


class UncertainError(LohError):
    """A call may or may not have taken effect: its answer was lost, or the service failed."""


class NotItsTurnError(LohError):
    """AWS rations a call for the whole account, and others were first."""


class InterruptedRunError(LohError):
    """The user pressed ^C; what was made is in the journal."""

    exit_code = 130


class DeclinedError(InterruptedRunError):
    """The user answered no to the question whether to go on."""

    harmless = True

    def __init__(self) -> None:
        super().__init__(UNCHANGED)


def interrupted(*, changed: bool = True) -> InterruptedRunError:
    """The error for ^C in the middle of a command, which may have ``changed`` something by then."""
    recorded = "What was made is recorded: `loh run` continues, `loh teardown` removes it."
    return InterruptedRunError("Interrupted.", recorded if changed else UNCHANGED)


def from_the_machine(error: BaseException) -> LohError | None:
    """The error for what the operating system refuses: files, memory, processes; None for any other."""
    if isinstance(error, OSError):
        which = f": {error.filename}" if error.filename else ""
        text = error.strerror or str(error) or type(error).__name__
        return LohError(f"The operating system refused: {text}{which}.", _way_out(error.errno))
    if isinstance(error, MemoryError):
        return LohError("This machine has no memory left for it.", _way_out(errno.ENOMEM))
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return LohError(
            "The operating system lets this program start no more threads.", _way_out(errno.EAGAIN)
        )
    return None


def exhausted(error: BaseException) -> LohError | None:
    """The error for a machine that has run out of something, where that is the cause behind ``error``."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError) or (isinstance(cause, OSError) and cause.errno in _EXHAUSTED):
            return from_the_machine(cause)
        cause = cause.__cause__ or cause.__context__
    return None


def _way_out(number: int | None) -> str:
    again = "then run the same command again"
    if number in _ROOM:
        return f"Make room on the disk, {again}."
    if number in _RIGHTS:
        return f"Correct the permissions, {again}."
    if number in (errno.EMFILE, errno.ENFILE):
        return f"Let this shell open more files (`ulimit -n 1024`), {again}."
    if number in _EXHAUSTED:
        return f"End other programs, or raise the limits of this shell (`ulimit -a` shows them), {again}."
    if number == errno.ENAMETOOLONG:
        return "Choose a folder with a shorter path in LAMBDA_OVER_HTTPS_HOME."
    return f"Correct that, {again}."
