"""The control plane: every call that is not an invocation, served by moto's response classes in one thread.

moto is not made for concurrent calls and some of its work takes milliseconds, so each call runs in the one
thread of this module, in the order of arrival, and the event loop stays free for the data plane.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lambda_over_https.sandbox import moto_setup
from lambda_over_https.sandbox.calls import (
    JSON,
    PROTOCOLS,
    QUERY,
    Call,
    error_response,
    moto_request,
    parse,
    scope_of,
)
from lambda_over_https.sandbox.http import Request, Response
from lambda_over_https.sandbox.model import AwsError

log = logging.getLogger(__name__)

_CONTENT_TYPES = {QUERY: "text/xml", JSON: "application/x-amz-json-1.1"}
_HOP_HEADERS = {"status", "server", "date", "content-length", "connection", "content-type"}


class Control:
    """The control plane of all services, as one handler of requests."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="control")
        self._classes = moto_setup.load()

    async def handle(self, request: Request) -> Response:
        """Serve one call of AWS's API."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._serve, request)

    def submit(self, job: Callable[[], object]) -> None:
        """Run ``job`` in moto's thread after all calls that have arrived before; nobody waits for it."""
        self._thread.submit(_logged, job)

    def close(self) -> None:
        """Finish the call that is being served, drop the rest."""
        self._thread.shutdown(cancel_futures=True)

    def _serve(self, request: Request) -> Response:
        scope = scope_of(request)
        service = scope.service if scope else ""
        try:
            return self._answer(parse(request))
        except AwsError as error:
            return error_response(service, error)
        except NotImplementedError as error:
            return error_response(service, AwsError("NotImplemented", f"Not in this sandbox: {error}", 501))
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return error_response(service, AwsError("InternalFailure", "See the sandbox's log file.", 500))

    def _answer(self, call: Call) -> Response:
        return self._dispatch(call)

    def _dispatch(self, call: Call) -> Response:
        from werkzeug.exceptions import HTTPException

        request = moto_request(call.service, call.region, call.request)
        try:
            answer: Any = self._classes[call.service].dispatch(request)
        except HTTPException as error:
            answer = (error.code, dict(error.get_headers()), error.get_body())
        return _response(call.service, *answer)


def _response(service: str, status: int, headers: dict[str, Any], body: str | bytes) -> Response:
    lowered = {name.lower(): str(value) for name, value in headers.items()}
    kept = [(name, value) for name, value in lowered.items() if name not in _HOP_HEADERS]
    kind = _CONTENT_TYPES.get(PROTOCOLS[service], "application/json")
    content = body.encode() if isinstance(body, str) else body
    return Response(int(status), content, [("content-type", kind), *kept])


def _logged(job: Callable[[], object]) -> None:
    try:
        job()
    except Exception:
        log.exception("a job of the control plane failed")
