"""What the board knows at this moment, and the events that tell of each change."""

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime

from lambda_over_https.board.feed import Feed
from lambda_over_https.board.tally import Tally
from lambda_over_https.board.vocabulary import CALLS_KEPT, REQUESTS_KEPT, VERSION, Document, Event

NOTHING: Document = {"deployment": None}
"""The deployment before there is one."""


class Scene:
    """The present state: the deployment, the latest calls and requests. Each change goes to the ``feed``."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self._deployment = NOTHING
        self._calls: deque[Document] = deque(maxlen=CALLS_KEPT)
        self._requests: dict[str, Document] = {}
        self._tally = Tally()
        self._schedules: list[Document] = []
        self._items: Document | None = None
        self._sandbox_runs = False
        self._exercise: Document | None = None

    def snapshot(self) -> Document:
        """All of it."""
        return {
            "version": VERSION,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            **self._deployment,
            "sandbox_runs": self._sandbox_runs,
            "exercise": self._exercise,
            "calls": list(self._calls),
            "requests": list(self._requests.values()),
            "schedules": self._schedules,
            "items": self._items,
            "tally": self._tally.document(),
        }

    def show_deployment(self, document: Document) -> None:
        """Take the deployment as it is now."""
        if document != self._deployment:
            self._deployment = document
            self.feed.publish(Event.DEPLOYMENT, document)

    def add_calls(self, calls: Sequence[Document]) -> None:
        """Take calls that were just answered."""
        for call in calls:
            self._calls.append(call)
            self.feed.publish(Event.CALL, call)

    def show_sandbox(self, runs: bool) -> None:
        """Take whether a sandbox runs: its requests are seen then."""
        if runs != self._sandbox_runs:
            self._sandbox_runs = runs
            self.feed.publish(Event.SANDBOX, {"sandbox_runs": runs})

    def show_schedules(self, schedules: list[Document]) -> None:
        """Take when each schedule fires next."""
        if schedules != self._schedules:
            self._schedules = schedules
            self.feed.publish(Event.SCHEDULES, {"schedules": schedules})

    def show_items(self, items: Document | None) -> None:
        """Take what the table holds; None if there is none to look at."""
        if items != self._items:
            self._items = items
            self.feed.publish(Event.ITEMS, {"items": items})

    def show_exercise(self, exercise: Document) -> None:
        """Take the question that is asked, or what is known of its answer."""
        self._exercise = exercise
        self.feed.publish(Event.EXERCISE, exercise)

    def add_request(self, request: Document) -> None:
        """Take a request, or what has become of it."""
        self._requests[request["id"]] = request
        while len(self._requests) > REQUESTS_KEPT:
            del self._requests[next(iter(self._requests))]
        self.feed.publish(Event.REQUEST, request)
        if request["status"] is not None:
            self._tally.add(request)
            self.feed.publish(Event.TALLY, self._tally.document())

    def begin(self, deployment: Document, calls: Sequence[Document]) -> None:
        """Begin again: what was known before is of another deployment."""
        self._deployment = deployment
        self._calls.clear()
        self._calls.extend(calls)
        self._requests.clear()
        self._tally = Tally()
        self.feed.publish(Event.SNAPSHOT, self.snapshot())
