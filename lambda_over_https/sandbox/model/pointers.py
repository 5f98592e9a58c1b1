"""JSON pointers (RFC 6901), as API Gateway's patches, schemas and API documents use them."""

from typing import Any


def unescaped(key: str) -> str:
    """A part of a pointer without the escapes: ``application~1json`` is ``application/json``."""
    return key.replace("~1", "/").replace("~0", "~")


def followed(document: Any, pointer: str) -> Any:
    """What the pointer (``#/definitions/name``) leads to in the document; None if that is nothing."""
    found = document
    for part in pointer.removeprefix("#").split("/")[1:]:
        found = found.get(unescaped(part)) if isinstance(found, dict) else None
    return found
