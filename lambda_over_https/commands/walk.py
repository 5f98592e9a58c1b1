"""The walk: page, key, step, again."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lambda_over_https.commands import shared
from lambda_over_https.console_pages import console_page
from lambda_over_https.history import Call
from lambda_over_https.keys import END, ENTER
from lambda_over_https.picture import picture_of
from lambda_over_https.rehearsal import rehearse

if TYPE_CHECKING:
    from lambda_over_https.engine import Engine
    from lambda_over_https.show.walk import WalkPages
    from lambda_over_https.stack import Stack
    from lambda_over_https.steps.step import Step


class Walk:
    """One learner's way through the steps of a stack."""

    def __init__(
        self,
        stack: "Stack",
        make_engine: "Callable[[], Engine]",
        show: "WalkPages",
        read_key: Callable[[], str],
    ) -> None:
        self._stack = stack
        self._make_engine = make_engine
        self._show = show
        self._read_key = read_key

    def go(self, last: str | None = None) -> bool:
        """Walk until step ``last`` (or the end) is done; False if the learner left before."""
        while (step := self._make_engine().next_step()) is not None:
            if not self._turn(step):
                return False
            if step.number == last and self._is_done(step):
                return True
        return True

    def _is_done(self, step: "Step") -> bool:
        return self._stack.journal.state.steps.get(step.number) in ("done", "skipped")

    def _turn(self, step: "Step") -> bool:
        """Show one page and obey keys until the step is done or taken back; False to leave."""
        calls = rehearse(step, self._stack)
        self._show.page(step, shared.position(step), calls)
        while True:
            self._show.ask()
            key = self._read_key()
            if key == END:
                return False
            if key == ENTER:
                self._do(step)
                return True
            if key == "b" and self._back():
                return True
            self._tell(key, step, calls)

    def _tell(self, key: str, step: "Step", calls: list[Call]) -> None:
        if key == "e":
            self._show.more(step)
        elif key == "c":
            self._show.in_full(step, calls)
        elif key == "o":
            self._open(step)

    def _do(self, step: "Step") -> None:
        self._show.begin()
        self._make_engine().only(step)
        self._show.done(picture_of(self._stack.journal.state))

    def _back(self) -> bool:
        self._show.begin()
        taken = shared.take_back(self._stack)
        if taken:
            self._show.done(picture_of(self._stack.journal.state))
        return taken is not None

    def _open(self, step: "Step") -> None:
        from lambda_over_https import show

        page = console_page(step.number, self._stack)
        if not page:
            show.say("The sandbox has no console; `loh status` shows what is there.")
            return
        import webbrowser

        show.say(page)
        webbrowser.open(page)
