"""The keys of a page: asked for until one of them leads on."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from lambda_over_https.cli.keys import END, ENTER, forget_typed
from lambda_over_https.show.moving.walk import LONGER

if TYPE_CHECKING:
    from lambda_over_https.show.moving.walk import WalkPages

Actions = Mapping[str, Callable[[], object]]
"""What each key does."""


class Asking:
    """Asks for keys on the pages of a walk."""

    def __init__(self, show: "WalkPages", read_key: Callable[[], str]) -> None:
        self._show = show
        self._read_key = read_key

    def act_on_keys(
        self, where: str, keys: Sequence[str], actions: Actions, leaves: Sequence[str] = ()
    ) -> str:
        """Act on keys until one ends the page: Enter, q, or one of ``leaves`` whose action returns true."""
        while (key := self.key(where, keys)) not in (ENTER, END):
            if key not in actions:
                self._show.explain_keys(key, keys)
            elif actions[key]() and key in leaves:
                break
        return key

    def key(self, where: str, keys: Sequence[str]) -> str:
        """Show the keys and wait for one; those pressed before are dropped: nobody had read the page."""
        forget_typed()
        self._show.ask(where, keys)
        key = self._read_key()
        self._show.answered()
        return key

    def choice(self, where: str, keys: Sequence[str]) -> str:
        """One of the keys that are shown, or q: any other shows what each does, and asks again."""
        offered = {each.partition(" ")[0].lower() for each in keys} | {END}
        while (key := self.key(where, keys)) not in offered:
            self._show.explain_keys(key, keys)
        return key

    def go_on(self) -> bool:
        """Whether to show the next window of something long."""
        return self.choice("", LONGER) != END
