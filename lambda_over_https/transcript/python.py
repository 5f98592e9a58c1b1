"""A call as boto3 Python, laid out as a formatter would."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.words import (
    ARCHIVE_FILE,
    NOTHING,
    Variables,
    as_document,
    client_variable,
    is_archive,
    pieces,
)

WIDTH = 76
INDENT = "    "


def python_call(
    call: Call, variables: Variables = NOTHING, assign: str = "", width: int = WIDTH, around: str = ""
) -> str:
    """The call as a statement; ``assign`` is put before it, for example ``role_arn = ``.

    With ``around`` the statement calls that function, with the method and its arguments.
    """
    from botocore import xform_name

    method = f"{client_variable(call.service)}.{xform_name(call.operation)}"
    if around:
        return Layout(variables, width).call(f"{assign}{around}", call.parameters, first=method)
    return Layout(variables, width).call(f"{assign}{method}", call.parameters)


class Layout:
    """Writes values as Python: on one line if that fits, otherwise one item a line."""

    def __init__(self, variables: Variables = NOTHING, width: int = WIDTH) -> None:
        self._variables = variables
        self._width = width

    def call(self, function: str, parameters: Mapping[str, Any], first: str = "") -> str:
        """A call with keyword arguments, and ``first`` before them if given."""
        before = [first] if first else []
        flat = before + [f"{key}={self._flat(value)}" for key, value in parameters.items()]
        line = f"{function}({', '.join(flat)})"
        if len(line) <= self._width:
            return line
        items = [f"{key}={self.value(value, 1, len(key) + 2)}" for key, value in parameters.items()]
        return self._broken(f"{function}(", before + items, ")", 0)

    def value(self, value: Any, depth: int = 0, room: int = 1) -> str:
        """A value as Python source; ``room`` is the width of what stands beside it on its line."""
        flat = self._flat(value)
        if len(flat) + depth * 4 + room <= self._width:
            return flat
        if (document := _document(value)) is not None:
            tail = ").encode()" if isinstance(value, bytes) else ")"
            return f"json.dumps({self.value(document, depth, room + len(tail) + 11)}{tail}"
        if isinstance(value, Mapping):
            items = (self._entry(key, each, depth) for key, each in value.items())
            return self._broken("{", items, "}", depth)
        if isinstance(value, list) and value:
            return self._broken("[", (self.value(each, depth + 1) for each in value), "]", depth)
        return self._in_pieces(value, depth) if isinstance(value, str) else flat

    def _in_pieces(self, text: str, depth: int) -> str:
        """A long string as adjacent literals, which Python joins."""
        room = self._width - 4 * (depth + 1) - 2
        parts = pieces(text, room, room)
        if len(parts) == 1 or self._variables.used_in(text):
            return self._flat(text)
        inside = INDENT * (depth + 1)
        lines = [f"{inside}{quoted(part)}" for part in parts]
        return "\n".join(["(", *lines, f"{INDENT * depth})"])

    def _entry(self, key: Any, value: Any, depth: int) -> str:
        name = self._flat(key)
        return f"{name}: {self.value(value, depth + 1, len(name) + 3)}"

    def _broken(self, head: str, items: Iterable[str], tail: str, depth: int) -> str:
        inside = INDENT * (depth + 1)
        lines = [f"{inside}{item}," for item in items]
        return "\n".join([head, *lines, f"{INDENT * depth}{tail}"])

    def _flat(self, value: Any) -> str:
        if value is ...:
            return "..."
        if is_archive(value):
            return f'Path("{ARCHIVE_FILE}").read_bytes()'
        if (document := _document(value)) is not None:
            tail = ").encode()" if isinstance(value, bytes) else ")"
            return f"json.dumps({self._flat(document)}{tail}"
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            inside = ", ".join(f"{self._flat(key)}: {self._flat(each)}" for key, each in value.items())
            return f"{{{inside}}}"
        if isinstance(value, list | tuple):
            return f"[{', '.join(self._flat(each) for each in value)}]"
        return repr(value)

    def _text(self, text: str) -> str:
        parts = list(self._variables.split(text))
        if not any(named for _, named in parts):
            return quoted(text)
        if len(parts) == 1:
            return parts[0][0]
        inside = "".join(f"{{{part}}}" if named else _in_f_string(part) for part, named in parts)
        return f'f"{inside}"'


def quoted(text: str) -> str:
    """A string literal with double quotes, raw where backslashes would otherwise be doubled."""
    if "\\" in text and '"' not in text and not text.endswith("\\") and text.isprintable():
        return f'r"{text}"'
    if '"' in text and "'" not in text and text.isprintable():
        return repr(text)
    return json.dumps(text, ensure_ascii=False)


def _in_f_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("{", "{{").replace("}", "}}")


def _document(value: Any) -> Any:
    if isinstance(value, bytes):
        return as_document(value.decode(errors="replace"))
    return as_document(value) if isinstance(value, str) else None
