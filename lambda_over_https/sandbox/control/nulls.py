"""Members that are null, as the SDK for JavaScript sends what a program sets to null."""

import json
from dataclasses import replace
from typing import Any

from lambda_over_https.sandbox.web.http import Request


def without_nulls(request: Request) -> Request:
    """The request without members that are null, which Lambda reads as absent; moto does not."""
    if b"null" not in request.body:
        return request
    try:
        document = json.loads(request.body)
    except (ValueError, RecursionError):  # the call reads no body
        return request
    return replace(request, body=json.dumps(_kept(document)).encode())


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _kept(item) for name, item in value.items() if item is not None}
    return value
