"""What the walk shows: a page before each step, AWS's answers and the picture after it."""

import json
from collections.abc import Sequence

from lambda_over_https import events
from lambda_over_https.history import Call, call_of
from lambda_over_https.lessons import MORE
from lambda_over_https.picture import Picture
from lambda_over_https.show import pages
from lambda_over_https.show.code import print_code
from lambda_over_https.show.console import marks, print_prose
from lambda_over_https.show.narrator import Narrator
from lambda_over_https.show.picture import print_picture
from lambda_over_https.steps.step import Step

BEFORE = ("Enter do it", "b back", "e more", "c calls", "o console", "q quit")
AFTER = ("Enter next step", "b take it back", "c full answer", "q quit")
AROUND = 10
"""Rows of a page besides its calls and its running text."""


class WalkPages(Narrator):
    """The narrator of a walk: tells each call by its answer instead of each thing by its name."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: list[Call] = []
        self._walking = False

    def page(self, step: Step, position: str, calls: Sequence[Call]) -> None:
        """The page before a step."""
        self._walking = True
        pages.print_heading(step, position, self.out)
        pages.print_why(step, self.out)
        pages.print_calls(calls, step, self.out, self._rows_for_calls(step))

    def _rows_for_calls(self, step: Step) -> int | None:
        if not self.out.is_terminal:
            return None
        return self.out.height - AROUND - pages.rows_of_why(step, self.out)

    def ask(self, keys: Sequence[str]) -> None:
        """Say which keys there are."""
        dot = " · " if marks(self.out).wait == "…" else " | "
        self.out.print(dot.join(keys), style="bold cyan", soft_wrap=True, markup=False)

    def done(self, picture: Picture) -> None:
        """The end of a step: how far the architecture is."""
        self.rest()
        print_picture(picture, self.out)
        self.out.print()

    def more(self, step: Step) -> None:
        """What else there is to say about a step."""
        self.out.print()
        print_prose(MORE[step.number], self.out)
        self.out.print()

    def in_full(self, step: Step, calls: Sequence[Call]) -> None:
        """All calls of the coming step."""
        self.out.print()
        pages.print_calls(calls, step, self.out)

    def answers(self) -> None:
        """All answers to the calls of the step that was just done."""
        for call in self._answers:
            self.out.print()
            self.out.print(f"Answer of {call.operation} (step {call.step})", style="dim")
            print_code(json.dumps(call.answer, indent=2, default=str), "json", self.out)

    def begin(self) -> None:
        """A step is about to be done: its answers follow."""
        self._answers = []

    def __call__(self, event: events.Event) -> None:
        """Tell one event; before the first page, as where nobody walks."""
        if not self._walking:
            super().__call__(event)
        elif isinstance(event, events.Called):
            self._called(call_of(event))
        elif isinstance(event, events.StepStarted):
            self._look()
        elif not _told_by_its_call(event):
            super().__call__(event)

    def _called(self, call: Call) -> None:
        if call.changes:
            self.rest()
            self._answers.append(call)
            pages.print_answer(call, self.out)


def _told_by_its_call(event: events.Event) -> bool:
    return isinstance(event, events.Made) and not event.kind.startswith("local:")
