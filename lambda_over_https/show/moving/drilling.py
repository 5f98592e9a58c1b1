"""What a drill shows while it works: only what changes; it keeps the calls that broke something."""

from collections.abc import Sequence

from lambda_over_https import events
from lambda_over_https.deployment.recorded.call import Call, call_of
from lambda_over_https.show.canvas.commands import folded_command
from lambda_over_https.show.canvas.page import marks, prose, prose_width
from lambda_over_https.show.code import Code, block_lines, call_lines
from lambda_over_https.show.moving.dialogue import Dialogue
from lambda_over_https.show.moving.watch import TOLD

WRONG = "  ! "
"""What a line begins with that says what is wrong."""


class DrillPages(Dialogue):
    """The narrator of ``drill``, and its pages."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: list[Call] = []
        """The changing calls that have not been shown yet."""

    def __call__(self, event: events.Event) -> None:
        """Keep a call that changes something; show what else is a change."""
        if isinstance(event, events.Called):
            call = call_of(event)
            self._calls += [call] if call.changes else []
        elif isinstance(event, TOLD) and event.step != "1":
            super().__call__(event)

    def redraw(self) -> None:
        """Leave the page as it is: the requests on it are written by others, and would be lost."""

    def changed_by(self) -> None:
        """Show the changing calls since the last time, if there were any."""
        calls, self._calls = self._calls, []
        self.rest()
        if calls:
            self.lines([[], [("What we changed:", "bold")]])
            self.calls(calls)

    def calls(self, calls: Sequence[Call]) -> None:
        """Show calls, as boto3 and as the ``aws`` command."""
        self.lines(call_lines(calls, self.out))

    def command(self, text: str) -> None:
        """Show an ``aws`` command, on several lines where the page is too narrow."""
        self.lines(block_lines([Code("aws", "bash", folded_command(text, self.code_width))], self.out))

    def hint(self, number: int, stages: Sequence[str]) -> None:
        """Show which hint comes, and what it tells."""
        self.lines([[(f"Hint {number} of {len(stages)}", "bold cyan"), (f"  {stages[number - 1]}", "")]])

    def repaired(self, names: Sequence[str]) -> None:
        """Show what is right again, each in a line."""
        for name in names:
            self.lines([[(f"  {marks(self.out).there} ", "green"), (f"{name}: right", "")]])

    def left_to_repair(self, reasons: list[str]) -> None:
        """Show what differs still, each in a line."""
        for reason in reasons:
            for place, line in enumerate(prose(reason, prose_width(self.out) - len(WRONG))):
                self.lines([[(" " * len(WRONG) if place else WRONG, "bold red"), *line]])
        self.lines([[]])
