"""Filter patterns of CloudWatch Logs: terms, and conditions on JSON.

Logs guide, "Filter pattern syntax". Space-delimited patterns (``[ip, user, …]``) and regular expressions
(``%…%``) raise NotImplementedError.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from lambda_over_https.sandbox.strict.logs.conditions import Condition, Conditions

Matches = Callable[[str], bool]

_TERM = re.compile(r'\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\w+))', re.ASCII)
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<field>\$(?:\.[\w-]+|\[\d+\]|\[["'][^"']+["']\])+)
      | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[\s)}&|]))
      | (?P<sign><=|>=|!=|=|<|>|&&|\|\||\(|\))
      | (?P<word>[^\s()&|=<>!]+)
    )""",
    re.VERBOSE,
)
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]|\[[\"']([^\"']+)[\"']\]")
_ABSENT: Final = object()


def compiled(pattern: str) -> Matches:
    """What tells whether a message matches the pattern. ValueError if it is none."""
    text = pattern.strip()
    if text in ("", "[]"):  # in brackets: no condition on any field
        return lambda _: True
    if text.startswith("{") and text.endswith("}"):
        return _json(text[1:-1])
    if text.startswith("["):
        raise NotImplementedError("filter patterns in brackets. Use terms, or a pattern in braces for JSON")
    if text.startswith("%"):
        raise NotImplementedError("regular expressions in filter patterns. Use terms")
    return _terms(text)


def _terms(text: str) -> Matches:
    """All plain terms, none with a minus; if there is nothing else, one of those with a question mark."""
    found: dict[str, list[str]] = {"": [], "-": [], "?": []}
    position = 0
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None:
            raise ValueError(pattern_error(text))
        found[match[1]].append(match[3] or re.sub(r"\\(.)", r"\1", match[2] or ""))
        position = match.end()
    plain, without, some = found[""], found["-"], found["?"]

    def matches(message: str) -> bool:
        if not plain and not without:
            return any(term in message for term in some)
        return all(term in message for term in plain) and not any(term in message for term in without)

    return matches


def pattern_error(text: str) -> str:
    """Why the pattern is refused."""
    return (
        f"Invalid filter pattern: {text}. Put terms that are not only letters and digits in quotation marks"
    )


class _Json(Conditions):
    """Reads the conditions of a pattern in braces."""

    TOKEN = _TOKEN
    OR, AND = "||", "&&"
    WORDS = frozenset({"sign"})
    UNREADABLE = "Invalid filter pattern:"
    UNEXPECTED = "Invalid filter pattern: unexpected"
    EARLY = "Invalid filter pattern: it ends too early"

    def one(self) -> Condition:
        if self.takes("("):
            inner = self.either()
            if not self.takes(")"):
                raise ValueError("Invalid filter pattern: a parenthesis is not closed")
            return inner
        kind, field = self.next()
        if kind != "field":
            raise ValueError(f"Invalid filter pattern: {field} is not a field, such as $.level")
        _, sign = self.next()
        if sign.upper() in ("IS", "NOT"):
            return _is(field, f"{sign} {self.next()[1]}".upper())
        kind, value = self.next()
        return _compares(field, sign, kind, value)


def _json(text: str) -> Matches:
    condition = _Json(text).read()

    def matches(message: str) -> bool:
        try:
            document = json.loads(message)
        except (ValueError, RecursionError):
            return False
        return condition(document)

    return matches


def _is(field: str, what: str) -> Condition:
    wanted = {"IS NULL": None, "IS TRUE": True, "IS FALSE": False, "NOT EXISTS": _ABSENT}
    if what not in wanted:
        raise ValueError(f"Invalid filter pattern: {what}")
    return lambda document: _value(document, field) is wanted[what]


def _compares(field: str, sign: str, kind: str, text: str) -> Condition:
    if sign not in ("=", "!=", "<", ">", "<=", ">="):
        raise ValueError(f"Invalid filter pattern: {sign}")
    if text.startswith("%"):
        raise NotImplementedError("regular expressions in filter patterns. Use a text with *")
    if kind == "number":
        number = float(text)
        return lambda document: _numbers(_value(document, field), sign, number)
    if sign not in ("=", "!="):
        raise ValueError(f"Invalid filter pattern: {text} is not a number")
    wanted = json.loads(text) if kind == "text" else text
    return lambda document: _texts(_value(document, field), sign, wanted)


def _numbers(value: Any, sign: str, number: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return {
        "=": value == number,
        "!=": value != number,
        "<": value < number,
        ">": value > number,
        "<=": value <= number,
        ">=": value >= number,
    }[sign]


def _texts(value: Any, sign: str, wanted: str) -> bool:
    if value is _ABSENT or isinstance(value, dict | list):
        return False
    text = value if isinstance(value, str) else json.dumps(value)
    return like(text, wanted) is (sign == "=")


def like(text: str, wanted: str) -> bool:
    """Whether the text is the wanted one, in which ``*`` stands for anything. Takes linear time a part."""
    first, *rest = wanted.split("*")
    if not rest:
        return text == wanted
    if not text.startswith(first):
        return False
    position = len(first)
    for part in rest[:-1]:
        found = text.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return len(text) - position >= len(rest[-1]) and text.endswith(rest[-1])


def _value(document: Any, field: str) -> Any:
    for name, index, quoted in _STEP.findall(field):
        if index:
            if not isinstance(document, list) or int(index) >= len(document):
                return _ABSENT
            document = document[int(index)]
        else:
            if not isinstance(document, dict) or (name or quoted) not in document:
                return _ABSENT
            document = document[name or quoted]
    return document
