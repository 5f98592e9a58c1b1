"""Rules for an API's definition: names, resources, methods, integrations and their responses."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.control.refusals import unknown_resource
from lambda_over_https.sandbox.strict.apigateway import mappings, models, policy
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    api_of,
    bad_request,
    conflict,
    integration_of,
    method_of,
    resource_of,
)

HTTP_METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY")
AUTHORIZATION_TYPES = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")
AUTHORIZED = AUTHORIZATION_TYPES[2:]
"""Those that need an authorizer."""

PASSTHROUGH_BEHAVIORS = ("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")
FUNCTIONS = r"arn:[^:]+:apigateway:[^:]+:lambda:path/+2015-03-31/functions/.+/invocations$"
"""The URIs by which functions are invoked."""

MAX_TIMEOUT_MILLIS = 29_000
MIN_TIMEOUT_MILLIS = 50
MAX_COMPRESSION_SIZE = 10_485_760


def new_api(call: AwsCall) -> None:
    """An API must have a name and exactly one endpoint type."""
    if call.parameters.get("description") == "":
        raise bad_request("Description cannot be an empty string")
    if not call.parameters.get("name"):
        raise bad_request("Invalid API name specified")
    check_endpoint(call.parameters.get("endpointConfiguration") or {})
    check_compression_size(call.parameters.get("minimumCompressionSize") or 0)
    policy.check(call.parameters.get("policy") or "")


def check_endpoint(configuration: Mapping[str, Any]) -> None:
    """An API has one type of endpoint, and a private one is dual-stack."""
    types = configuration.get("types")
    if types == []:
        raise bad_request("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.")
    if len(types or ()) > 1:
        raise bad_request("Cannot create an api with multiple Endpoint Types.")
    if types == ["PRIVATE"] and configuration.get("ipAddressType") == "ipv4":
        raise bad_request("Only dualstack ipAddressType is supported for Private APIs.")


def check_compression_size(size: int) -> None:
    """The smallest size that is compressed must be a possible size of a body."""
    if not 0 <= size <= MAX_COMPRESSION_SIZE:
        raise bad_request(f"Invalid minimum compression size, must be between 0 and {MAX_COMPRESSION_SIZE}")


def keep_members(call: AwsCall, response: AwsResponse) -> None:
    """Answer 201 with everything that CreateRestApi was given, and AWS's defaults; moto drops some of it."""
    api = apigateway_backend(call.region).apis[response.document["id"]]
    api.version = call.parameters.get("version")
    models.add_defaults(api)
    api.endpoint_configuration = _endpoint_defaults(api.endpoint_configuration)
    api.binaryMediaTypes = list(call.parameters.get("binaryMediaTypes") or ())
    response.status, response.document = 201, policy.described(api)


def _endpoint_defaults(said: dict[str, Any]) -> dict[str, Any]:
    """An endpoint is edge-optimized by default, and uses IPv4 unless it is private."""
    types = said.get("types") or ["EDGE"]
    address_type = "dualstack" if types == ["PRIVATE"] else "ipv4"
    return {"ipAddressType": address_type, **said, "types": types}


def new_resource(call: AwsCall) -> None:
    """A resource must have a parent, a valid path part, and no sibling of the same name."""
    api, parent_id = api_of(call), call.parameters["parentId"]
    path_part = call.parameters["pathPart"]
    parent = api.resources.get(parent_id)
    if parent is None:
        raise unknown_resource()
    if parent.path_part.endswith("+}"):
        part = parent.path_part
        raise bad_request(f"Cannot create a child of a resource with a greedy path variable: {part}")
    check_path_part(path_part)
    siblings = [resource.path_part for resource in api.resources.values() if resource.parent_id == parent_id]
    if path_part in siblings:
        raise conflict(f"Another resource with the same parent already has this name: {path_part}")
    variable = next((part for part in siblings if part.startswith("{")), None)
    if variable and path_part.startswith("{"):
        raise bad_request(
            f"A sibling ({variable}) of this resource already has a variable path part -- only one is allowed"
        )


def check_path_part(path_part: str) -> None:
    """A path part has letters, digits and a few signs, or is a variable in braces."""
    if not re.fullmatch(r"[a-zA-Z0-9._\-:]+|\{[a-zA-Z0-9._\-:]+\+?\}", path_part):
        raise bad_request(
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces "
            "at the beginning and the end."
        )


def removable_resource(call: AwsCall) -> None:
    """The root resource cannot be deleted."""
    if resource_of(call).parent_id is None:
        raise bad_request("Root resource cannot be deleted")


def delete_children(call: AwsCall, _: AwsResponse) -> None:
    """DeleteResource also deletes the resources below."""
    resources = api_of(call).resources
    while orphans := [r.id for r in resources.values() if r.parent_id and r.parent_id not in resources]:
        for orphan in orphans:
            del resources[orphan]


def bare_methods(call: AwsCall, response: AwsResponse) -> None:
    """A resource shows only the verbs of its methods, unless ``embed`` asks for more."""
    if "methods" in (call.parameters.get("embed") or ()):
        return
    document = response.document
    for resource in document.get("item", [document]):
        if "resourceMethods" in resource:
            resource["resourceMethods"] = {verb: {} for verb in resource["resourceMethods"]}
    response.document = document


def new_method(call: AwsCall) -> None:
    """A method must be new, and what it refers to must exist."""
    verb = call.parameters["httpMethod"]
    if verb not in HTTP_METHODS:
        options = ",".join(HTTP_METHODS)
        raise bad_request(f"Invalid HttpMethod specified. Valid options are {options}")
    if verb in resource_of(call).resource_methods:
        raise conflict("Method already exists for this resource")
    check_authorization(call, call.parameters.get("authorizationType"), call.parameters.get("authorizerId"))
    check_validator(call, call.parameters.get("requestValidatorId"))
    check_models(call, (call.parameters.get("requestModels") or {}).values())
    mappings.check_method_request(call.parameters.get("requestParameters") or {})


def check_authorization(call: AwsCall, kind: str | None, authorizer_id: str | None) -> None:
    """The authorization type must be known, and its authorizer must exist."""
    kind = (kind or "").upper()
    if kind not in AUTHORIZATION_TYPES:
        raise bad_request(
            f"Invalid authorization type specified. Valid options are {', '.join(AUTHORIZATION_TYPES)}"
        )
    if kind in AUTHORIZED and authorizer_id not in api_of(call).authorizers:
        raise bad_request(
            "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
            "COGNITO_USER_POOLS requires a valid authorizer."
        )


def keep_authorization_type(call: AwsCall, response: AwsResponse) -> None:
    """Keep the authorization type in capitals, in whatever case it was sent."""
    method = method_of(call)
    method.authorization_type = method.authorization_type.upper()
    response.document = {**response.document, "authorizationType": method.authorization_type}


def check_validator(call: AwsCall, validator_id: str | None) -> None:
    """The request validator must exist, if one is named."""
    if validator_id and validator_id not in api_of(call).request_validators:
        raise bad_request("Invalid Request Validator identifier specified")


def check_models(call: AwsCall, names: Iterable[str]) -> None:
    """The models must exist."""
    known = models.BUILT_IN | api_of(call).models.keys()
    for name in names:
        if name not in known:
            raise bad_request(f"Invalid model identifier specified: {name}")


def new_method_response(call: AwsCall) -> None:
    """A method's response must be new, and its models must exist."""
    if call.parameters["statusCode"] in method_of(call).method_responses:
        raise conflict("Response already exists for this resource")
    check_models(call, (call.parameters.get("responseModels") or {}).values())
    mappings.check_method_response(call.parameters.get("responseParameters") or {})


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
    """API Gateway calls a service other than Lambda in a role, since no other service has a policy for it."""
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
