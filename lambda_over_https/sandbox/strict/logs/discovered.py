"""The fields that Insights finds in a message: those of Lambda's lines, and those of a JSON object.

Logs guide, "Supported logs and discovered fields"; the form of the numbers as recorded: durations in
milliseconds and memory in bytes, as Java writes them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SYSTEM = re.compile(rf"(START|END|REPORT) RequestId: ({_ID})")
_LINE = re.compile(rf"(?:RequestId: |(?:\[\w+\]\t)?\S+Z\t)({_ID})\b")
"""How a line begins that the runtime of Python or Node.js writes during a request."""

_REPORTED: Final = {
    "@duration": (re.compile(r"\tDuration: ([\d.]+) ms"), 1),
    "@billedDuration": (re.compile(r"\tBilled Duration: ([\d.]+) ms"), 1),
    "@initDuration": (re.compile(r"\tInit Duration: ([\d.]+) ms"), 1),
    "@memorySize": (re.compile(r"\tMemory Size: (\d+) MB"), 10**6),
    "@maxMemoryUsed": (re.compile(r"\tMax Memory Used: (\d+) MB"), 10**6),
}
"""The fields of a REPORT: where the number is, and what it counts."""


def discovered(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event with the fields of its message; those of a JSON object are ``a``, ``a.b``, ``a.0``."""
    message = event["@message"]
    try:
        document = json.loads(message)
    except (ValueError, RecursionError):
        document = None
    found = dict(_flat("", document)) if isinstance(document, dict) else _of_lambda(message)
    return {**found, **event}


def _of_lambda(message: str) -> dict[str, str]:
    system = _SYSTEM.match(message)
    if system is None:
        line = _LINE.match(message)
        return {"@requestId": line[1]} if line else {}
    found = {"@type": system[1], "@requestId": system[2]}
    for name, (pattern, unit) in _REPORTED.items() if system[1] == "REPORT" else ():
        if match := pattern.search(message):
            found[name] = _written(float(match[1]) * unit)
    return found


def _written(number: float) -> str:
    """The number as Java writes it: ``12.5``, ``1.28E8``."""
    if number < 10**7:
        return str(number)
    mantissa, exponent = f"{number:.9E}".split("E")
    return f"{float(mantissa)}E{int(exponent)}"


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    items = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if items is None:
        yield path, value
        return
    for name, item in items:
        yield from _flat(f"{path}.{name}" if path else str(name), item)
