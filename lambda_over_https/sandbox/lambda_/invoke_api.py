"""The requests and responses of the Invoke API, as the service model and recordings on AWS have them."""

import base64
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from lambda_over_https.sandbox.control import aws_errors
from lambda_over_https.sandbox.control.functions.names import read_name
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import InvocationResult
from lambda_over_https.sandbox.model.wording import one_of, unsatisfied
from lambda_over_https.sandbox.web.http import Request, Response

SYNCHRONOUS_LIMIT = 6_291_456
"""Bytes of the largest event of a RequestResponse invocation (Lambda quotas)."""

ASYNCHRONOUS_LIMIT = 1_048_576
"""Bytes of the largest event of an Event invocation (Lambda quotas)."""

CONTEXT_LIMIT = 3583
"""Bytes of the longest client context, in base64 (API reference, Invoke)."""

_NOT_SERVED = {"x-amz-tenant-id": "TenantId", "x-amz-durable-execution-name": "DurableExecutionName"}
_TYPES = ("RequestResponse", "Event", "DryRun")
_LOG_TYPES = ("None", "Tail")
_PATH = re.compile(r"/[0-9-]+/functions/([^/]+)/(invocations|invoke-async)/?")


@dataclass(frozen=True, slots=True)
class InvokeRequest:
    """One call of Invoke. ``client_context`` is JSON."""

    name: str
    qualifier: str | None
    kind: str
    payload: bytes
    tail: bool = False
    client_context: str | None = None


def parse(request: Request, region: str) -> InvokeRequest:
    """Read a request to .../invocations or .../invoke-async. AwsError, as AWS answers, if it is invalid."""
    path = _PATH.fullmatch(request.path)
    if path is None:
        raise AwsError("ResourceNotFoundException", f"Nothing at {request.path}", 404)
    for header, member in _NOT_SERVED.items():
        if header in request.headers:
            message = f"Not in this sandbox: {member} of Invoke. Leave it out, or use AWS itself for it."
            raise AwsError("NotImplemented", message, 501)
    query = parse_qs(request.query).get("Qualifier", [None])[0]
    name, qualifier = _target(unquote(path[1]), query, region)
    asynchronous = path[2] == "invoke-async"
    kind = "Event" if asynchronous else request.headers.get("x-amz-invocation-type", _TYPES[0])
    _check_enum("invocationType", kind, _TYPES)
    log_type = request.headers.get("x-amz-log-type", _LOG_TYPES[0])
    _check_enum("logType", log_type, _LOG_TYPES)
    limit = ASYNCHRONOUS_LIMIT if kind == "Event" else SYNCHRONOUS_LIMIT
    if len(request.body) > limit:
        message = f"Request must be smaller than {limit} bytes for the InvokeFunction operation"
        raise AwsError("RequestEntityTooLargeException", message, 413)
    return InvokeRequest(
        name=name,
        qualifier=qualifier,
        kind=kind,
        payload=request.body,
        tail=log_type == "Tail",
        client_context=_client_context(request.headers.get("x-amz-client-context")),
    )


def accepted_response(request: InvokeRequest, request_id: str) -> Response:
    """The response to an Event or DryRun invocation."""
    return Response(202 if request.kind == "Event" else 204, b"", [("x-amzn-RequestId", request_id)])


def result_response(request: InvokeRequest, result: InvocationResult) -> Response:
    """The response to a RequestResponse invocation."""
    headers = [
        ("Content-Type", "application/json"),
        ("x-amzn-RequestId", result.request_id),
        ("X-Amz-Executed-Version", result.executed_version),
    ]
    if result.error is not None:
        headers.append(("X-Amz-Function-Error", result.error))
    if request.tail:
        headers.append(("X-Amz-Log-Result", base64.b64encode(result.log).decode()))
    return Response(200, result.payload, headers)


def error_response(error: AwsError) -> Response:
    """The response to a call that is refused."""
    if error.code == "TooManyRequestsException":
        return aws_errors.error_response(
            "lambda", error, Reason="ReservedFunctionConcurrentInvocationLimitExceeded"
        )
    return aws_errors.error_response("lambda", error)


def _target(name: str, query: str | None, region: str) -> tuple[str, str | None]:
    match = read_name(name, region, "InvokeFunction")
    if match is None:
        message = (
            f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint"
        )
        raise AwsError("ValidationException", message)
    if match["qualifier"] and query and match["qualifier"] != query:
        message = "The derived qualifier from the function name does not match the specified qualifier."
        raise AwsError("InvalidParameterValueException", message)
    return match["name"], query or match["qualifier"]


def _check_enum(member: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise AwsError("ValidationException", unsatisfied(value, member, one_of(known)))


def _client_context(header: str | None) -> str | None:
    if not header:
        return None
    if len(header) > CONTEXT_LIMIT:
        raise _bad_content(f"Client context must have at most {CONTEXT_LIMIT} bytes in base64.")
    try:
        context = base64.b64decode(header, validate=True).decode()
        if isinstance(json.loads(context), dict):
            return context
    except (ValueError, RecursionError):
        pass
    raise _bad_content("Client context must be a valid Base64-encoded JSON object.")


def _bad_content(message: str) -> AwsError:
    return AwsError("InvalidRequestContentException", message)
