"""Mapping expressions: from where a parameter takes its value, and which parameters there are.

API Gateway guide, "Data mapping reference" and "Mapping template and access logging variable reference"; the
words of the refusals as reported (github.com/awsdocs/amazon-api-gateway-developer-guide/issues 7 and 24).
"""

import re
from collections.abc import Collection, Iterable, Mapping

from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.apigateway.lookups import bad_request

_NAME = r"[a-zA-Z0-9._$-]+"
_JSON_PATH = r"([.\[].+)?"
_CONTEXT = (
    "accountId apiId authenticate authorize authorizer awsEndpointRequestId cipherSuite customDomain "
    "deploymentId domainName domainPrefix endpointType error extendedRequestId httpMethod identity "
    "integration integrationLatency integrationStatus isCanaryRequest path protocol requestId "
    "requestOverride requestTime requestTimeEpoch resourceId resourcePath responseLatency responseLength "
    "responseOverride stage status tlsVersion waf wafResponseCode webaclArn xrayTraceId"
)
_ANYWHERE = rf"'.*'|stageVariables\.{_NAME}|context\.({_CONTEXT.replace(' ', '|')})(\..+)?"
_REQUEST = rf"method\.request\.((path|(multivalue)?(querystring|header))\.{_NAME}|body{_JSON_PATH})"
_RESPONSE = rf"integration\.response\.((multivalue)?header\.{_NAME}|body{_JSON_PATH})"

_FROM_REQUEST = re.compile(f"{_ANYWHERE}|{_REQUEST}", re.DOTALL)
_FROM_RESPONSE = re.compile(f"{_ANYWHERE}|{_RESPONSE}", re.DOTALL)
_TO_METHOD = re.compile(r"method\.request\.(header|path|querystring)\.(.+)", re.DOTALL)
_TO_INTEGRATION = re.compile(rf"integration\.request\.(header|path|querystring)\.{_NAME}")
_TO_CLIENT = re.compile(rf"method\.response\.header\.{_NAME}")
_TO_GATEWAY_RESPONSE = re.compile(rf"gatewayresponse\.(header|path|querystring)\.{_NAME}")


def check_method_request(names: Collection[str]) -> None:
    """A method's parameters (``method.request.header.X``) differ in more than where they stand."""
    for each in names:
        match = _matched(_TO_METHOD, each)
        if not re.fullmatch(_NAME, match[2]):
            rule = "Parameter name should match the following regular expression: ^[a-zA-Z0-9._$-]+$"
            raise invalid_mapping(rule)
    plain = [each.split(".", 3)[-1] for each in names]
    if len(set(plain)) < len(plain):
        raise bad_request("Parameter names must be unique across querystring, header and path")


def check_method_response(names: Iterable[str]) -> None:
    """A method's response declares headers (``method.response.header.X``) and nothing else."""
    for each in names:
        _matched(_TO_CLIENT, each)


def check_integration_request(mappings: Mapping[str, str], declared: Collection[str]) -> None:
    """An integration reads from a request what the method has ``declared``, or what every request has."""
    for target, source in mappings.items():
        _matched(_TO_INTEGRATION, target)
        _matched(_FROM_REQUEST, source)
        if re.match(r"method\.request\.(?!body)", source):
            _check_declared(source, declared, source.replace(".multivalue", ".", 1))


def check_integration_response(mappings: Mapping[str, str], declared: Collection[str] | None) -> None:
    """An integration's response sets headers ``declared`` by the method's; None if the method has none."""
    if mappings and declared is None:
        raise invalid_mapping("No method response exists for method.")
    for target, source in mappings.items():
        _matched(_TO_CLIENT, target)
        _check_declared(target, declared or ())
        _matched(_FROM_RESPONSE, source)


def check_gateway_response(mappings: Mapping[str, str]) -> None:
    """A gateway response takes its parameters from the request, not from an integration."""
    for target, source in mappings.items():
        _matched(_TO_GATEWAY_RESPONSE, target)
        _matched(_FROM_REQUEST, source)


def check_cache_keys(keys: Iterable[str], declared: Collection[str]) -> None:
    """A cache key is a parameter of the method, or one that the integration maps."""
    for each in keys:
        _check_declared(each, declared)


def invalid_mapping(error: str) -> AwsError:
    """The refusal of a mapping."""
    return bad_request(f"Invalid mapping expression specified: {validation_result(error)}")


def validation_result(error: str) -> str:
    """The form in which API Gateway tells what is wrong with a mapping or a model."""
    return f"Validation Result: warnings : [], errors : [{error}]"


def _matched(pattern: re.Pattern[str], expression: str) -> re.Match[str]:
    match = pattern.fullmatch(expression)
    if match is None:
        raise invalid_mapping(f"Invalid mapping expression specified: {expression}")
    return match


def _check_declared(said: str, declared: Collection[str], name: str | None = None) -> None:
    if (name or said) not in declared:
        raise invalid_mapping(f"Invalid mapping expression parameter specified: {said}")
