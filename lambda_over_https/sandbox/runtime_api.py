"""The Lambda Runtime API, as one worker process sees it.

AWS documents it as "Using the Lambda runtime API": the worker asks for its next invocation and is kept
waiting until there is one; it posts a response or an error; or it posts that it could not even start. The
address in ``AWS_LAMBDA_RUNTIME_API`` has no room for a path, so each worker has a port of its own.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Protocol

from lambda_over_https.sandbox.http import LOOPBACK, Listener, Request, Response, json_response, listen

MAXIMUM_RESPONSE = 6_291_556
"""Bytes of the largest answer of a function (AWS names the number when it refuses a larger one)."""

_PREFIX = "/2018-06-01/runtime/"
_ACCEPTED = json_response(202, {"status": "OK"})


@dataclass(frozen=True, slots=True)
class Invocation:
    """One event on its way to a handler. ``deadline_ms`` is filled in when the worker takes it."""

    request_id: str
    function_arn: str
    payload: bytes
    trace_id: str
    client_context: str | None = None


class Runtime(Protocol):
    """What the API tells the worker's keeper."""

    def took(self, invocation: Invocation) -> int:
        """Note that the worker takes ``invocation`` now; answer its deadline, in milliseconds since 1970."""

    def ready(self) -> None:
        """Note that the worker has started, and asks for work."""

    def responded(self, payload: bytes) -> None:
        """Note the handler's result."""

    def failed(self, payload: bytes) -> None:
        """Note the handler's error document."""

    def init_failed(self, payload: bytes) -> None:
        """Note the error document of a worker that cannot start."""


class RuntimeApi:
    """The API of one worker."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._listener: Listener | None = None
        self._address = ""
        self._mailbox: asyncio.Queue[Invocation | None] = asyncio.Queue()
        self._current = ""

    async def start(self) -> str:
        """Listen; answer the address for ``AWS_LAMBDA_RUNTIME_API``."""
        self._listener = await listen(self._handle)
        self._address = f"{LOOPBACK}:{self._listener.port}"
        return self._address

    async def close(self) -> None:
        """Stop listening, and drop the worker's connections."""
        self._mailbox.put_nowait(None)
        if self._listener is not None:
            await self._listener.close()

    def deliver(self, invocation: Invocation) -> None:
        """Give ``invocation`` to the worker as soon as it asks."""
        self._mailbox.put_nowait(invocation)

    async def _handle(self, request: Request) -> Response:
        # A web page can send requests to a port of this machine; it cannot leave out its origin.
        if "origin" in request.headers or request.headers.get("host") != self._address:
            return _refusal(403, "Forbidden", "Only the worker of this port may ask")
        path = request.path.removeprefix(_PREFIX)
        if request.method == "GET" and path == "invocation/next":
            return await self._next()
        if request.method == "POST" and path == "init/error":
            self._runtime.init_failed(request.body)
            return _ACCEPTED
        if request.method == "POST" and path.startswith("invocation/"):
            return self._finish(*path.removeprefix("invocation/").rpartition("/")[::2], request.body)
        return _refusal(404, "NotFound", "Not a path of the Runtime API")

    async def _next(self) -> Response:
        self._runtime.ready()
        invocation = await self._mailbox.get()
        if invocation is None:
            return _refusal(410, "Closed", "The worker is being ended")
        self._current = invocation.request_id
        headers = [
            ("Content-Type", "application/json"),
            ("Lambda-Runtime-Aws-Request-Id", invocation.request_id),
            ("Lambda-Runtime-Deadline-Ms", str(self._runtime.took(invocation))),
            ("Lambda-Runtime-Invoked-Function-Arn", invocation.function_arn),
            ("Lambda-Runtime-Trace-Id", invocation.trace_id),
        ]
        if invocation.client_context is not None:
            headers.append(("Lambda-Runtime-Client-Context", invocation.client_context))
        return Response(200, invocation.payload, headers)

    def _finish(self, request_id: str, outcome: str, body: bytes) -> Response:
        if request_id != self._current:
            return _refusal(400, "InvalidRequestID", "Invalid request ID")
        self._current = ""
        if outcome == "error":
            self._runtime.failed(body)
        elif len(body) > MAXIMUM_RESPONSE:
            self._runtime.failed(_too_large())
            return _refusal(
                413,
                "RequestEntityTooLarge",
                f"Exceeded maximum allowed payload size ({MAXIMUM_RESPONSE} bytes).",
            )
        else:
            self._runtime.responded(body)
        return _ACCEPTED


def _refusal(status: int, error: str, message: str) -> Response:
    return json_response(status, {"errorMessage": message, "errorType": error})


def _too_large() -> bytes:
    message = f"Response payload size exceeded maximum allowed payload size ({MAXIMUM_RESPONSE} bytes)."
    return json.dumps({"errorMessage": message, "errorType": "Function.ResponseSizeTooLarge"}).encode()
