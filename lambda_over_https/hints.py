"""Every command line that is shown to be typed next, with the options that are in force.

`loh run` after `loh run --name big` would be another deployment. So a message names a command in backticks
and without options, wherever it is written; on its way to the screen it gets those that were given now. A
process runs one command, so what is in force is the process's; where several threads look at a deployment
each, each says which one it means.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

WITHOUT_PLACE = frozenset({"class", "help", "list", "new-handler", "sandbox"})
"""Commands that mean no single deployment, and take none of the options."""

_ONLY_NAMED = ("sandbox", "env")
"""It takes the name of a deployment alone."""

_SAID = re.compile(r"`(loh [^`]+)`")

_in_force: dict[str, str] = {}
_meant: ContextVar[Mapping[str, str] | None] = ContextVar("meant", default=None)


def put_in_force(options: Mapping[str, str]) -> None:
    """Remember the options, as ``--name`` and its value, that make another command mean the same."""
    _in_force.clear()
    _in_force.update(options)


@contextmanager
def meaning(options: Mapping[str, str]) -> Iterator[None]:
    """Put more options in force in this block, for this thread alone: which deployment is meant here."""
    before = _meant.set({**_now(), **options})
    try:
        yield
    finally:
        _meant.reset(before)


def _now() -> Mapping[str, str]:
    meant = _meant.get()
    return _in_force if meant is None else meant


def command(words: str) -> str:
    """A command line as it is to be typed: ``words``, as in ``loh run --to 2.3``, and the options in force.

    An option that is there already stays as it is.
    """
    parts = words.split()
    taken = {"--name"} if tuple(parts[1:3]) == _ONLY_NAMED else set() if parts[1] in WITHOUT_PLACE else _now()
    options = {flag: value for flag, value in _now().items() if flag in taken and flag not in parts}
    more = [f"{flag} {shlex.quote(value)}" for flag, value in options.items()]
    return " ".join([words, *more])


def completed(text: str) -> str:
    """The text with each command line in it, which stands in backticks, as it is to be typed."""
    return _SAID.sub(lambda said: f"`{command(said[1])}`", text)
