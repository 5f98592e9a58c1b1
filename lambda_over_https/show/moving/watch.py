"""What ``watch`` and ``drill`` show of an update: only what changed."""

from lambda_over_https import events
from lambda_over_https.show.moving.narrator import Narrator

TOLD = (events.Made, events.Note, events.Waiting, events.Making, events.Removed)


class UpdatesOnly(Narrator):
    """The narrator of ``watch``."""

    def __call__(self, event: events.Event) -> None:
        """Show the event if it is a change."""
        if isinstance(event, TOLD) and event.step != "1":
            super().__call__(event)
