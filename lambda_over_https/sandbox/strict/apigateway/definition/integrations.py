"""Rules for integrations and their responses: URIs, roles, timeouts, what they map."""

import re
from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.apigateway.definition import mappings
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    bad_request,
    conflict,
    integration_of,
    method_of,
)

PASSTHROUGH_BEHAVIORS = ("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")
FUNCTIONS = r"arn:[^:]+:apigateway:[^:]+:lambda:path/+2015-03-31/functions/.+/invocations$"
"""The URIs by which functions are invoked."""

OF_CALLERS = "arn:aws:iam::*:user/*"
"""Instead of a role: API Gateway uses the credentials with which the API is called."""

MAX_TIMEOUT_MILLIS = 29_000
MIN_TIMEOUT_MILLIS = 50


def new_integration(call: AwsCall) -> None:
    """An integration must say, in a valid form, where to send the request."""
    declared = method_of(call).request_parameters or {}
    kind, uri = call.parameters["type"], call.parameters.get("uri") or ""
    check_uri(kind, uri, call.parameters.get("integrationHttpMethod"))
    check_credentials(kind, uri, call.parameters.get("credentials"))
    behavior = call.parameters.get("passthroughBehavior", "WHEN_NO_MATCH")
    if behavior not in PASSTHROUGH_BEHAVIORS:
        raise bad_request(
            f"Invalid passthroughBehavior specified. Valid options are {', '.join(PASSTHROUGH_BEHAVIORS)}"
        )
    mapped = call.parameters.get("requestParameters") or {}
    mappings.check_integration_request(mapped, declared)
    mappings.check_cache_keys(call.parameters.get("cacheKeyParameters") or (), {**declared, **mapped})
    check_timeout(call.parameters.get("timeoutInMillis"))


def check_uri(kind: str, uri: str, verb: str | None) -> None:
    """An integration with AWS has a verb, and a URI with a path or an action; a proxy calls a function.

    One with HTTP has a URL, whose host may be a stage variable.
    """
    if kind in ("HTTP", "HTTP_PROXY") and verb and not re.match("https?://[^/]", uri):
        raise bad_request("Invalid HTTP endpoint specified for URI")
    if kind not in ("AWS", "AWS_PROXY"):
        return
    if not verb:
        raise bad_request("Enumeration value for HttpMethod must be non-empty")
    if not re.match(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", uri):
        raise bad_request("Invalid ARN specified in the request")
    if not re.match(r"arn:[^:]+:apigateway:[^:]+:[^:]+:(path|action)/", uri):
        raise bad_request("AWS ARN for integration must contain path or action")
    if kind == "AWS_PROXY" and not re.match(FUNCTIONS, uri):
        raise bad_request(
            "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream "
            "invocations."
        )


def check_credentials(kind: str, uri: str, role: str | None) -> None:
    """API Gateway calls a service other than Lambda in a role, since no other service has a policy for it.

    The role is one of the account (reports of users). API reference, Integration: a text instead of a role
    means the credentials of the API's caller, who is not known here.
    """
    if role == OF_CALLERS:
        raise NotImplementedError(f"the credentials of an API's caller ({OF_CALLERS}). Name a role instead.")
    if role and not re.match("arn:[^:]+:iam::", role):
        raise bad_request("Invalid ARN specified in the request")
    if role and role.split(":")[4] != ACCOUNT:
        raise AwsError("AccessDeniedException", "Cross-account pass role is not allowed.", 403)
    if kind == "AWS" and not role and not re.match("arn:[^:]+:apigateway:[^:]+:lambda:", uri):
        raise bad_request("Role ARN must be specified for AWS integrations")


def check_timeout(timeout: int | None) -> None:
    """An integration waits no longer than 29 seconds."""
    if timeout is not None and not MIN_TIMEOUT_MILLIS <= timeout <= MAX_TIMEOUT_MILLIS:
        raise bad_request(f"Timeout should be between {MIN_TIMEOUT_MILLIS} ms and {MAX_TIMEOUT_MILLIS} ms")


def integration_defaults(call: AwsCall, response: AwsResponse) -> None:
    """Add what AWS fills in: passthrough behavior, timeout, the namespace of the cache."""
    integration = integration_of(call)
    if integration.integration_type == "MOCK":
        integration.uri = None
    integration.cache_key_parameters = list(call.parameters.get("cacheKeyParameters") or ())
    integration.passthrough_behaviour = integration.passthrough_behaviour or "WHEN_NO_MATCH"
    if integration.integration_type in ("HTTP", "HTTP_PROXY"):
        integration.connection_type = integration.connection_type or "INTERNET"
    integration.timeout_in_millis = integration.timeout_in_millis or MAX_TIMEOUT_MILLIS
    integration.cache_namespace = integration.cache_namespace or call.parameters["resourceId"]
    response.document = integration.to_json()


def declared_headers(call: AwsCall) -> Mapping[str, Any] | None:
    """The headers of the method's response with the status of the call; None if there is no such response."""
    response = method_of(call).method_responses.get(call.parameters["statusCode"])
    return None if response is None else response.response_parameters or {}


def new_integration_response(call: AwsCall) -> None:
    """Only one response may be the default; its templates are for media types, its headers are declared."""
    for name in call.parameters.get("responseTemplates") or ():
        if not re.fullmatch("[^/]+/[^/]+", name):
            raise bad_request(mappings.validation_result(f"Invalid content type specified: {name}"))
    mapped = call.parameters.get("responseParameters") or {}
    mappings.check_integration_response(mapped, declared_headers(call))
    responses = integration_of(call).integration_responses or {}
    if call.parameters.get("selectionPattern"):
        return
    if any(
        not response.selection_pattern and status != call.parameters["statusCode"]
        for status, response in responses.items()
    ):
        raise conflict("Integration response with selection pattern default already exists")
