"""Runs HTTP and HTTP_PROXY integrations.

API Gateway guide, "HTTP integrations"; statuses and headers as recorded. What the client reads when the
endpoint cannot be reached is from reports of users.
"""

import http.client
import ssl
import time
from dataclasses import dataclass
from typing import Final

from lambda_over_https.sandbox.gateway.errors import (
    INTEGRATION_TIMEOUT,
    ConfigurationError,
    GatewayError,
    NetworkError,
)
from lambda_over_https.sandbox.gateway.integrations.endpoints.client import (
    HttpClient,
    Incoming,
    Outgoing,
    TooLargeError,
)
from lambda_over_https.sandbox.gateway.integrations.endpoints.message import outgoing
from lambda_over_https.sandbox.gateway.mapping.compiled import CompiledMethod
from lambda_over_https.sandbox.gateway.mapping.headers import check, renamed
from lambda_over_https.sandbox.gateway.mapping.media_types import JSON, accepted, is_binary, mime_type
from lambda_over_https.sandbox.gateway.mapping.parameters import EndpointResponse
from lambda_over_https.sandbox.gateway.mapping.transform import method_response
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.gateway.request.execution_log import log_received, log_sent
from lambda_over_https.sandbox.web.http import Response

_REMAPPED: Final = "x-amzn-requestid"


@dataclass(frozen=True, slots=True)
class HttpInvoker:
    """Calls the endpoints of integrations, waits no longer than the timeout, and tells the execution log."""

    client: HttpClient

    async def invoke(self, exchange: Exchange, method: CompiledMethod) -> Incoming:
        """Call the endpoint of the method's integration. GatewayError if it gives no response."""
        request = outgoing(exchange, method)
        if exchange.log.kept:
            log_sent(exchange, request.address.url, dict(request.headers), request.body)
        began = time.perf_counter()
        found = await self._send(request, method.integration.timeout_in_millis / 1000)
        if exchange.log.kept:
            seconds = time.perf_counter() - began
            log_received(exchange, found.status, dict(found.headers), found.body, seconds)
        return found

    async def _send(self, request: Outgoing, timeout: float) -> Incoming:
        try:
            return await self.client.send(request, timeout)
        except TimeoutError:
            reason = "Execution failed due to a timeout error"
            raise GatewayError(INTEGRATION_TIMEOUT, reason=reason) from None
        except ssl.SSLError as error:
            raise ConfigurationError(f"HTTPS with {request.address.authority} failed: {error}") from None
        except (OSError, http.client.HTTPException) as error:
            raise NetworkError(str(error) or type(error).__name__) from None
        except TooLargeError:
            raise ConfigurationError("the endpoint's response is larger than 10 MB") from None


async def run_http(exchange: Exchange, method: CompiledMethod, invoker: HttpInvoker) -> Response:
    """Answer by an HTTP integration: the integration response that the endpoint's status chooses."""
    incoming = await invoker.invoke(exchange, method)
    exchange.traced = True
    status = str(incoming.status)
    chosen = method.matching_response(status) or method.default_response(incoming.status)
    response = EndpointResponse(incoming.body.decode("utf-8", "replace"), incoming.headers)
    return method_response(exchange, method, chosen, response)


async def run_http_proxy(exchange: Exchange, method: CompiledMethod, invoker: HttpInvoker) -> Response:
    """Answer by an HTTP proxy integration: with the endpoint's response as it is."""
    incoming = await invoker.invoke(exchange, method)
    if not 200 <= incoming.status <= 599:
        raise ConfigurationError(f"the endpoint's status is {incoming.status}")
    lines = [(name, value) for name, value in incoming.headers if name.lower() != "transfer-encoding"]
    for name, value in lines:
        check(name, value)
    headers = [(_sent(name), value) for name, value in lines]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.insert(0, ("Content-Type", JSON))
    return Response(incoming.status, _content(exchange, incoming), headers)


def _sent(name: str) -> str:
    return f"x-amzn-Remapped-{name}" if name.lower() == _REMAPPED else renamed(name)


def _content(exchange: Exchange, incoming: Incoming) -> bytes:
    """The body; of a media type that the API does not call binary, as far as it is text."""
    found = {name.lower(): value for name, value in incoming.headers}
    types = exchange.api.binary_media_types
    binary = is_binary(mime_type(found.get("content-type", "")), types) or is_binary(
        accepted(exchange), types
    )
    if binary or "content-encoding" in found:
        return incoming.body
    return incoming.body.decode("utf-8", "replace").encode()
