"""The gateway: takes a request to a stage through every step of API Gateway's data plane."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from lambda_over_https.sandbox.control.aws_errors import error_response
from lambda_over_https.sandbox.control.refusals import unknown_api
from lambda_over_https.sandbox.gateway.compression import LARGEST_BODY, compressed, decompressed
from lambda_over_https.sandbox.gateway.errors import (
    ACCESS_DENIED,
    MISSING_AUTHENTICATION_TOKEN,
    REQUEST_TOO_LARGE,
    WAF_FILTERED,
    GatewayError,
    UnsupportedError,
)
from lambda_over_https.sandbox.gateway.gates.admission import Admission
from lambda_over_https.sandbox.gateway.gates.cache import ResponseCache
from lambda_over_https.sandbox.gateway.gates.resource_policy import check_policy
from lambda_over_https.sandbox.gateway.gates.validation import validate
from lambda_over_https.sandbox.gateway.integrations.endpoints.client import HttpClient
from lambda_over_https.sandbox.gateway.integrations.endpoints.integration import HttpInvoker
from lambda_over_https.sandbox.gateway.integrations.function_invoker import (
    FunctionInvoker,
    Invoke,
    InvokeLater,
)
from lambda_over_https.sandbox.gateway.integrations.integration import Backends, run
from lambda_over_https.sandbox.gateway.logs import access_log, stage_log
from lambda_over_https.sandbox.gateway.mapping.compiled import compiled
from lambda_over_https.sandbox.gateway.request import trail
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.gateway.request.execution_log import log_response
from lambda_over_https.sandbox.gateway.request.watch import Watch
from lambda_over_https.sandbox.gateway.responses import gateway_response
from lambda_over_https.sandbox.gateway.test_invoke import read_request, test_invoke
from lambda_over_https.sandbox.model.apis import DeployedStage, RestApi
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web.http import Request, Response, json_response

_log = logging.getLogger(__name__)


class GatewayView(access_log.LogGroups, Protocol):
    """What the gateway reads of the account's state. It is answered from memory, on the event loop."""

    def deployed(self, api_id: str, stage: str) -> DeployedStage | None:
        """Return the stage with the snapshot that it serves; None if there is no such API or stage."""

    def rest_api(self, region: str, api_id: str) -> RestApi | None:
        """Return the API as it is defined now; None if it does not exist."""

    def function_policy(self, function_arn: str) -> Sequence[Mapping[str, Any]]:
        """Return the statements of the function's resource policy; none if it has no policy."""


class Firewall(Protocol):
    """AWS WAF, as it stands before the stages of APIs."""

    def lets_in(self, api_id: str, stage: str, request: Request, path: str) -> bool:
        """Whether the stage's web ACL lets the request in, if it has one; ``path`` follows the stage."""


class Gateway:
    """API Gateway's data plane: ``handle`` for deployed stages, ``test_invoke`` for TestInvokeMethod.

    ``watch`` tells of the requests to deployed stages.
    """

    def __init__(
        self,
        state: GatewayView,
        invoke: Invoke,
        admission: Admission | None = None,
        cache: ResponseCache | None = None,
        firewall: Firewall | None = None,
        invoke_later: InvokeLater | None = None,
        client: HttpClient | None = None,
    ) -> None:
        self._state = state
        self._client = client or HttpClient()
        functions = FunctionInvoker(state, invoke, invoke_later)
        self._backends = Backends(functions, HttpInvoker(self._client))
        self._admission = admission or Admission()
        self._cache = cache or ResponseCache()
        self._firewall = firewall
        self.watch = Watch()

    def close(self) -> None:
        """End the requests to endpoints that are running."""
        self._client.close()

    async def handle(self, request: Request, api_id: str, stage: str, path: str) -> Response:
        """Answer a request to ``/{stage}{path}`` of an API. ``path`` is as sent, with its leading slash."""
        deployed = self._state.deployed(api_id, stage)
        exchange = Exchange(request, deployed or DeployedStage(stage, "", RestApi(api_id, "")), path or "/")
        exchange.trail = self.watch.follow(exchange)
        try:
            if deployed is None:
                raise GatewayError(ACCESS_DENIED)
            response = await self._answer(exchange)
        except GatewayError as error:
            _report(exchange, error)
            exchange.trail.stop(error)
            response = gateway_response(error, exchange)
        exchange.trail.end(response)
        if exchange.stage.access_log is not None:
            access_log.write(self._state, exchange.stage.access_log, exchange, response)
        stage_log.end(self._state, exchange, response)
        return _with_ids(exchange, compressed(response, exchange))

    async def test_invoke(
        self, request: Request, region: str, api_id: str, resource_id: str, verb: str
    ) -> Response:
        """Answer a call of TestInvokeMethod."""
        try:
            api = self._state.rest_api(region, api_id)
            if api is None:
                raise unknown_api(api_id)
            document = read_request(request.body)
            return json_response(200, await test_invoke(api, resource_id, verb, document, self._backends))
        except AwsError as error:
            return error_response("apigateway", error)

    async def _answer(self, exchange: Exchange) -> Response:
        if len(exchange.request.body) > LARGEST_BODY:
            raise GatewayError(REQUEST_TOO_LARGE)
        if exchange.api.disable_execute_api_endpoint:
            raise GatewayError(ACCESS_DENIED)
        if self._firewall is not None:
            self._pass(exchange, self._firewall)
        exchange.request = decompressed(exchange.request)
        route(exchange)
        exchange.trail.reach(trail.METHOD)
        if exchange.stage.execution_logs:
            stage_log.begin(exchange)
        if exchange.api.policy is not None:
            check_policy(exchange, exchange.api.policy)
        self._admission.admit(exchange)
        if exchange.stage.execution_logs:
            stage_log.admitted(exchange)
        validate(exchange, exchange.method)
        exchange.trail.reach(trail.INTEGRATION)
        if exchange.stage.cache is None:
            return await self._run(exchange)
        return await self._cache.respond(exchange, lambda: self._run(exchange))

    async def _run(self, exchange: Exchange) -> Response:
        response = await run(exchange, self._backends)
        log_response(exchange, response)
        return response

    @staticmethod
    def _pass(exchange: Exchange, firewall: Firewall) -> None:
        """Raise GatewayError unless the stage's web ACL lets the request in, before all else is asked."""
        if not firewall.lets_in(exchange.api.id, exchange.stage.name, exchange.request, exchange.path):
            raise GatewayError(WAF_FILTERED)


def route(exchange: Exchange) -> None:
    """Find the resource and the method. GatewayError (403 Missing Authentication Token) if there is none."""
    match = compiled(exchange.api).router.find(exchange.path, exchange.verb)
    if match is None:
        raise GatewayError(MISSING_AUTHENTICATION_TOKEN)
    exchange.resource, exchange.path_parameters = match.resource, match.path_parameters
    method = exchange.method = match.method
    if method.authorization_type == "AWS_IAM" and "authorization" not in exchange.request.headers:
        raise GatewayError(MISSING_AUTHENTICATION_TOKEN)
    if method.authorization_type != "NONE":
        raise UnsupportedError(f"the authorization type {method.authorization_type}")


def _report(exchange: Exchange, error: GatewayError) -> None:
    if error.reason:
        exchange.log.fail("%s", error.reason)
        _log.warning(
            "%s %s %s%s: %s",
            exchange.api.id,
            exchange.verb,
            exchange.stage.name,
            exchange.path,
            error.reason,
        )


def _with_ids(exchange: Exchange, response: Response) -> Response:
    """Add the headers that every response of the gateway has."""
    headers = [
        *response.headers,
        ("x-amzn-RequestId", exchange.request_id),
        ("x-amz-apigw-id", exchange.extended_request_id),
    ]
    if exchange.traced:
        headers.append(("X-Amzn-Trace-Id", exchange.trace))
    return Response(response.status, response.body, headers)
