"""A request that the program itself has sent, as an event of the board: for AWS, where no sandbox tells.

What AWS does on the way is not known. How far the request came is told by its answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from lambda_over_https.board.sources.reasons import reason
from lambda_over_https.board.vocabulary import Document, shortened
from lambda_over_https.names import STAGE

_IN_GATEWAY = ("gateway", "method", "integration")
_THROUGH = (*_IN_GATEWAY, "permission", "function")
_NO_CALL = "API_CONFIGURATION_ERROR"
_FAILURE = "Internal server error"
"""What a client gets where API Gateway could not call the function."""

NOT_CALLED = "API Gateway could not call the function (is step 3.6 done?), or not read its answer."


def shown(entries: Iterable[Mapping[str, Any]], since: str, api: str) -> Iterator[Document]:
    """The requests to ``api`` that were answered after a moment (ISO, UTC)."""
    return (described(entry, api) for entry in entries if str(entry.get("at", "")) > since)


def described(entry: Mapping[str, Any], api: str) -> Document:
    """The request as the sandbox would tell of it, as far as its answer says."""
    status, answer = int(entry["status"]), str(entry["answer"])
    url = urlsplit(str(entry["url"]))
    stopped = _stopped(status, answer)
    note: Document = {
        "id": str(entry["id"]),
        "at": str(entry["at"]),
        "api": api,
        "stage": STAGE,
        "method": str(entry["verb"]),
        "path": url.path,
        "scheme": url.scheme,
        "headers": {},
        "body": shortened(str(entry["body"])),
        "hops": [{"name": name, "ms": 0.0} for name in _hops(stopped, answer)],
        "limits": [],
        "status": status,
        "ms": float(entry["ms"]),
        "answer": shortened(answer),
        "stopped": stopped,
        "detail": "",
        "failed": "" if status < 400 or stopped else shortened(answer),
        "log": "",
    }
    why = f"{status}: {NOT_CALLED}" if stopped == _NO_CALL else reason(note)
    return {**note, "good": status < 400, "reason": why}


def _stopped(status: int, answer: str) -> str:
    """The gateway response that this answer is; empty if the function has run."""
    if status == 403:
        return "MISSING_AUTHENTICATION_TOKEN" if "Missing Authentication Token" in answer else "ACCESS_DENIED"
    if status == 429:
        return "QUOTA_EXCEEDED" if "Limit Exceeded" in answer else "THROTTLED"
    return _NO_CALL if status == 500 and _FAILURE in answer else ""


def _hops(stopped: str, answer: str) -> tuple[str, ...]:
    if not stopped:
        return _THROUGH
    if stopped == _NO_CALL:
        return (*_IN_GATEWAY, "permission")
    return ("gateway", "method") if "is not authorized" in answer else ("gateway",)
