"""The execution log of one request, in AWS's words (the ``log`` of TestInvokeMethod)."""

import time
from collections.abc import Mapping

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST = 1000


class NoLog:
    """The log of a request whose log is not asked for: it keeps nothing."""

    kept = False

    def add(self, text: str, *values: object) -> None:
        """Ignore the line."""


class ExecutionLog(NoLog):
    """Collects the lines. Each begins with the time when it was written."""

    kept = True

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, text: str, *values: object) -> None:
        """Add one line: ``text`` with each ``%s`` filled in, maps as ``{a=1, b=2}``, long values cut."""
        self._lines.append(f"{_now()} : {text % tuple(_shown(value) for value in values)}")

    def text(self, request_id: str) -> str:
        """Return the whole log."""
        return "\n".join((f"Execution log for request {request_id}", *self._lines, ""))


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        text = "{" + ", ".join(f"{name}={_shown(item)}" for name, item in value.items()) + "}"
    elif isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
    elif isinstance(value, list):
        text = ",".join(map(str, value))
    else:
        text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} [TRUNCATED]"


def _now() -> str:
    now = time.gmtime()
    clock = time.strftime("%d %H:%M:%S UTC %Y", now)
    return f"{_DAYS[now.tm_wday]} {MONTHS[now.tm_mon - 1]} {clock}"
