"""The control plane: every call that is not an invocation, served by moto's response classes in one thread.

moto is not made for concurrent calls and some of its work takes milliseconds, so calls run in the one
thread of this module, in the order of arrival, and the event loop stays free for the data plane. Only a call
on a single item, which is what functions make for each of their events, does not go there if it need not.

What moto does not do (authorization, AWS's timing, AWS's refusals) is in *layers* around it, the first
outermost: each sees a call before moto does and may refuse it with AwsError, and sees the answer and may
amend it.
"""

import asyncio
import functools
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lambda_over_https.sandbox.control.aws_calls import (
    JSON,
    PROTOCOLS,
    QUERY,
    Call,
    error_response,
    moto_request,
    parse,
    read_error,
    scope_of,
)
from lambda_over_https.sandbox.model.functions import AwsError
from lambda_over_https.sandbox.web.http import Request, Response

log = logging.getLogger(__name__)

Result = TypeVar("Result")

_CONTENT_TYPES = {QUERY: "text/xml", JSON: "application/x-amz-json-1.1"}
_BRIEF = {f"DynamoDB_20120810.{name}Item" for name in ("Get", "Put", "Update", "Delete")}
_HOP_HEADERS = {"status", "server", "date", "content-length", "connection", "content-type"}


@dataclass(slots=True)
class Answer:
    """A call's answer on its way out; layers may change it."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """The body of a JSON answer, as a copy; assign it to change the body."""
        content: dict[str, Any] = json.loads(self.body or b"{}")
        return content

    @document.setter
    def document(self, content: dict[str, Any]) -> None:
        self.body = json.dumps(content, default=str).encode()
        self.headers.pop("x-amz-crc32", None)  # of the body that was; SDKs compare


Within = Callable[[Call], Answer]
"""Asks the layers inside of a layer, and moto; an answer of status 300 and more is a refusal."""


class Layer:
    """A part of the control plane around moto; each method is optional. All run in the control thread."""

    def before(self, call: Call) -> None:
        """Refuse the call by raising AwsError, or let it pass."""

    def instead(self, call: Call, within: Within) -> Answer | None:
        """Answer the call without asking moto, or None; ``within`` asks other calls of what is inside."""
        del call, within
        return None

    def after(self, call: Call, answer: Answer) -> None:
        """Amend the answer of a call that succeeded."""

    def explain(self, call: Call, error: AwsError) -> AwsError:
        """Say moto's refusal of the call in AWS's words; ``error`` itself if it is said so already."""
        del call
        return error


class ControlThread:
    """The one thread in which moto works. Jobs are handed in on the event loop only."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="control")
        self._last: Future[Any] = Future()
        self._last.set_result(None)

    async def run(self, job: Callable[[], Result], *, brief: bool = False) -> Result:
        """Run ``job`` after all that have been handed in before, and wait for its result.

        A ``brief`` job is done on the event loop if the thread has nothing to do, and so cannot get anything
        to do meanwhile: handing it over and back would take as long as the job itself.
        """
        if brief and self._last.done():
            return job()
        future = self._last = self._pool.submit(job)
        return await asyncio.wrap_future(future)

    def submit(self, job: Callable[[], object]) -> None:
        """Run ``job`` after all that have been handed in before; nobody waits for it."""
        self._last = self._pool.submit(_logged, job)

    def close(self) -> None:
        """Finish the job under way, drop the rest."""
        self._pool.shutdown(cancel_futures=True)


class Control:
    """The control plane of all services, as one handler of requests.

    ``classes`` are moto's, from ``moto_setup.load``.
    """

    def __init__(self, thread: ControlThread, classes: Mapping[str, Any], layers: Sequence[Layer]) -> None:
        self._thread = thread
        self._classes = classes
        self._layers = layers

    async def handle(self, request: Request) -> Response:
        """Serve one call of AWS's API."""
        brief = request.headers.get("x-amz-target") in _BRIEF
        return await self._thread.run(lambda: self._serve(request), brief=brief)

    async def warm_up(self, requests: Iterable[Request]) -> None:
        """Have moto answer these, past all layers; whoever calls meanwhile comes in between."""
        for request in requests:
            await self._thread.run(functools.partial(self._warm, request))

    def _warm(self, request: Request) -> None:
        _logged(lambda: self._dispatch(parse(request)))

    def _serve(self, request: Request) -> Response:
        scope = scope_of(request)
        service = scope.service if scope else ""
        try:
            answer = self._answer(parse(request))
        except AwsError as error:
            return error_response(service, error)
        except (NotImplementedError, ImportError) as error:  # moto's rarer needs are not installed
            return error_response(service, AwsError("NotImplemented", f"Not in this sandbox: {error}", 501))
        except Exception:  # a bug in moto or here is one call's 500, not the process's end
            log.exception("%s %s failed", request.method, request.path)
            return error_response(service, AwsError("InternalFailure", "See the sandbox's log file.", 500))
        return Response(answer.status, answer.body, tuple(answer.headers.items()))

    def _answer(self, call: Call, depth: int = 0) -> Answer:
        """Ask the layers from the outside in, moto innermost; each sees the answer on its way out."""
        if depth == len(self._layers):
            return self._dispatch(call)
        layer = self._layers[depth]
        layer.before(call)
        within = functools.partial(self._answer, depth=depth + 1)
        answer = layer.instead(call, within) or within(call)
        if answer.status < 300:
            layer.after(call, answer)
        else:
            _explain(layer, call, answer)
        return answer

    def _dispatch(self, call: Call) -> Answer:
        from werkzeug.exceptions import HTTPException

        request = moto_request(call.service, call.region, call.request)
        try:
            status, headers, body = self._classes[call.service].dispatch(request)
        except HTTPException as error:
            status, headers, body = error.code, dict(error.get_headers()), error.get_body()
        lowered = {name.lower(): str(value) for name, value in headers.items()}
        kept = {name: value for name, value in lowered.items() if name not in _HOP_HEADERS}
        kept["content-type"] = _CONTENT_TYPES.get(PROTOCOLS[call.service], "application/json")
        return Answer(int(status), body.encode() if isinstance(body, str) else body, kept)


def _explain(layer: Layer, call: Call, answer: Answer) -> None:
    said = read_error(call.service, answer.status, answer.body)
    better = layer.explain(call, said)
    if better is not said:
        raise better


def _logged(job: Callable[[], object]) -> None:
    try:
        job()
    except Exception:  # nobody else will hear of it
        log.exception("a job of the control plane failed")
