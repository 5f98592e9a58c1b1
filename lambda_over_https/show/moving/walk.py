"""What the walk shows: a page before each step, AWS's answers and the picture after it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lambda_over_https import events
from lambda_over_https.deployment.recorded.call import Call, call_of
from lambda_over_https.report.picture import Picture
from lambda_over_https.show.canvas.commands import folded_command
from lambda_over_https.show.canvas.paging import print_paged
from lambda_over_https.show.code import Code, block_lines
from lambda_over_https.show.lesson import pages
from lambda_over_https.show.lesson.answers import answer_lines, exchange_lines
from lambda_over_https.show.lesson.exchanges import check_lines, mistake_lines, result_lines
from lambda_over_https.show.lesson.fitting import LEAST
from lambda_over_https.show.lesson.handler import handler_lines
from lambda_over_https.show.lesson.policies import policy_lines
from lambda_over_https.show.moving.dialogue import Dialogue, GoOn
from lambda_over_https.show.moving.keys import BEFORE, key_lines
from lambda_over_https.show.picture import drawn
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.ways import Reply

if TYPE_CHECKING:
    from rich.console import Console

    from lambda_over_https.events import Checked
    from lambda_over_https.show.canvas.page import Line

AROUND = 7
"""Rows of a page besides calls, running text and keys: the heading, and what is left out."""

CHANGES = (events.Made, events.Making, events.Waiting)


class WalkPages(Dialogue):
    """The narrator of a walk: shows each call with its answer, instead of each resource with its name."""

    def __init__(self, out: "Console | None" = None, *, kept: bool = True) -> None:
        super().__init__(out)
        self._tells_kept = kept
        self._answers: list[Call] = []
        self._announced: set[str] = set()
        """The operations that the step's page has shown: their answers are of interest."""
        self._passed: list[Checked] = []
        self._mistake: list[Line] = []
        self._walking = False
        self._changes_only = False

    def first_page(self, picture: Picture, costs: str) -> None:
        """Show what will be built, how long that takes, and that it can be undone."""
        self._walking = True
        self.lines(pages.first(drawn(picture, self.out), costs, self.out))

    def opening(self, step: Step, position: str) -> None:
        """Show which step comes, and why it is there."""
        self._walking = True
        self.lines(pages.heading(step.lesson, position, self.out))
        self.lines(pages.why(step.lesson, self.out))

    def page(
        self,
        step: Step,
        position: str,
        calls: Sequence[Call],
        request: str = "",
        keys: Sequence[str] = BEFORE,
        handler: Code | None = None,
    ) -> bool:
        """Show the page before a step; ``request`` is the client's request in it, as a command.

        ``handler`` is the source of the function, in the step that packs it. True if calls are left out, or
        parts of them.
        """
        self.opening(step, position)
        self._announced = {call.operation for call in calls}
        block = [Code("over HTTPS", "bash", folded_command(request, self.code_width))] if request else []
        if block:
            self.lines(block_lines(block, self.out))
        rows = self._rows_for_calls(step, block, keys)
        if handler:
            self.lines(handler_lines(handler, self.out, rows))
        short = list(policy_lines(calls, self.out))
        if rows is not None and rows - len(short) >= LEAST:
            self.lines(short)
            rows -= len(short)
        shown = pages.fitted_calls(calls, step.lesson, self.out, rows)
        self.lines(pages.fitted_lines(shown, self.out))
        return shown.is_cut

    def _rows_for_calls(self, step: Step, block: Sequence[Code], keys: Sequence[str]) -> int | None:
        """The rows that a window has left; None where there is no window."""
        if not self.out.is_terminal:
            return None
        taken = len([*pages.why(step.lesson, self.out)]) + sum(code.height + 1 for code in block)
        return self.out.height - AROUND - taken - len(key_lines("", keys, self.out))

    def mistake(self, event: str, reply: Reply) -> None:
        """Show, with what the test shows, a request with a mistake and its answer."""
        self._mistake = list(mistake_lines(event, reply.status, reply.body, self.out))

    def done(self, picture: Picture) -> None:
        """Show, at the end of a step, how much of the architecture exists."""
        self.rest()
        self._tell_passed()
        self.lines([[], *drawn(picture, self.out)])
        self.say(picture.answer)

    def more(self, step: Step) -> None:
        """Show more about a step."""
        self.say(step.lesson.more)

    def source(self, handler: Code, go_on: GoOn) -> None:
        """Show the whole source of the function."""
        print_paged(block_lines([handler], self.out), self.out, go_on)

    def in_full(self, step: Step, calls: Sequence[Call], go_on: GoOn) -> None:
        """Show all calls of the next step."""
        if calls:
            print_paged(pages.all_calls(calls, step.lesson, self.out), self.out, go_on)
        else:
            self.say("This step makes no AWS calls.")

    def answers(self, go_on: GoOn) -> None:
        """Show all answers of the step that was just done."""
        if self._passed:
            print_paged(exchange_lines(self._passed, self.out), self.out, go_on)
        else:
            print_paged(answer_lines(self._answers, self.out), self.out, go_on)

    @property
    def has_answers(self) -> bool:
        """Whether there are answers of the step that was just done."""
        return bool(self._passed or self._answers)

    @contextmanager
    def changes_only(self) -> Iterator[None]:
        """Inside it, show only what changes and what we wait for."""
        self._changes_only = True
        self._look()
        try:
            yield
        finally:
            self._changes_only = False
            self.rest()

    def begin(self) -> None:
        """Start to collect the answers and checks of a step."""
        self._answers, self._passed, self._mistake = [], [], []

    def __call__(self, event: events.Event) -> None:
        """Show one event; before the first page, as outside the walk."""
        if self._changes_only and not isinstance(event, CHANGES):
            return
        if not self._walking:
            super().__call__(event)
        elif isinstance(event, events.Called):
            self._called(call_of(event))
        elif isinstance(event, events.StepStarted):
            self._look()
        elif isinstance(event, events.Checked) and event.ok:
            self.rest()
            self._passed.append(event)
        elif isinstance(event, events.Kept) and not self._tells_kept:
            return
        elif not _told_by_its_call(event):
            super().__call__(event)

    def _called(self, call: Call) -> None:
        if call.by_hand:
            return
        telling = call.changes or ((call.tries or call.operation in self._announced) and not call.error)
        if telling and call.step:  # what the key t tries belongs to no step
            self._answers.append(call)
        if call.changes:
            self.rest()
            self.lines([pages.answer_line(call, self.out)])

    def _tell_passed(self) -> None:
        """Show what a client sent and got, and that the checks of all ways passed."""
        if self._passed:
            self.lines([*result_lines(self._passed, self.out), *self._mistake])

    def checks(self) -> None:
        """Show every check that has passed."""
        self.lines([*check_lines(self._passed), []])


def _told_by_its_call(event: events.Event) -> bool:
    return isinstance(event, events.Made) and not event.kind.startswith("local:")
