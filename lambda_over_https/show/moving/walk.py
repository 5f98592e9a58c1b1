"""What the walk shows: a page before each step, AWS's answers and the picture after it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lambda_over_https import events
from lambda_over_https.deployment.recorded.history import Call, call_of
from lambda_over_https.report.picture import Picture
from lambda_over_https.show.canvas.commands import folded_command
from lambda_over_https.show.canvas.console import print_lines
from lambda_over_https.show.canvas.fitting import LEAST, Code
from lambda_over_https.show.canvas.page import (
    Line,
    code_width,
    folded,
    prose,
    prose_width,
)
from lambda_over_https.show.canvas.pager import page_through, plain
from lambda_over_https.show.canvas.paging import KEPT, fitting, print_paged
from lambda_over_https.show.code import block_lines
from lambda_over_https.show.lesson import pages
from lambda_over_https.show.lesson.answers import answer_lines, exchange_lines
from lambda_over_https.show.lesson.exchanges import check_lines, mistake_lines, result_lines
from lambda_over_https.show.lesson.handler import handler_lines
from lambda_over_https.show.lesson.policies import policy_lines
from lambda_over_https.show.moving.keys import BEFORE, key_lines
from lambda_over_https.show.moving.narrator import Narrator
from lambda_over_https.show.picture import drawn
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.ways import Reply

if TYPE_CHECKING:
    from rich.console import Console

    from lambda_over_https.events import Checked

AROUND = 7
"""Rows of a page besides calls, running text and keys: the heading, and what is left out."""

REMEMBERED = 500
"""Lines that can be drawn anew: more than a window holds."""

CHANGES = (events.Made, events.Making, events.Waiting)

GoOn = Callable[[bool], bool]
"""See ``print_paged``."""


class WalkPages(Narrator):
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
        self._asked = 0
        self._shown: deque[Line] = deque(maxlen=REMEMBERED)

    def lines(self, lines: Iterable[Line]) -> None:
        """Show lines of a page; a later ``redraw`` shows them again."""
        shown = list(lines)
        self._shown.extend(shown)
        super().lines(shown)

    def redraw(self) -> None:
        """Clear the terminal, and show again as much as fits its window of what was shown last."""
        if not self.out.is_terminal or self.out.is_dumb_terminal:
            return
        rows = [part for line in self._shown for part in folded(line, self.out.width)]
        self.out.clear()
        print_lines(rows[-fitting(rows[::-1], self.out) :], self.out)

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
        self._walking = True
        self._announced = {call.operation for call in calls}
        self.lines(pages.heading(step.lesson, position, self.out))
        why = list(pages.why(step.lesson, self.out))
        self.lines(why)
        block = [Code("over HTTPS", "bash", folded_command(request, self.code_width))] if request else []
        if block:
            self.lines(block_lines(block, self.out))
        rows = self._rows_for_calls(why, block, keys)
        if handler:
            self.lines(handler_lines(handler, self.out, rows))
        short = list(policy_lines(calls, self.out))
        if rows is not None and rows - len(short) >= LEAST:
            self.lines(short)
            rows -= len(short)
        shown = pages.fitted_calls(calls, step.lesson, self.out, rows)
        self.lines(pages.fitted_lines(shown, self.out))
        return shown.is_cut

    def raw(self, text: str) -> None:
        """Show a text as it is."""
        self.lines([[(line, "")] for line in text.rstrip().splitlines()])
        self.lines([[]])

    @contextmanager
    def at_work(self, text: str) -> Iterator[None]:
        """Inside it, show that ``text`` is what one waits for."""
        self._spinner.show(text)
        try:
            yield
        finally:
            self.rest()

    def output(self, text: str, go_on: GoOn, *, manual: bool) -> None:
        """Show what another program has written, a window at a time if it is long (see ``print_paged``).

        A long ``manual`` page comes in the user's pager.
        """
        shown = plain(text).rstrip()
        if not self._overflows(shown):
            self.raw(shown)
        elif not (manual and page_through(text, self.out.file)):
            print_paged(([(line, "")] for line in shown.splitlines()), self.out, go_on)

    def _overflows(self, text: str) -> bool:
        """Whether a terminal has too few rows for the text; a pipe, and a dumb terminal, have no rows."""
        if not self.out.is_terminal or self.out.is_dumb_terminal:
            return False
        rows = sum(max(1, -(-len(line) // self.out.width)) for line in text.splitlines())
        return rows > self.out.height - KEPT

    def _rows_for_calls(self, why: Sequence[Line], block: Sequence[Code], keys: Sequence[str]) -> int | None:
        if not self.out.is_terminal:
            return None
        taken = len(why) + sum(code.height + 1 for code in block)
        return self.out.height - AROUND - taken - len(key_lines("", keys, self.out))

    @property
    def code_width(self) -> int:
        """The width for a command, in columns."""
        return code_width(self.out)

    def ask(self, where: str, keys: Sequence[str]) -> None:
        """Show the current step and the keys."""
        lines = key_lines(where, keys, self.out)
        print_lines(lines, self.out)
        self._asked = len(lines)

    def explain_keys(self, key: str, keys: Sequence[str], why_not: str = "") -> None:
        """Show what each key does; ``key`` is the one that was pressed, ``why_not`` why it does nothing."""
        if key != "?":
            said = f"The key {key} does nothing here{': ' if why_not else '.'}{why_not}"
            self.lines(prose(said, prose_width(self.out), "dim"))
        for each in keys:
            name, _, does = each.partition(" ")
            self.lines([[(f"  {name:<6}", "bold cyan"), (does, "")]])
        self.lines([[]])

    def answered(self) -> None:
        """Remove the question from a terminal: a key was pressed."""
        self._erase(self._asked)

    def erase_line(self) -> None:
        """Remove the line above from a terminal."""
        self._erase(1)

    def _erase(self, lines: int) -> None:
        from rich.control import Control
        from rich.segment import ControlType

        if self.out.is_terminal and not self.out.is_dumb_terminal:
            # The terminal shows a key that is pressed while we are busy: that goes too.
            up = [(ControlType.CURSOR_UP, 1), (ControlType.ERASE_IN_LINE, 2)] * lines
            erased = (ControlType.ERASE_IN_LINE, 2)
            self.out.control(Control(ControlType.CARRIAGE_RETURN, erased, *up))

    def mistake(self, event: str, reply: Reply) -> None:
        """Show, with what the test shows, a request with a mistake and its answer."""
        self._mistake = list(mistake_lines(event, reply.status, reply.body, self.out))

    def done(self, picture: Picture) -> None:
        """Show, at the end of a step, how much of the architecture exists."""
        self.rest()
        self._tell_passed()
        self.lines([[], *drawn(picture, self.out)])
        self.say(picture.answer)

    def say(self, text: str) -> None:
        """Show a text that a key asked for."""
        self.lines(prose(text, prose_width(self.out)))
        self.lines([[]])

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
