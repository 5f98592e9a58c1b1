"""A client's request: the function's event, and the tutorial's curl line that sends it."""

import json
import shlex
from collections.abc import Mapping
from typing import Any


def request_event(operation: str, table: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The function's event, in the tutorial's classic shape."""
    return {"operation": operation, "tableName": table, "payload": dict(payload)}


def as_text(event: Mapping[str, Any]) -> str:
    """The event as JSON text."""
    return json.dumps(event)


def shortened(text: str, limit: int) -> str:
    """The text, cut after ``limit`` characters."""
    return text if len(text) <= limit else f"{text[:limit]}…"


def curl_line(url: str, ca_bundle: str | None, event: str, *, key: bool = False) -> str:
    """The tutorial's own curl line for this deployment, ready to paste into a shell.

    ``-w`` ends the answer's line, so that the shell's prompt stands below it. With ``key`` the line sends the
    API key that the shell's variable API_KEY holds (see ``key_command``).
    """
    trust = f"--cacert {shlex.quote(ca_bundle)} " if ca_bundle else ""
    header = '-H "x-api-key: $API_KEY" ' if key else ""
    return f"curl {trust}{header}-X POST -d {shlex.quote(event)} -w '\\n' {url}"


OWN_EVENT = {"name": "Bob"}
"""An event for a handler of the user's own: what the first lines that `new-handler` writes expect."""


def first_event(table: str, *, own: bool) -> dict[str, Any]:
    """What a client sends first: Bob for the table; to an ``own`` handler of the user's, a neutral event."""
    return OWN_EVENT if own else request_event("create", table, {"Item": {"Id": "1", "name": "Bob"}})


def key_command(key_id: str) -> str:
    """What puts the value of an API key into the shell's variable API_KEY: it is shown nowhere else."""
    get = f"aws apigateway get-api-key --api-key {key_id} --include-value --query value --output text"
    return f"API_KEY=$({get})"
