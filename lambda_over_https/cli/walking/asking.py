"""The keys of a page: asked for until one of them leads on."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.cli.keys import END, ENTER, REDRAW, forget_typed, name_of
from lambda_over_https.errors import EndedError, InterruptedRunError, LohError
from lambda_over_https.show import print_error
from lambda_over_https.show.moving.keys import LAST, LONGER, SEEN, SURE

if TYPE_CHECKING:
    from lambda_over_https.show.moving.dialogue import Dialogue

Actions = Mapping[str, Callable[[], object]]
"""What each key does."""

Result = TypeVar("Result")


def or_told(act: Callable[[], Result], failed: Result) -> Result:
    """What ``act`` gives; ``failed`` where it raises a LohError, which is shown. ^C ends the walk.

    So does the end of the sandbox: nothing would ever succeed again.
    """
    try:
        with explained():
            return act()
    except (InterruptedRunError, EndedError):
        raise
    except LohError as error:
        print_error(error)
        return failed


class Asking:
    """Asks for keys on the pages of a walk or of a drill."""

    def __init__(self, show: "Dialogue", read_key: Callable[[], str]) -> None:
        self._show = show
        self._read_key = read_key

    def act_on_keys(
        self,
        where: str,
        keys: Sequence[str],
        actions: Actions,
        leaves: Sequence[str] = (),
        why_not: Callable[[str], str] = lambda _: "",
    ) -> str:
        """Act on keys until one ends the page: Enter, q, or one of ``leaves`` whose action returns true.

        Only keys that are shown do something; ``why_not`` says of another why it does nothing here. What
        fails is shown, and a key is asked for again.
        """
        while (key := self.key(where, keys)) not in (ENTER, END):
            if key not in actions or key not in _offered(keys):
                self._show.explain_keys(name_of(key), keys, why_not(key))
            elif or_told(actions[key], failed=None) and key in leaves:
                break
        return key

    def key(self, where: str, keys: Sequence[str]) -> str:
        """Show the keys and wait for one; those pressed before are dropped: nobody had read the page."""
        while (key := self._pressed(where, keys)) == REDRAW:
            self._show.redraw()
        return key

    def _pressed(self, where: str, keys: Sequence[str]) -> str:
        forget_typed()
        self._show.ask(where, keys)
        key = self._read_key()
        self._show.answered()
        return key

    def choice(self, where: str, keys: Sequence[str]) -> str:
        """One of the keys that are shown, or q: any other shows what each does, and asks again."""
        while (key := self.key(where, keys)) not in _offered(keys) | {END}:
            self._show.explain_keys(name_of(key), keys)
        return key

    def sure(self, question: str) -> bool:
        """Ask a question of yes or no; q is a no."""
        self._show.say(question)
        return self.choice("", SURE) == "y"

    def leaves(self) -> bool:
        """Whether q is to end the walk: at a terminal it may be the one that was meant for a text before.

        A second q is a yes, and so is the end of the input, which would answer nothing else for ever.
        """
        if not sys.stdin.isatty():
            return True
        self._show.say("Leave the walk? What was made stays.")
        return self.choice("", SURE) != "n"

    def seen(self) -> None:
        """At a terminal, keep what was shown in view until a key is pressed: the next page would cover it."""
        if sys.stdin.isatty():
            self.choice("", SEEN)

    def go_on(self, more: bool) -> bool:
        """After a window of something long: whether to show the next one, if there is ``more``.

        After the last one too, so that a q then leaves the text, and not the walk.
        """
        return self.choice("", LONGER if more else LAST) != END


def _offered(keys: Sequence[str]) -> set[str]:
    return {each.partition(" ")[0].lower() for each in keys}
