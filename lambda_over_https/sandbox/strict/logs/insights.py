"""CloudWatch Logs Insights: ``fields``, ``filter``, ``sort``, ``limit`` and ``display``.

Logs guide, "CloudWatch Logs Insights language query syntax". Other commands raise NotImplementedError.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import regex

from lambda_over_https.sandbox.gateway.languages.patterns import Pattern
from lambda_over_https.sandbox.strict.logs.conditions import Condition, Conditions
from lambda_over_https.sandbox.strict.logs.discovered import discovered

DEFAULT_LIMIT = 10_000
"""Events that a query without ``limit`` returns (API reference, StartQuery)."""

_QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|/(?:[^/\\]|\\.)*/)"""
_PARTS = re.compile(rf"""(?:{_QUOTED}|[^|"'/])+""")
_COMMENT = re.compile(rf"({_QUOTED})|#[^\n]*")
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<pattern>/(?:[^/\\]|\\.)*/i?)
      | (?P<sign><=|>=|!=|=~|=|<|>|\(|\)|\[|\]|,)
      | (?P<number>-?\d+(?:\.\d+)?\b)
      | (?P<name>`[^`]+`|[@\w.]+)
    )""",
    re.VERBOSE,
)
_DEFAULT_FIELDS: Final = ("@timestamp", "@message")

Event = Mapping[str, Any]


@dataclass(slots=True)
class Query:
    """A query, read: what to show, which events, in which order, and how many."""

    fields: list[str] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=lambda: [("@timestamp", True)])
    """The fields to sort by, each with whether it descends."""
    limit: int = DEFAULT_LIMIT

    def run(self, events: Iterable[Event]) -> list[dict[str, Any]]:
        """The rows of the answer. An event has ``@message`` and the like; its own fields are discovered.

        Within ``budgeted``, ExhaustedError if its patterns take too long.
        """
        known = [discovered(event) for event in events]
        found = [event for event in known if all(matches(event) for matches in self.conditions)]
        for name, descending in reversed(self.order):
            found.sort(key=lambda event: _sortable(event.get(name)), reverse=descending)
        shown = self.fields or _DEFAULT_FIELDS
        return [_row(event, shown) for event in found[: self.limit]]


def _row(event: Event, shown: Iterable[str]) -> dict[str, Any]:
    row = {name: event[name] for name in shown if event.get(name) is not None}
    return {**row, "@ptr": event["@ptr"]}


def _sortable(value: Any) -> tuple[int, Any]:
    if value is None:
        return 0, 0
    number = _number(value)
    return (2, str(value)) if number is None else (1, number)


def parse(text: str) -> Query:
    """Read a query. ValueError if it is none."""
    query = Query()
    for part in _PARTS.findall(_COMMENT.sub(lambda found: found[1] or "", text)):
        command, *rest = part.split(maxsplit=1) or [""]
        if command:
            _command(query, command.lower(), "".join(rest).strip())
    return query


def _command(query: Query, command: str, rest: str) -> None:
    if command in ("fields", "display"):
        names = [name.strip().strip("`") for name in rest.split(",")]
        if not all(re.fullmatch(r"[@\w.]+", name) for name in names):
            raise NotImplementedError(f"functions in {command}. Name plain fields")
        query.fields = [*(query.fields if command == "fields" else ()), *names]
    elif command in ("filter", "where"):
        query.conditions.append(_Filter(rest).read())
    elif command == "sort":
        query.order = [_order(part) for part in rest.split(",")]
    elif command == "limit":
        if not rest.isdecimal():
            raise ValueError(f"unexpected symbol found {rest}")
        query.limit = int(rest)
    elif command in ("parse", "stats", "dedup", "pattern", "unmask", "diff", "unnest", "join", "lookup"):
        raise NotImplementedError(f"the Insights command {command}. Use fields, filter, sort and limit")
    else:
        raise ValueError(f"unexpected symbol found {command}")


def _order(text: str) -> tuple[str, bool]:
    """A field, and whether it descends: it does unless it is said to ascend."""
    match = re.fullmatch(r"\s*(`[^`]+`|[@\w.]+)(?:\s+(asc|desc))?\s*", text, re.IGNORECASE)
    if match is None:
        raise ValueError(f"unexpected symbol found {text.strip()}")
    return match[1].strip("`"), (match[2] or "").lower() != "asc"


class _Filter(Conditions):
    """Reads what follows ``filter``."""

    TOKEN = _TOKEN
    OR, AND = "or", "and"
    WORDS = frozenset({"sign", "name"})
    UNREADABLE = UNEXPECTED = "unexpected symbol found"
    EARLY = "the condition ends too early"

    def one(self) -> Condition:
        if self.takes("not"):
            inner = self.one()
            return lambda event: not inner(event)
        if self.takes("("):
            inner = self.either()
            self._expect(")")
            return inner
        name = self.next()[1].strip("`")
        if name.lower() == "ispresent" and self.takes("("):
            present = self.next()[1].strip("`")
            self._expect(")")
            return lambda event: event.get(present) is not None
        return self._comparison(name)

    def _comparison(self, name: str) -> Condition:
        negated = self.takes("not")
        _, sign = self.next()
        test = self._in() if sign.lower() == "in" else _test(sign.lower(), *self.next())
        return lambda event: test(event.get(name)) is not negated

    def _in(self) -> Callable[[Any], bool]:
        self._expect("[")
        wanted = [_literal(*self.next())]
        while self.takes(","):
            wanted.append(_literal(*self.next()))
        self._expect("]")
        return lambda value: any(_equal(value, each) for each in wanted)

    def _expect(self, sign: str) -> None:
        if not self.takes(sign):
            raise ValueError(f"{sign} expected")


def _test(sign: str, kind: str, text: str) -> Callable[[Any], bool]:
    if sign in ("like", "=~"):
        return _like(kind, text)
    wanted = _literal(kind, text)
    if sign == "=":
        return lambda value: _equal(value, wanted)
    if sign == "!=":
        return lambda value: not _equal(value, wanted)
    limit = _number(wanted)
    if sign not in ("<", ">", "<=", ">=") or limit is None:
        raise ValueError(f"unexpected symbol found {sign}")
    return lambda value: _compares(_number(value), sign, limit)


def _compares(number: float | None, sign: str, limit: float) -> bool:
    if number is None:
        return False
    return {"<": number < limit, ">": number > limit, "<=": number <= limit, ">=": number >= limit}[sign]


def _like(kind: str, text: str) -> Callable[[Any], bool]:
    if kind != "pattern":
        part = str(_literal(kind, text))
        return lambda value: value is not None and part in str(value)
    flags = regex.IGNORECASE if text.endswith("i") else 0
    source = text.removesuffix("i")[1:-1]
    if source.startswith("(?i)"):
        source, flags = source[4:], regex.IGNORECASE
    pattern = Pattern(source, flags)
    return lambda value: value is not None and pattern.found(str(value))


def _literal(kind: str, text: str) -> Any:
    if kind == "text":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return float(text) if kind == "number" else text


def _equal(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, float):
        return _number(value) == wanted
    return value is not None and (str(value).lower() if isinstance(value, bool) else str(value)) == wanted


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
