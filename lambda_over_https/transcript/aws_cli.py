"""A call as the ``aws`` command, derived from the operation and its parameters by the CLI's own rules.

Members become options in kebab case, structures and lists of structures JSON, lists of scalars words,
booleans a flag, blobs a file (AWS CLI user guide, "Specify parameter values"). The CLI makes two exceptions,
and so does this module: ``lambda create-function`` takes the archive as ``--zip-file``, and an answer that is
a stream goes to a file named at the end.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.words import (
    ARCHIVE_FILE,
    NOTHING,
    Variables,
    as_document,
    is_archive,
    pieces,
)

WIDTH = 76
STREAMED = frozenset({"Invoke"})
"""Operations whose answer is a stream."""

STREAMED_TO = "/dev/stdout"

_SAFE = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
_FOLDABLE = re.compile(r"[A-Za-z0-9_@%+=:,./-]+|'[A-Za-z0-9_@%+=:,./*() -]+'")
"""A word that means the same without quotes, or in double ones."""

_NOT_IN_DOUBLE_QUOTES = frozenset('"\\`!')
"""Characters for which single quotes are needed: in double ones bash keeps the backslash before a ``!``."""

_NEXT_OPTION = "\n    "


def aws_command(call: Call, variables: Variables = NOTHING, width: int = WIDTH, more: str = "") -> str:
    """The command; ``more`` is appended as it is (a ``--query``, say)."""
    from botocore import xform_name

    shell = Shell(variables, width)
    head = f"aws {call.service} {xform_name(call.operation, '-')}"
    options, given = [], ""
    for name, value in call.parameters.items():
        option = f"--{xform_name(name, '-')}"
        if isinstance(value, bytes):
            options.append(f"{option} fileb:///dev/stdin")
            given = f"<<< {shell.argument(value.decode(errors='replace'), 4)}"
        elif _holds_archive(value):
            options.append(f"--zip-file fileb://{ARCHIVE_FILE}")
        else:
            options.append(shell.option(option, value))
    options += [STREAMED_TO] if call.operation in STREAMED else []
    options += [part for part in (more, given) if part]
    return laid_out(head, options, width)


def _holds_archive(value: Any) -> bool:
    return is_archive(value) or (isinstance(value, Mapping) and is_archive(value.get("ZipFile")))


def laid_out(head: str, options: list[str], width: int) -> str:
    """A command on one line, or with one option a line."""
    line = " ".join([head, *options])
    if len(line) <= width and "\n" not in line:
        return line
    return f" \\{_NEXT_OPTION}".join([head, *options])


class Shell:
    """Writes values as words of a POSIX shell, with variables where there are any."""

    def __init__(self, variables: Variables = NOTHING, width: int = WIDTH) -> None:
        self._variables = variables
        self._width = width

    def option(self, option: str, value: Any) -> str:
        """An option with its value."""
        if value is ...:
            return f"{option} ..."
        if isinstance(value, bool):
            return option if value else option.replace("--", "--no-", 1)
        if isinstance(value, list) and value and not any(isinstance(each, Mapping | list) for each in value):
            return " ".join([option, *(self.word(str(each)) for each in value)])
        return f"{option} {self._folded(self.argument(value, len(option) + 7), len(option) + 7)}"

    def _folded(self, word: str, room: int) -> str:
        """A word too long for its line, continued at the next line's beginning, where the shell joins it."""
        if len(word) + room <= self._width or not _FOLDABLE.fullmatch(word):
            return word
        text = word.strip("'")
        folded = "\\\n".join(pieces(text, self._width - room, self._width - 2))
        return folded if text == word else f'"{folded}"'

    def argument(self, value: Any, room: int) -> str:
        """A value as one word; JSON over several lines where one would be too long."""
        if not isinstance(value, Mapping | list):
            document = as_document(value) if isinstance(value, str) else None
            if document is None:
                return self.word(str(value))
            value = document
        flat = self.word(_json(value))
        if len(flat) + room <= self._width:
            return flat
        return self.word(_json_lines(value, self._width - 4).replace("\n", _NEXT_OPTION))

    def word(self, text: str) -> str:
        """The text quoted as little as needed."""
        parts = list(self._variables.split(text))
        if not any(named for _, named in parts):
            return _quoted(text)
        if set(text) & _NOT_IN_DOUBLE_QUOTES:
            return "".join(f'"${{{part}}}"' if named else _quoted(part) for part, named in parts)
        inside = "".join(f"${{{part}}}" if named else part.replace("$", "\\$") for part, named in parts)
        return f'"{inside}"'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _json_lines(value: Any, width: int, depth: int = 0, room: int = 1) -> str:
    """JSON with one item a line, except for what fits on a line."""
    flat = _json(value)
    if (
        not value
        or not isinstance(value, Mapping | list)
        or (depth and 2 * depth + room + len(flat) <= width)
    ):
        return flat
    inside, outside = "  " * (depth + 1), "  " * depth
    if isinstance(value, Mapping):
        keys = [f"{_json(key)}: " for key in value]
        lines = [
            f"{inside}{key}{_json_lines(each, width, depth + 1, len(key) + 1)}"
            for key, each in zip(keys, value.values(), strict=True)
        ]
        return "\n".join(["{", ",\n".join(lines), f"{outside}}}"])
    lines = [f"{inside}{_json_lines(each, width, depth + 1)}" for each in value]
    return "\n".join(["[", ",\n".join(lines), f"{outside}]"])


def _quoted(text: str) -> str:
    if _SAFE.fullmatch(text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"
