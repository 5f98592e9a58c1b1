"""TestInvokeMethod: runs one method of the API as it is defined now, and logs each step.

It needs no deployment, acts as the stage ``test-invoke-stage``, and ignores throttles and API keys. Source:
API Gateway API reference, TestInvokeMethod; developer guide, "Use the API Gateway console to test a REST API
method".
"""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from lambda_over_https.sandbox.control.refusals import unknown_method, unknown_resource
from lambda_over_https.sandbox.gateway.errors import GatewayError
from lambda_over_https.sandbox.gateway.gates.validation import validate
from lambda_over_https.sandbox.gateway.integrations.integration import Backends, run
from lambda_over_https.sandbox.gateway.mapping.media_types import JSON
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.gateway.request.execution_log import (
    ExecutionLog,
    grouped,
    log_request,
    log_response,
)
from lambda_over_https.sandbox.gateway.request.routing import Router
from lambda_over_https.sandbox.gateway.responses import gateway_response
from lambda_over_https.sandbox.model.apis import ApiKey, DeployedStage, Method, Resource, RestApi
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web.http import Request, Response

_STAGE = "test-invoke-stage"
_KEY = ApiKey("test-invoke-api-key-id", "test-invoke-api-key")
_SOURCE_IP = "test-invoke-source-ip"
_DOMAIN = "testPrefix.testDomainName"


class _TestExchange(Exchange):
    """A request that no client sent: it has no address and no headers of a network."""

    @cached_property
    def multi_headers(self) -> dict[str, list[str]]:
        """The headers of the test, and no others."""
        return grouped(self.request.header_lines)

    @cached_property
    def host(self) -> str:
        """The domain that AWS gives to tests."""
        return _DOMAIN

    @cached_property
    def context(self) -> dict[str, Any]:
        """``$context``, whose path has no stage in it."""
        return {**super().context, "path": self.path}


async def test_invoke(
    api: RestApi, resource_id: str, verb: str, document: Mapping[str, Any], backends: Backends
) -> dict[str, Any]:
    """Run one method and return the members of TestInvokeMethodResponse.

    ``document`` holds the members of the request: ``pathWithQueryString``, ``body``, ``headers``,
    ``multiValueHeaders``, ``stageVariables`` (``clientCertificateId`` has no effect here). AwsError if there
    is no such resource or method.
    """
    started = time.perf_counter()
    log = ExecutionLog()
    exchange = _exchange(api, _find(api, resource_id, verb), verb, document, log)
    log_request(exchange)
    response = await _answer(exchange, backends)
    log.note("Method completed with status: %s", response.status)
    headers = grouped(response.headers)
    return {
        "status": response.status,
        "body": response.body.decode("utf-8", "replace"),
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "log": log.text(exchange.request_id),
        "latency": round((time.perf_counter() - started) * 1000),
    }


def _find(api: RestApi, resource_id: str, verb: str) -> tuple[Resource, Method]:
    resource = api.resources.get(resource_id)
    if resource is None:
        raise unknown_resource()
    method = resource.methods.get(verb) or resource.methods.get("ANY")
    if method is None:
        raise unknown_method()
    return resource, method


def _exchange(
    api: RestApi, target: tuple[Resource, Method], verb: str, document: Mapping[str, Any], log: ExecutionLog
) -> Exchange:
    resource, method = target
    path, _, query = str(document.get("pathWithQueryString") or "").partition("?")
    path = "/" + path.lstrip("/") if path else resource.path
    lines = _header_lines(document)
    request = Request(
        verb, path, query, _headers(lines), _body(document), "https", _SOURCE_IP, header_lines=lines
    )
    stage = DeployedStage(_STAGE, "", api, document.get("stageVariables") or {})
    exchange = _TestExchange(request, stage, path, log)
    exchange.resource, exchange.method, exchange.api_key = resource, method, _KEY
    match = Router([resource]).find(path, verb)
    exchange.path_parameters = match.path_parameters if match else {}
    return exchange


def _body(document: Mapping[str, Any]) -> bytes:
    return str(document.get("body") or "").encode()


def _header_lines(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    multiple: Mapping[str, list[str]] = document.get("multiValueHeaders") or {}
    single: Mapping[str, str] = document.get("headers") or {}
    lines = [(name, value) for name, values in multiple.items() if name not in single for value in values]
    return [*lines, *single.items()]


def _headers(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers as one map. A test always counts as application/json, whatever it sends."""
    headers = {name.lower(): ", ".join(values) for name, values in grouped(lines).items()}
    return {**headers, "content-type": JSON}


async def _answer(exchange: Exchange, backends: Backends) -> Response:
    try:
        validate(exchange, exchange.method)
        response = await run(exchange, backends)
    except GatewayError as error:
        if error.reason:
            exchange.log.fail("%s", error.reason)
        answer = gateway_response(error, exchange)
        return replace(answer, headers=[line for line in answer.headers if line[0] != "Content-Type"])
    if exchange.traced:
        response = replace(response, headers=[("X-Amzn-Trace-Id", exchange.trace), *response.headers])
    log_response(exchange, response)
    return response


def read_request(body: bytes) -> dict[str, Any]:
    """The document in the body of a TestInvokeMethod call. AwsError if it is not a JSON object."""
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise AwsError("SerializationException", "The request body is not a JSON object", 400)
    return document
