"""The walk: page, key, step, again."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from lambda_over_https.commands import shared
from lambda_over_https.console_pages import console_page
from lambda_over_https.keys import END, ENTER
from lambda_over_https.picture import picture_of
from lambda_over_https.rehearsal import rehearse
from lambda_over_https.show.walk import AFTER, BEFORE

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
            answer = self._before(step)
            if answer == ENTER:
                self._do(step)
                if step.number == last or self._make_engine().next_step() is None:
                    return True
                answer = self._after(step)
            if answer == END:
                return False
        return True

    def _before(self, step: "Step") -> str:
        """Show what comes and obey keys; gives Enter to do it, q to leave, b when a step was taken back."""
        calls = rehearse(step, self._stack)
        self._show.page(step, shared.position(step), calls)
        keys = [key for key in BEFORE if "console" not in key or self._page(step)]
        obeyed = {
            "b": self._back,
            "e": lambda: self._show.more(step),
            "c": lambda: self._show.in_full(step, calls),
            "o": lambda: self._open(step),
        }
        return self._obey(keys, obeyed)

    def _after(self, step: "Step") -> str:
        """What was answered stays in view until a key is pressed."""
        obeyed = {"b": self._back, "c": self._show.answers, "o": lambda: self._open(step)}
        return self._obey(AFTER, obeyed)

    def _obey(self, keys: Sequence[str], obeyed: Mapping[str, Callable[[], object]]) -> str:
        while True:
            self._show.ask(keys)
            key = self._read_key()
            if key in (ENTER, END):
                return key
            if key in obeyed and obeyed[key]() and key == "b":
                return key

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

    def _page(self, step: "Step") -> str:
        return console_page(step.number, self._stack)

    def _open(self, step: "Step") -> None:
        from lambda_over_https import show

        page = self._page(step)
        if not page:
            show.say("There is no console here; `loh status` shows what is there.")
            return
        import webbrowser

        show.say(page)
        webbrowser.open(page)
