"""What both forms of a call share: which values are variables, and which texts hold JSON documents."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

ARCHIVE = re.compile(r"<\d+ bytes>")
"""How a recorded call describes an archive: by its size only."""

ARCHIVE_FILE = "LambdaFunctionOverHttps.zip"

CLIENTS = {"lambda": "lambda_", "resourcegroupstaggingapi": "tagging"}
"""The Python variable of a service's client if it is not the service's name (``lambda`` is a keyword)."""


@dataclass(frozen=True, slots=True)
class Variables:
    """Values for which a variable is written: value → name of the variable."""

    names: Mapping[str, str] = field(default_factory=dict)

    def split(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text in pieces: (literal, False) and (name of a variable, True); longest values first."""
        values = sorted(self.names, key=len, reverse=True)
        if not values:
            yield text, False
            return
        # A value counts only as a whole word: "Id" inside "parentId" is not the variable.
        pattern = "|".join(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])" for value in values)
        for piece in re.split(f"({pattern})", text):
            if piece:
                yield self.names.get(piece, piece), piece in self.names

    def used_in(self, text: str) -> bool:
        """Whether the text holds the value of a variable."""
        return any(named for _, named in self.split(text))


NOTHING = Variables()


def client_variable(service: str) -> str:
    """The name of a service's client in Python."""
    return CLIENTS.get(service, service)


def is_archive(value: Any) -> bool:
    """Whether a recorded value stands for the deployment package."""
    return isinstance(value, str) and ARCHIVE.fullmatch(value) is not None


def as_document(text: str) -> Any:
    """The JSON object or list that a parameter's text holds (a policy, an event), or None."""
    if not text.startswith(("{", "[")):
        return None
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if document and json.dumps(document) == text else None


def pieces(text: str, first: int, rest: int) -> list[str]:
    """The text in pieces of at most ``first``, then ``rest`` characters, cut after ``/``, ``:`` or a blank.

    A piece without such a place stays whole.
    """
    found, room = [""], first
    for word in re.findall(r"[^/: ]*[/: ]|[^/: ]+$", text):
        if found[-1] and len(found[-1]) + len(word) > room:
            found.append("")
            room = rest
        found[-1] += word
    return found
