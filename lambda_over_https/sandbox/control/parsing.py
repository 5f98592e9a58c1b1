"""Recognises a call in the request that was sent: its operation and its parameters.

Three protocols are enough for the services here: query (IAM, STS), JSON with a target header (DynamoDB,
CloudWatch Logs, EventBridge, tagging) and REST-JSON (Lambda, API Gateway).
https://smithy.io/2.0/aws/protocols/index.html
"""

import functools
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

from lambda_over_https.sandbox.control import serialization
from lambda_over_https.sandbox.control.aws_calls import (
    JSON,
    PROTOCOLS,
    QUERY,
    REST_JSON,
    AwsCall,
    input_shape,
    scope_of,
)
from lambda_over_https.sandbox.control.functions import names as function_names
from lambda_over_https.sandbox.control.nulls import without_nulls
from lambda_over_https.sandbox.model.account import DEFAULT_REGION
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import unsatisfied_null
from lambda_over_https.sandbox.web.http import Request

_REQUIRED_QUERY: Final = {"lambda": ("tagKeys", "Qualifier")}
"""Parameters of the query without which no operation of the service matches."""

_OF_EVENTS: Final = frozenset({"Invoke", "InvokeAsync", "InvokeWithResponseStream"})
"""Lambda's calls whose body is an event. Their names of functions are read where they are served."""


def parse(request: Request) -> AwsCall:
    """Recognise the call. AwsError if it is not signed, or its service or operation is unknown."""
    scope = scope_of(request)
    if scope is None:
        raise AwsError("MissingAuthenticationToken", "Missing Authentication Token", 403)
    protocol = PROTOCOLS.get(scope.service)
    if protocol is None:
        served = ", ".join(sorted(PROTOCOLS))
        raise AwsError("UnknownService", f"The sandbox does not serve {scope.service}, only {served}.", 501)
    read = {QUERY: _query, JSON: _target, REST_JSON: _rest}[protocol]
    operation, parameters = read(scope.service, request)
    if scope.service == "lambda" and operation not in _OF_EVENTS:
        request = without_nulls(request)
        shape = input_shape(scope.service, operation)
        qualified = shape is not None and "Qualifier" in shape.members
        request, parameters = function_names.plain(
            request, scope.region, operation, parameters, qualified=qualified
        )
    return AwsCall(scope.service, operation, scope.region, scope.access_key, request, parameters)


def _query(service: str, request: Request) -> tuple[str, Mapping[str, Any]]:
    try:
        fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    except ValueError:  # no UTF-8, or too many fields
        raise AwsError("MalformedQueryString", "The query string contains a syntax error.", 400) from None
    fields.update(parse_qsl(request.query, keep_blank_values=True))
    operation = fields.get("Action", "")
    return operation, _modelled(service, operation, {"values": fields})


def _target(service: str, request: Request) -> tuple[str, Mapping[str, Any]]:
    operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
    if operation not in _operations(service):
        raise AwsError("UnknownOperationException", "Unknown Operation")
    try:
        parameters = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise AwsError("SerializationException", "Could not parse the request body as JSON") from None
    if not isinstance(parameters, dict):
        raise AwsError("SerializationException", "Start of structure or map found where not expected")
    shape = input_shape(service, operation)
    if shape is not None:
        serialization.check(shape, parameters)
    return operation, parameters


@functools.cache
def _operations(service: str) -> frozenset[str]:
    from moto.core.utils import get_service_model

    return frozenset(get_service_model(service).operation_names)


def _rest(service: str, request: Request) -> tuple[str, Mapping[str, Any]]:
    wire = moto_request(service, DEFAULT_REGION, request)
    matched = _match(service, wire)
    if matched is None:
        raise _unmatched(service, request)
    operation, uri_parameters = matched
    document = {"url_params": uri_parameters, "values": wire.values, "headers": wire.headers}
    parameters = _modelled(service, operation.name, {**document, "body": request.body})
    shape = input_shape(service, operation.name)
    if service == "apigateway" and shape is not None:
        serialization.check_texts(shape, parameters)
    return operation.name, parameters


def _match(service: str, wire: Any) -> Any:
    """The operation that the request is for, and the parameters in its path; None if there is none."""
    from moto.core.routing import get_service_router
    from werkzeug.exceptions import HTTPException

    try:
        return get_service_router(service).match(wire)
    except (HTTPException, NotImplementedError, UnicodeError):
        return None


def _unmatched(service: str, request: Request) -> AwsError:
    """Why no operation matches: perhaps only for want of a parameter of the query, as Lambda tells."""
    if service == "apigateway" and request.path.startswith("/v2/"):
        raise NotImplementedError("HTTP and WebSocket APIs (apigatewayv2). Use a REST API")
    for name in _REQUIRED_QUERY.get(service, ()):
        query = "&".join(part for part in (request.query, f"{name}=x") if part)
        if _match(service, moto_request(service, DEFAULT_REGION, replace(request, query=query))):
            return AwsError("ValidationException", unsatisfied_null(name[0].lower() + name[1:]))
    return AwsError("UnknownOperationException", "Unknown Operation", 404)


def _modelled(service: str, operation: str, document: dict[str, Any]) -> Mapping[str, Any]:
    """Read the parameters as the service's model in botocore describes them."""
    from botocore.model import OperationNotFoundError
    from moto.core.parse import PROTOCOL_PARSERS
    from moto.core.utils import get_service_model

    try:
        model = get_service_model(service).operation_model(operation)
    except OperationNotFoundError:
        raise AwsError("InvalidAction", f"Could not find operation {operation}", 400) from None
    parser = PROTOCOL_PARSERS[PROTOCOLS[service]](model)
    try:
        parsed: Mapping[str, Any] = parser.parse(document)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise AwsError("SerializationException", "Could not parse the request", 400) from None
    return parsed


def moto_request(service: str, region: str, request: Request) -> Any:
    """The request in the form that moto reads, as if it had been sent to AWS's own endpoint."""
    from moto.core.request import Request as MotoRequest

    host = f"{service}.{region}.amazonaws.com"
    query = f"?{request.query}" if request.query else ""
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
    return MotoRequest(
        {
            **headers,
            "HTTP_HOST": host,
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
            "RAW_URI": request.path + query,
            "QUERY_STRING": request.query,
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(request.body)),
            "SERVER_NAME": host,
            "SERVER_PORT": "443",
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(request.body),
        }
    )


def follow_up(call: AwsCall, operation: str, parameters: Mapping[str, Any]) -> AwsCall:
    """Another call of the same REST-JSON service by the same caller, as an SDK would send it.

    AwsError BadRequestException if the operation has no such parameter, or one has the wrong type.
    """
    from botocore.exceptions import ParamValidationError
    from botocore.serialize import create_serializer
    from moto.core.utils import get_service_model

    model = get_service_model(call.service).operation_model(operation)
    try:
        wire = create_serializer(REST_JSON).serialize_to_request(dict(parameters), model)
    except ParamValidationError as error:
        raise AwsError("BadRequestException", str(error)) from None
    headers = {**call.request.headers, "content-type": "application/json"}
    return parse(
        replace(
            call.request,
            method=wire["method"],
            path=wire["url_path"],
            query=urlencode(wire["query_string"]),
            headers=headers,
            body=wire["body"],
        )
    )
