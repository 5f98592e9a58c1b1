"""A call as boto3 Python, laid out as a formatter would."""

import json
import keyword
from collections.abc import Iterable, Mapping
from typing import Any

from lambda_over_https.calls.words import (
    ARCHIVE_FILE,
    NOTHING,
    Variables,
    as_document,
    client_variable,
    is_archive,
)
from lambda_over_https.history import Call

WIDTH = 76
INDENT = "    "


def python_call(call: Call, variables: Variables = NOTHING, assign: str = "", width: int = WIDTH) -> str:
    """The call as a statement; ``assign`` is what stands before it, for example ``role_arn = ``."""
    from botocore import xform_name

    method = f"{assign}{client_variable(call.service)}.{xform_name(call.operation)}"
    return Layout(variables, width).call(method, call.parameters)


class Layout:
    """Writes values as Python: on one line where that fits, else one item a line."""

    def __init__(self, variables: Variables = NOTHING, width: int = WIDTH) -> None:
        self._variables = variables
        self._width = width

    def call(self, function: str, parameters: Mapping[str, Any], depth: int = 0) -> str:
        """A call with keyword arguments; what is no identifier goes into a dictionary after ``**``."""
        named = {key: value for key, value in parameters.items() if _is_name(key)}
        rest = {key: value for key, value in parameters.items() if key not in named}
        flat = [f"{key}={self.value(value, 10**6)}" for key, value in named.items()]
        flat += [f"**{self.value(rest, 10**6)}"] if rest else []
        line = f"{function}({', '.join(flat)})"
        if len(line) + depth * 4 <= self._width:
            return line
        items = [
            f"{key}={self.value(value, depth=depth + 1, room=len(key) + 2)}" for key, value in named.items()
        ]
        items += [f"**{self.value(rest, depth=depth + 1, room=3)}"] if rest else []
        return self._broken(f"{function}(", items, ")", depth)

    def value(self, value: Any, width: int | None = None, depth: int = 0, room: int = 1) -> str:
        """A value as Python source; ``room`` is what stands beside it on its line."""
        flat = self._flat(value)
        if len(flat) + depth * 4 + room <= (width or self._width):
            return flat
        if isinstance(value, str) and (document := as_document(value)) is not None:
            inner = self.value(document, depth=depth, room=room + 12)
            return f"json.dumps({inner})"
        if isinstance(value, bytes) and (document := as_document(value.decode())) is not None:
            return f"json.dumps({self.value(document, depth=depth, room=room + 21)}).encode()"
        if isinstance(value, Mapping):
            items = (self._entry(key, each, depth) for key, each in value.items())
            return self._broken("{", items, "}", depth)
        if isinstance(value, list) and value:
            return self._broken("[", (self.value(each, depth=depth + 1) for each in value), "]", depth)
        return flat

    def _entry(self, key: Any, value: Any, depth: int) -> str:
        name = self._flat(key)
        return f"{name}: {self.value(value, depth=depth + 1, room=len(name) + 3)}"

    def _broken(self, head: str, items: Iterable[str], tail: str, depth: int) -> str:
        inside = INDENT * (depth + 1)
        lines = [f"{inside}{item}," for item in items]
        return "\n".join([head, *lines, f"{INDENT * depth}{tail}"])

    def _flat(self, value: Any) -> str:
        if is_archive(value):
            return f'Path("{ARCHIVE_FILE}").read_bytes()'
        if isinstance(value, str):
            document = as_document(value)
            return self._text(value) if document is None else f"json.dumps({self._flat(document)})"
        if isinstance(value, bytes):
            document = as_document(value.decode(errors="replace"))
            return repr(value) if document is None else f"json.dumps({self._flat(document)}).encode()"
        if isinstance(value, Mapping):
            inside = ", ".join(f"{self._flat(key)}: {self._flat(each)}" for key, each in value.items())
            return f"{{{inside}}}"
        if isinstance(value, list | tuple):
            return f"[{', '.join(self._flat(each) for each in value)}]"
        return repr(value)

    def _text(self, text: str) -> str:
        pieces = list(self._variables.split(text))
        if not any(named for _, named in pieces):
            return quoted(text)
        if len(pieces) == 1:
            return pieces[0][0]
        inside = "".join(f"{{{piece}}}" if named else _in_f_string(piece) for piece, named in pieces)
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


def _is_name(key: str) -> bool:
    return key.isidentifier() and not keyword.iskeyword(key)
