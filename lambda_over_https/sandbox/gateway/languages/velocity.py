"""Java's methods on the values of a mapping template, and how Java prints these values.

Velocity templates call methods of Java's String, List and Map. airspeed looks for a method first among the
members of the Python value, then in one table by class. This module fills that table under names that no
Python value has (``method_key``), so that a template gets Java's ``split`` and never Python's.
"""

import json
import re
from typing import Any

from airspeed import operators

from lambda_over_https.sandbox.gateway.languages.budget import current
from lambda_over_https.sandbox.gateway.languages.patterns import compile_java


class JsonObject(dict[str, Any]):
    """An object of a JSON document; as text it is Java's ``{a=1, b=x}``."""

    def __str__(self) -> str:
        current().step(1 + len(self))
        return _made("{" + ", ".join(f"{name}={java_text(value)}" for name, value in self.items()) + "}")


class JsonArray(list[Any]):
    """An array of a JSON document; as text it is JSON."""

    def __str__(self) -> str:
        _walk(self)
        return _made(to_json(self))


class _Entry(JsonObject):
    """A Map.Entry."""

    def __str__(self) -> str:
        return f"{self['key']}={java_text(self['value'])}"


class JavaList(JsonArray):
    """A list made in a template; as text it is Java's ``[a, b]``."""

    def __str__(self) -> str:
        current().step(1 + len(self))
        return _made(f"[{', '.join(map(java_text, self))}]")


def _made(text: str) -> str:
    """Count a text that was made."""
    current().grow(len(text))
    return text


def _walk(value: Any) -> None:
    """Count what is in a value: a template can nest one list in another many times over."""
    budget, pending = current(), [value]
    while pending:
        each = pending.pop()
        if isinstance(each, dict | list):
            budget.step(1 + len(each))
            pending += each.values() if isinstance(each, dict) else each


def from_json(text: str | bytes) -> Any:
    """Parse JSON into values that a template can use. ValueError if it is not JSON."""
    return _velocity(json.loads(text))


def to_json(value: Any) -> str:
    """Write a value as JSON, in its shortest form."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def java_text(value: Any) -> str:
    """Write a value as Java's String.valueOf does."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def _velocity(value: Any) -> Any:
    if isinstance(value, dict):
        return JsonObject((name, _velocity(item)) for name, item in value.items())
    return JsonArray(map(_velocity, value)) if isinstance(value, list) else value


def _replace_all(text: str, pattern: str, replacement: str) -> str:
    return compile_java(pattern).replace(text, _python_replacement(replacement))


def _replace_first(text: str, pattern: str, replacement: str) -> str:
    return compile_java(pattern).replace(text, _python_replacement(replacement), count=1)


def _python_replacement(replacement: str) -> str:
    r"""Java writes ``$1`` for a group and ``\$`` for a dollar sign."""
    pieces = re.findall(r"\\.|\$\d|\$\{\w+\}|[^\\$]+|.", replacement, re.DOTALL)
    return "".join(map(_replacement_piece, pieces))


def _replacement_piece(piece: str) -> str:
    if piece.startswith("$") and len(piece) > 1:
        return rf"\g<{piece.strip('${}')}>"
    return piece.removeprefix("\\").replace("\\", "\\\\")


def _split(text: str, pattern: str) -> JsonArray:
    parts = JsonArray(compile_java(pattern).split(text))
    while len(parts) > 1 and parts[-1] == "":
        parts.pop()
    return parts


def _concat(text: str, other: Any) -> str:
    return _made(text + other)


def _replace(text: str, old: str, new: str) -> str:
    current().grow(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _put(self: dict[str, Any], key: str, value: Any) -> Any:
    previous = self.get(key)
    self[key] = value
    return previous


def _remove_key(self: dict[str, Any], key: str) -> Any:
    return self.pop(key, None)


def _remove_at(self: list[Any], index: int) -> Any:
    return self.pop(index)


def _set_at(self: list[Any], index: int, value: Any) -> Any:
    previous, self[index] = self[index], value
    return previous


def _add(self: list[Any], value: Any) -> bool:
    self.append(value)
    return True


def _add_all(self: list[Any], values: list[Any]) -> bool:
    current().step(len(values))
    self.extend(values)
    return bool(values)


def _entries(self: dict[str, Any]) -> JsonArray:
    return JsonArray(_Entry(key=key, value=value) for key, value in self.items())


_TEXT = {
    "charAt": lambda self, index: self[index],
    "concat": _concat,
    "contains": lambda self, other: other in self,
    "endsWith": lambda self, other: self.endswith(other),
    "equals": lambda self, other: self == other,
    "equalsIgnoreCase": lambda self, other: isinstance(other, str) and self.lower() == other.lower(),
    "indexOf": lambda self, other, start=0: self.find(other, start),
    "isEmpty": lambda self: not self,
    "lastIndexOf": lambda self, other: self.rfind(other),
    "length": len,
    "matches": lambda self, pattern: compile_java(pattern).matches(self),
    "replace": _replace,
    "replaceAll": _replace_all,
    "replaceFirst": _replace_first,
    "split": _split,
    "startsWith": lambda self, other: self.startswith(other),
    "substring": lambda self, start, end=None: self[start:end],
    "toLowerCase": lambda self: self.lower(),
    "toString": java_text,
    "toUpperCase": lambda self: self.upper(),
    "trim": lambda self: self.strip(),
}
_LIST = {
    "add": _add,
    "addAll": _add_all,
    "contains": lambda self, value: value in self,
    "get": lambda self, index: self[index],
    "indexOf": lambda self, value: self.index(value) if value in self else -1,
    "isEmpty": lambda self: not self,
    "remove": _remove_at,
    "set": _set_at,
    "size": len,
    "toString": java_text,
}
_MAP = {
    "containsKey": lambda self, key: key in self,
    "containsValue": lambda self, value: value in self.values(),
    "entrySet": _entries,
    "equals": lambda self, other: self == other,
    "get": lambda self, key: self.get(key),
    "isEmpty": lambda self: not self,
    "keySet": JsonArray,
    "put": _put,
    "putAll": lambda self, other: self.update(other),
    "remove": _remove_key,
    "size": len,
    "toString": java_text,
    "values": lambda self: JsonArray(self.values()),
}
_ENTRY = {"getKey": lambda self: self["key"], "getValue": lambda self: self["value"], "toString": java_text}
_NUMBER = {"equals": lambda self, other: self == other, "toString": java_text}

METHODS = frozenset((*_TEXT, *_LIST, *_MAP, *_ENTRY, *_NUMBER))
"""The names of the methods that templates may call on values."""


def method_key(name: str) -> str:
    """The name under which airspeed finds the Java method ``name``."""
    return f"java:{name}"


for _class, _methods in (
    (str, _TEXT),
    (list, _LIST),
    (JsonArray, _LIST),
    (JavaList, _LIST),
    (dict, _MAP),
    (JsonObject, _MAP),
    (_Entry, _ENTRY),
    (int, _NUMBER),
    (float, _NUMBER),
    (bool, _NUMBER),
):
    operators.__additional_methods__.setdefault(_class, {}).update(
        {method_key(name): method for name, method in _methods.items()}
    )
