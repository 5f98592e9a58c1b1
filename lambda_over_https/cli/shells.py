"""How to set and unset environment variables in the language of each shell."""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping


def script(shell: str, variables: Mapping[str, str], unset: Iterable[str]) -> Iterator[str]:
    """The lines, in the language of one of ``SHELLS``, that export ``variables`` and remove ``unset``."""
    export, remove = SHELLS[shell]
    yield from (export(name, value) for name, value in variables.items())
    yield from (remove(name) for name in unset)


def _in_fish(value: str) -> str:
    r"""Within single quotes fish reads only \\ and \' as escapes."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _in_powershell(value: str) -> str:
    """Within single quotes PowerShell reads only a doubled quote, of whichever of Unicode's forms."""
    return "'{}'".format("".join(each * 2 if each in _QUOTES else each for each in value))


_QUOTES = "'\u2018\u2019\u201a\u201b"
_POSIX: tuple[Callable[[str, str], str], Callable[[str], str]] = (
    lambda name, value: f"export {name}={shlex.quote(value)}",
    lambda name: f"unset {name}",
)

SHELLS: Mapping[str, tuple[Callable[[str, str], str], Callable[[str], str]]] = {
    "bash": _POSIX,
    "zsh": _POSIX,
    "fish": (
        lambda name, value: f"set -gx {name} {_in_fish(value)}",
        lambda name: f"set -e {name}",
    ),
    "powershell": (
        lambda name, value: f"$env:{name} = {_in_powershell(value)}",
        lambda name: f"Remove-Item -ErrorAction SilentlyContinue Env:{name}",
    ),
}
"""For each shell: the line that exports a variable, and the one that removes it."""
