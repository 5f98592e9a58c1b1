"""What the API and everything in it should be, and why."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PATH
from lambda_over_https.practice.by_hand.judged import Field
from lambda_over_https.tutorial.definition import JSON
from lambda_over_https.tutorial.parts import reading
from lambda_over_https.tutorial.parts.part import Part
from lambda_over_https.tutorial.steps.api import all_apis
from lambda_over_https.tutorial.steps.deployment import DeployedStage
from lambda_over_https.tutorial.steps.integration.integration import (
    DEFAULTS,
    SHOWN_AS,
    Integration,
    integration_settings,
)
from lambda_over_https.tutorial.steps.integration.responses import IntegrationResponse, MethodResponse
from lambda_over_https.tutorial.steps.method import AUTHORIZATION, Method
from lambda_over_https.words import told

REGIONAL = "REGIONAL"
NONE_SET = "none"
NEW = "newer than step 3.4"
DEPLOYED = ("3.2", "3.3", "3.4")
"""The steps whose results a deployment holds."""

_INTEGRATION = {
    "type": "AWS is the custom integration: the body of the request becomes the event. With AWS_PROXY the"
    " function would get the whole request, and this handler does not expect that.",
    "integrationHttpMethod": "API Gateway calls Lambda's Invoke, and that is always a POST, whatever verb the"
    " client uses.",
    "uri": "It names the function by its ARN, inside the address of Lambda's Invoke.",
    "passthroughBehavior": "It decides what becomes of a body that no template matches.",
}
"""Why a member of an integration matters."""


def rest_api(_: Part, stack: Stack) -> Sequence[Field] | None:
    """The REST API: that there is one, and its endpoint type."""
    found: list[Any] = [each for each in all_apis(stack) if each.get("name") == stack.names.api]
    if not found:
        return None
    types = " and ".join(found[0].get("endpointConfiguration", {}).get("types", ["EDGE"]))
    ids = ", ".join(each["id"] for each in found)
    return [
        Field(
            "name",
            "one API" if len(found) == 1 else f"{len(found)} APIs: {ids}",
            "one API",
            "Several APIs may have one name; only the id tells them apart. Delete those that are too many:"
            " `aws apigateway delete-rest-api --rest-api-id ID`.",
        ),
        Field(
            "endpointConfiguration",
            types,
            REGIONAL,
            "EDGE, the default, puts CloudFront in front of the API, and an account may create such an API"
            " only once in 30 seconds: in a class, one student after the other. Press r and make it again"
            " with types=REGIONAL.",
        ),
    ]


def resource(_: Part, stack: Stack) -> Sequence[Field] | None:
    """The resource: it is there, or it is not."""
    return [] if PATH in reading.api_tree(stack) else None


def method(part: Method, stack: Stack) -> Sequence[Field] | None:
    """The method: who may call it."""
    found = reading.method_of(stack, part.wanted.verb)
    if not found:
        return None
    return [
        Field(
            "authorizationType",
            found.get("authorizationType", ""),
            AUTHORIZATION,
            "Here anyone may call. With AWS_IAM, clients must sign each request, and plain curl gets 403.",
        ),
        Field(
            "apiKeyRequired",
            told(bool(found.get("apiKeyRequired"))),
            told(part.wanted.api_key),
            "A method that requires an API key answers 403 to requests without one.",
        ),
    ]


def integration(part: Integration, stack: Stack) -> Sequence[Field] | None:
    """Where the method leads."""
    found = reading.method_of(stack, part.method.verb).get("methodIntegration")
    if not found:
        return None
    wanted = integration_settings(stack, part.method) | DEFAULTS
    return [_member(found, name, value) for name, value in wanted.items()]


def _member(found: Any, name: str, wanted: Any) -> Field:
    seen = found.get(SHOWN_AS.get(name, name)) or DEFAULTS.get(name, type(wanted)())
    return Field(name, told(seen or NONE_SET), told(wanted or NONE_SET), _INTEGRATION.get(name, ""))


def method_response(part: MethodResponse, stack: Stack) -> Sequence[Field] | None:
    """One status that the method may answer."""
    found = reading.method_of(stack, part.verb).get("methodResponses") or {}
    return [] if part.response.status in found else None


def integration_response(part: IntegrationResponse, stack: Stack) -> Sequence[Field] | None:
    """Which of the function's answers get that status, and the body."""
    there = reading.method_of(stack, part.verb).get("methodIntegration") or {}
    found = (there.get("integrationResponses") or {}).get(part.response.status)
    if found is None:
        return None
    return [
        Field(
            "selectionPattern",
            found.get("selectionPattern") or NONE_SET,
            part.response.pattern or NONE_SET,
            "API Gateway compares it with the whole errorMessage. If several patterns match a message, nobody"
            " can say which one counts: of these only one can match.",
        ),
        Field(
            "responseTemplates",
            (found.get("responseTemplates") or {}).get(JSON) or NONE_SET,
            part.response.template or NONE_SET,
            "The template is the body that callers get. Without one they get the function's answer as it is:"
            " of an error, with its stack trace.",
        ),
    ]


def stage(_: DeployedStage, stack: Stack) -> Sequence[Field] | None:
    """The stage, and that what it serves was deployed when the API was complete."""
    found = reading.stage(stack)
    if not found:
        return None
    older = _is_older(stack, found["deploymentId"])
    return [
        Field(
            "deploymentId",
            "older than step 3.4" if older else NEW,
            NEW,
            "The stage serves what was deployed before the API was complete. Deploy it once more.",
        )
    ]


def _is_older(stack: Stack, deployment_id: str) -> bool:
    """Whether the deployment was made before the last of what it should hold was recorded."""
    deployment = stack.cloud.apigateway.get_deployment(
        restApiId=stack.id_of(Kind.REST_API), deploymentId=deployment_id
    )
    recorded = [each.at for each in stack.journal.state.records if each.step in DEPLOYED and each.at]
    last = max(map(datetime.fromisoformat, recorded), default=None)
    # AWS tells the time of a deployment in whole seconds.
    return last is not None and deployment["createdDate"] + timedelta(seconds=1) < last
