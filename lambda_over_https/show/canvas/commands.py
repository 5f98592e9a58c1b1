"""A shell command that is wider than the terminal: continued on the next line, never cut inside a word."""

import re
from collections.abc import Iterator

_WORD = re.compile(r"""(?:[^\s'"]|'[^']*'|"[^"]*")+""")
_JSON = re.compile(r"'[{\[][^']*'")
_STRING = r'"(?:[^"\\]|\\.)*"'
_PART = re.compile(rf"(?:[^\s\"]|{_STRING})+\s*")
"""What stands between two blanks of JSON that are in none of its strings."""
_MEMBER = re.compile(rf"(?:[^,\"]|{_STRING})+,?\s*|,\s*")
"""What stands between two commas of JSON that are in none of its strings."""
_CONTINUED = " \\"
_INDENT = "  "
_INSIDE = " "
"""Before a further line of JSON: so it stands below the bracket that opens it, and not below the quote."""


def folded_command(command: str, width: int) -> str:
    """The command, to be pasted into a shell as it is: broken between its words, and between those of JSON.

    A word that is wider than the terminal stays whole, for the terminal to wrap.
    """
    if len(command) <= width:
        return command
    lines = [""]
    for word in _words(command, width - len(_INDENT)):
        if lines[-1] and ("\n" in word or len(lines[-1]) + 1 + len(word) + len(_CONTINUED) > width):
            lines[-1] += _CONTINUED
            lines.append(_INDENT + word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\n".join(lines)


def _words(command: str, room: int) -> Iterator[str]:
    for word in _WORD.findall(command):
        yield _folded_json(word, room) if _JSON.fullmatch(word) else word


def _folded_json(word: str, room: int) -> str:
    """The JSON on several lines, broken after commas where that is enough; never inside a string of it."""
    members, lines = _MEMBER.findall(word), [""]
    if "".join(members) != word:  # it is no JSON
        return word
    for member in members:
        fits = len(lines[-1]) + len(member) <= room
        for part in [member] if fits or len(member) + len(_INSIDE) <= room else _PART.findall(member):
            if lines[-1].strip() and len(lines[-1]) + len(part.rstrip()) > room:
                lines.append(_INSIDE)
            lines[-1] += part
    return f"\n{_INDENT}".join(line.rstrip() for line in lines)
