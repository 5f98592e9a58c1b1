"""Progress, line by line; on a terminal with a spinner and the seconds waited."""

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from lambda_over_https import events
from lambda_over_https.hints import completed
from lambda_over_https.show.canvas.console import console, print_lines
from lambda_over_https.show.canvas.page import Line, marks
from lambda_over_https.show.canvas.visible import visible
from lambda_over_https.show.moving.spinner import Spinner
from lambda_over_https.states import Action, Fate, StepState

if TYPE_CHECKING:
    from rich.console import Console

INDENT = " " * 5
"""What stands before each line about a step."""

VERBS = {Action.CREATE: "created", Action.UPDATE: "updated"}


def _shown(event: events.Event) -> events.Event:
    """The event with its texts as they are shown; an enumeration's member stays what it is."""
    told = {each.name: getattr(event, each.name) for each in fields(event)}
    texts = {name: visible(completed(text)) for name, text in told.items() if isinstance(text, str)}
    return replace(event, **{name: text for name, text in texts.items() if text != told[name]})


class Narrator:
    """Shows what happens, line by line."""

    def __init__(self, out: "Console | None" = None) -> None:
        self._given = out
        self._told_waiting = ""

    @cached_property
    def out(self) -> "Console":
        """The console; made when there is something to show."""
        return self._given or console(stderr=True)

    @cached_property
    def _spinner(self) -> Spinner:
        return Spinner(self.out)

    def __call__(self, event: events.Event) -> None:
        """Show one event, if it is of a kind that is shown."""
        tell = self._TELLERS.get(type(event))
        if tell is None:
            return
        if not isinstance(event, events.Waiting):
            self.rest()
        tell(self, _shown(event))

    def lines(self, lines: Iterable[Line]) -> None:
        """Show lines of a page."""
        print_lines(lines, self.out)

    def rest(self) -> None:
        """Stop the spinner, if one is turning."""
        if "_spinner" in self.__dict__:
            self._spinner.stop()
        self._told_waiting = ""

    def _started(self, event: events.StepStarted) -> None:
        self.lines([[(f"{event.step:<4} ", "bold cyan"), (event.title, "bold")]])
        self._look()

    def _look(self) -> None:
        self._spinner.show("checking what exists")

    def _making(self, event: events.Making) -> None:
        self._spinner.show(f"{event.action} {event.kind} {event.name}")

    def _ended(self, event: events.StepEnded) -> None:
        if event.state is StepState.FAILED:
            self.lines([[(f"{INDENT}failed", "red")]])

    def _made(self, event: events.Made) -> None:
        verb = VERBS.get(event.action, str(event.action))
        local = event.kind.startswith("local:")
        known = event.id.replace(str(Path.home()), "~", 1) if local else event.id
        told = len(f"     + {event.kind} {event.name} {verb} {known}")
        # On a terminal an id that does not fit is left out; `status` has it. Where a file is, is always said.
        short = known in ("", event.name) or (not local and self.out.is_terminal and told > self.out.width)
        self._line(("+", "bold green"), event.kind, event.name, verb if short else f"{verb} {known}")

    def _kept(self, event: events.Kept) -> None:
        tuned = ", ".join(event.tuned)
        state = f"is kept as it is: {tuned}" if tuned else "is as it should be"
        self._line(("=", "dim"), event.kind, event.name, state)

    def _removed(self, event: events.Removed) -> None:
        mark = ("!", "bold red") if event.fate is Fate.LEFT else ("-", "bold magenta")
        self._line(mark, event.kind, event.name, f"{event.fate} {event.reason}".strip())

    def _line(self, mark: tuple[str, str], kind: str, name: str, rest: str) -> None:
        self.lines([[(INDENT, ""), mark, (f" {kind} ", ""), (name, "bold"), (f" {rest}", "dim")]])

    def _checked(self, event: events.Checked) -> None:
        mark = ("ok  ", "green") if event.ok else ("FAIL", "bold red")
        where = f" {event.name:<7} {event.via:<19} {event.status:>3} {event.latency_ms:8.1f} ms"
        detail = f" {event.detail}" if event.detail else ""
        self.lines([[(INDENT, ""), mark, (f"{where}{detail}", "")]])

    def _note(self, event: events.Note) -> None:
        self.lines([[(f"{INDENT}{event.text}", "dim")]])

    def _waiting(self, event: events.Waiting) -> None:
        if self.out.is_terminal and not self.out.is_dumb_terminal:
            look = f", next check in {event.next_look:.0f} s" if event.next_look >= 1 else ""
            self._spinner.show(f"{event.reason}{look}", event.elapsed, event.left)
        elif event.reason != self._told_waiting:
            self.lines([[(f"{INDENT}{marks(self.out).wait} {event.reason}", "")]])
        self._told_waiting = event.reason

    _TELLERS: ClassVar[dict[type[events.Event], Callable[[Any, Any], None]]] = {
        events.StepStarted: _started,
        events.StepEnded: _ended,
        events.Making: _making,
        events.Made: _made,
        events.Kept: _kept,
        events.Removed: _removed,
        events.Checked: _checked,
        events.Note: _note,
        events.Waiting: _waiting,
    }
