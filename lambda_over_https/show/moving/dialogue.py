"""Pages that ask the learner: the keys, what is shown again, and what another program has written."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lambda_over_https.show.canvas.console import print_lines
from lambda_over_https.show.canvas.page import Line, code_width, folded, prose, prose_width
from lambda_over_https.show.canvas.pager import page_through, plain
from lambda_over_https.show.canvas.paging import KEPT, fitting, print_paged
from lambda_over_https.show.moving.keys import key_lines
from lambda_over_https.show.moving.narrator import Narrator

if TYPE_CHECKING:
    from rich.console import Console

REMEMBERED = 500
"""Lines that can be drawn anew: more than a window holds."""

GoOn = Callable[[bool], bool]
"""See ``print_paged``."""


class Dialogue(Narrator):
    """A narrator that also asks for keys, and remembers what it has shown."""

    def __init__(self, out: "Console | None" = None) -> None:
        super().__init__(out)
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

    def say(self, text: str) -> None:
        """Show a text that a key asked for."""
        self.lines(prose(text, prose_width(self.out)))
        self.lines([[]])
