"""The control plane: serves every call that is not an invocation, with moto's response classes.

Calls run in the control thread, in the order of arrival. The exception is a call on a single item, which is
what functions make for each of their events: it runs on the event loop if the thread is idle. The layers
around moto do what moto does not (see ``layer``).
"""

import functools
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import (
    JSON,
    PROTOCOLS,
    QUERY,
    REST_JSON,
    AwsCall,
    Scope,
    scope_of,
)
from lambda_over_https.sandbox.control.aws_errors import error_response, read_error
from lambda_over_https.sandbox.control.layer import AwsResponse, Layer
from lambda_over_https.sandbox.control.parsing import parse
from lambda_over_https.sandbox.control.thread import ControlThread, logged
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web.http import Request, Response

log = logging.getLogger(__name__)

_CONTENT_TYPES = {QUERY: "text/xml", JSON: "application/x-amz-json-1.1"}
_BRIEF = {f"DynamoDB_20120810.{name}Item" for name in ("Get", "Put", "Update", "Delete")}
_REQUEST_ID = "x-amzn-requestid"
_HOP_HEADERS = {"status", "server", "date", "content-length", "connection", "content-type"}

_BEYOND = "Not in this sandbox: what this call asks for. Use AWS itself for it."


class ControlPlane:
    """The control plane of all services, as one handler of requests.

    ``authenticate`` raises AwsError for a request that nobody known has signed. ``classes`` are moto's, from
    ``moto_setup.load``; the first of the ``layers`` is the outermost.
    """

    def __init__(
        self,
        thread: ControlThread,
        authenticate: Callable[[Request], Scope],
        classes: Mapping[str, Any],
        layers: Sequence[Layer],
    ) -> None:
        self._thread = thread
        self._authenticate = authenticate
        self._classes = classes
        self._layers = {
            service: [each for each in layers if not each.services or service in each.services]
            for service in PROTOCOLS
        }

    async def handle(self, request: Request) -> Response:
        """Serve one call of AWS's API."""
        brief = request.headers.get("x-amz-target") in _BRIEF
        return await self._thread.run(lambda: self._serve(request), brief=brief)

    async def warm_up(self, requests: Iterable[Request]) -> None:
        """Have moto answer these requests, without the layers; other calls are served in between."""
        for request in requests:
            await self._thread.run(functools.partial(self._warm, request))

    def _warm(self, request: Request) -> None:
        logged(lambda: self._dispatch(parse(request)))

    def _serve(self, request: Request) -> Response:
        scope = scope_of(request)
        service = scope.service if scope else _unsigned(request)
        try:
            self._authenticate(request)
            call = parse(request)
            response = self._answer(call, self._layers[call.service])
        except AwsError as error:
            return error_response(service, error)
        except NotImplementedError as error:
            return error_response(service, AwsError("NotImplemented", f"Not in this sandbox: {error}", 501))
        except ImportError:  # a package that moto needs for rare calls alone is not installed
            log.exception("%s %s failed", request.method, request.path)
            return error_response(service, AwsError("NotImplemented", _BEYOND, 501))
        except (UnicodeError, RecursionError):  # moto reads most of a request again
            unread = AwsError("SerializationException", "The request is no text, or nested too deeply", 400)
            return error_response(service, unread)
        except Exception:  # a bug, in moto or here, must not end the process
            log.exception("%s %s failed", request.method, request.path)
            return error_response(
                service, AwsError("InternalFailure", "The sandbox has a bug here: see its log file.", 500)
            )
        return _written(service, response)

    def _answer(self, call: AwsCall, layers: Sequence[Layer], depth: int = 0) -> AwsResponse:
        """Pass the call through the layers from the outside in; moto is innermost."""
        if depth == len(layers):
            return self._dispatch(call)
        layer = layers[depth]
        layer.before(call)
        inner = functools.partial(self._answer, layers=layers, depth=depth + 1)
        response = layer.instead(call, inner) or inner(call)
        if response.status < 300:
            layer.after(call, response)
        else:
            _reword(layer, call, response)
        return response

    def _dispatch(self, call: AwsCall) -> AwsResponse:
        from werkzeug.exceptions import HTTPException

        try:
            status, headers, body = self._classes[call.service].dispatch(call)
        except HTTPException as error:
            status, headers, body = error.code, dict(error.get_headers()), error.get_body()
        lowered = {name.lower(): str(value) for name, value in headers.items()}
        kept = {name: value for name, value in lowered.items() if name not in _HOP_HEADERS}
        kept["content-type"] = _CONTENT_TYPES.get(PROTOCOLS[call.service], "application/json")
        return AwsResponse(int(status), body.encode() if isinstance(body, str) else body, kept)


def _unsigned(request: Request) -> str:
    """A service of the protocol in which an unsigned request can be answered; empty if none is known."""
    form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return "sts" if form else ""


def _written(service: str, response: AwsResponse) -> Response:
    """The response in the form of the service's protocol, whoever answered."""
    protocol = PROTOCOLS[service]
    if response.status >= HTTPStatus.BAD_REQUEST and protocol == REST_JSON:  # moto's, in its own form
        error = read_error(service, response.status, response.body)
        if error.code:
            return error_response(service, error)
    headers = {**response.headers}
    if _REQUEST_ID not in headers:  # a layer answered, not moto
        headers[_REQUEST_ID] = str(uuid.uuid4())
        if protocol == JSON:
            headers["content-type"] = _CONTENT_TYPES[JSON]
    return Response(response.status, response.body, tuple(headers.items()))


def _reword(layer: Layer, call: AwsCall, response: AwsResponse) -> None:
    said = read_error(call.service, response.status, response.body)
    better = layer.reword(call, said)
    if better is not said:
        raise better
