"""A shell command that is wider than the terminal: continued on the next line, never cut inside a word."""

import re
import textwrap
from collections.abc import Iterator

_WORD = re.compile(r"""(?:[^\s'"]|'[^']*'|"[^"]*")+""")
_CONTINUED = " \\"
_INDENT = "  "


def folded_command(command: str, width: int) -> str:
    """The command, to be pasted into a shell as it is: broken between its words, and in JSON at a blank.

    A word that is wider than the terminal stays whole.
    """
    if len(command) <= width:
        return command
    lines = [""]
    for word in _words(command, width - len(_INDENT)):
        first = word.partition("\n")[0]
        if lines[-1] and len(lines[-1]) + 1 + len(first) + len(_CONTINUED) > width:
            lines[-1] += _CONTINUED
            lines.append(_INDENT + word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\n".join(lines)


def _words(command: str, room: int) -> Iterator[str]:
    for word in _WORD.findall(command):
        yield _folded_json(word, room) if word[:2] in ("'{", "'[") else word


def _folded_json(word: str, room: int) -> str:
    """The JSON on several lines: between its members a line's end is a blank."""
    return "\n".join(textwrap.wrap(word, room, break_long_words=False, break_on_hyphens=False))
