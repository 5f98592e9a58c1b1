"""JSON pointers (RFC 6901), which API Gateway's patches, schemas and API documents use."""

from typing import Any


def unescaped(key: str) -> str:
    """One part of a pointer without its escapes: ``application~1json`` becomes ``application/json``."""
    return key.replace("~1", "/").replace("~0", "~")


def followed(document: Any, pointer: str) -> Any:
    """What the pointer (``#/definitions/name``) points to in the document; None if that does not exist."""
    found = document
    for part in pointer.removeprefix("#").split("/")[1:]:
        found = found.get(unescaped(part)) if isinstance(found, dict) else None
    return found
