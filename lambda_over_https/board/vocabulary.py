"""The events of the board: what each is called and when it is sent. EVENTS.md describes their members.

Every event is a JSON document. A reader that meets an event or a member that it does not know ignores it; a
member changes its meaning only with ``VERSION``.
"""

from enum import StrEnum
from typing import Any

VERSION = 1

Document = dict[str, Any]
"""What an event holds: plain data, ready for JSON."""


class Event(StrEnum):
    """The names of the events, as they stand on the ``event:`` line of the stream."""

    SNAPSHOT = "snapshot"
    """All that the board knows. It comes first, and again where the events before it no longer count."""
    DEPLOYMENT = "deployment"
    """The deployment as it is now: sent whole whenever its journal has changed."""
    CALL = "call"
    """One AWS call was answered."""
    EXERCISE = "exercise"
    """A drill, or a chapter's experiment, asks its question, has a prediction or is left, or says why."""
    SANDBOX = "sandbox"
    """Whether a sandbox runs, so that its requests are seen, has changed."""
    SCHEDULES = "schedules"
    """When the schedules fire next has changed."""
    TALLY = "tally"
    """The counts of the requests seen so far have changed."""
    ITEMS = "items"
    """What the table holds has changed."""
    CLASS = "class"
    """A class as it is now: sent whole whenever a look at its account shows a change."""
    FULL = "full"
    """The stream ends here: the browser has as many pages of the board open as it can keep connected."""
    REQUEST = "request"
    """One request to the API: sent when it reaches the function, and again with its answer."""


CALLS_KEPT = REQUESTS_KEPT = 20
"""How many of the latest a snapshot holds."""

LONGEST_TEXT = 4000
"""Characters of a body, an answer or a log that an event holds at most."""


def shortened(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text, cut where it is too long; a cut text ends with how many characters are missing."""
    missing = len(text) - longest
    return text if missing <= 0 else f"{text[:longest]} … ({missing} more characters)"
