"""What the board of a class knows at this moment, and the events that tell of each change."""

from datetime import UTC, datetime

from lambda_over_https.board.feed import Feed
from lambda_over_https.board.vocabulary import VERSION, Document, Event


class ClassScene:
    """The class as the last look has seen it. Each change goes to the ``feed``."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self._class: Document = {"class": None, "students": [], "removal": None, "problem": ""}

    def snapshot(self) -> Document:
        """All of it."""
        return {
            "version": VERSION,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            **self._class,
        }

    def show(self, seen: Document) -> None:
        """Take the class as it is now; it may name a problem itself."""
        self._take({"problem": "", **seen})

    def show_problem(self, problem: str) -> None:
        """Say why the last look failed; what was seen before it stays."""
        self._take({**self._class, "problem": problem})

    def _take(self, seen: Document) -> None:
        if seen != self._class:
            self._class = seen
            self.feed.publish(Event.CLASS, seen)
