"""What a drill shows while it works: only what changes; it keeps the calls that broke something."""

from lambda_over_https import events
from lambda_over_https.deployment.history import Call, call_of
from lambda_over_https.show.canvas.fitting import both_ways
from lambda_over_https.show.code import block_lines
from lambda_over_https.show.moving.narrator import Narrator
from lambda_over_https.show.moving.walk import WalkPages
from lambda_over_https.show.moving.watch import TOLD


class DrillPages(WalkPages):
    """The narrator of ``drill``, and its pages."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: list[Call] = []

    def __call__(self, event: events.Event) -> None:
        """Keep a call that changes something; show what else is a change."""
        if isinstance(event, events.Called):
            call = call_of(event)
            self._calls += [call] if call.changes else []
        elif isinstance(event, TOLD) and event.step != "1":
            Narrator.__call__(self, event)

    def broken_by(self) -> None:
        """Show the calls so far, which broke the deployment."""
        self.rest()
        self.lines([[], [("What broke it:", "bold")]])
        for call in self._calls:
            self.lines(block_lines(both_ways(call, self.code_width), self.out))

    def left_to_repair(self, reasons: list[str]) -> None:
        """Show what differs still, each in a line."""
        self.lines([*([("  ! ", "bold red"), (reason, "")] for reason in reasons), []])
