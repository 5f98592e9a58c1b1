"""A learner who changes something by hand: what is typed, and looks at what becomes of it meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lambda_over_https.cli.keys import END, REDRAW, name_of
from lambda_over_https.cli.walking.asking import Actions, Asking, or_told
from lambda_over_https.cli.walking.aws_prompt import COMMAND, AwsPrompt
from lambda_over_https.deployment.readings import Readings
from lambda_over_https.show.lesson.by_hand import places_to_type

if TYPE_CHECKING:
    from lambda_over_https.aws.place import Place
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.show.moving.dialogue import Dialogue

PROMPT = "a"
HINT = "h"

OFTEN, SELDOM = 1.0, 2.0
"""Seconds between two looks: on this machine, and elsewhere, where AWS limits how often one may ask."""

NOTHING: Mapping[str, str] = {}


def between_looks(place: "Place") -> float:
    """Seconds between two looks."""
    return OFTEN if place.on_this_machine else SELDOM


def watching(stack: "Stack") -> "Stack":
    """The same stack for looks that repeat: its calls are not recorded."""
    return replace(stack, cloud=stack.cloud.unheard(), readings=Readings())


class Hands:
    """Asks for ``keys`` at ``where``. ``look`` shows what has changed, and says whether anything has.

    ``look`` is told whether a key is being asked for, and ``is_done`` says whether all is as it should be.
    """

    def __init__(
        self,
        where: str,
        keys: Sequence[str],
        stack: "Stack",
        show: "Dialogue",
        typed: Callable[[float | None], str],
        environment: Callable[[], dict[str, str]],
        look: Callable[[bool], bool],
        is_done: Callable[[], bool],
    ) -> None:
        self._where, self._keys = where, keys
        self._stack = stack
        self._show = show
        self._typed = typed
        self._look = look
        self._is_done = is_done
        self.asking = Asking(show, lambda: typed(None))
        self._prompt = AwsPrompt(environment, stack.archive.parent, show, self.asking.go_on)
        self._at_hint = False
        """Whether a hint was asked for at the prompt: it is for what is typed next there."""

    def show_places(self, elsewhere: tuple[str, str]) -> None:
        """Say where commands can be typed: here, and in another terminal."""
        self._show.lines(places_to_type(*elsewhere, self._prompt.missing(), self._show.out))

    def next(self) -> str | None:
        """The next key or line, empty if the prompt was left; None if something changed before one came."""
        key: str | None = PROMPT if self._at_hint else self._on_the_page()
        while key == PROMPT:
            key = or_told(self._at_prompt, failed="")
        return key

    def _on_the_page(self) -> str | None:
        self._show.ask(self._where, self._keys)
        while not (key := self._typed(between_looks(self._stack.place))):
            self._stack.run.raise_if_interrupted()
            if self._look(True):
                return None
        self._show.answered()
        return key

    def _at_prompt(self) -> str:
        """Let the learner type commands; gives the key of the page that ended it, if one did."""

        def done() -> bool:
            return self._look(False) and self._is_done()

        key = self._prompt.until(done, self._keys, again=self._at_hint)
        self._at_hint = key == HINT
        return key

    def act(self, key: str, actions: Actions, why_not: Mapping[str, str] = NOTHING) -> bool:
        """Do what a key or a line asks for; True if it was a command for AWS."""
        if key.startswith(f"{COMMAND} "):
            self._prompt.run(key)
            return True
        if key == REDRAW:
            self._show.redraw()
        elif key in actions:
            actions[key]()
        elif key not in ("", END):  # the prompt was left without a key, or the walk was not left after all
            self._show.explain_keys(name_of(key), self._keys, why_not.get(key, ""))
        return False
