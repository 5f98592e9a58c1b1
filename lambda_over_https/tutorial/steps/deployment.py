"""Step 3.5: the deployment and its stage."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.events import Note
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PATH, STAGE
from lambda_over_https.tutorial.definition import Api, plain
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.parts import additions
from lambda_over_https.tutorial.parts.part import ABSENT, Listing, Part, Product, Sighting, Standing
from lambda_over_https.tutorial.parts.reading import api_tree, stage
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.steps.integration.integration import integration_uri
from lambda_over_https.tutorial.steps.method import AUTHORIZATION
from lambda_over_https.words import told

OURS = "lambda-over-https"
"""What the description of each deployment of ours begins with: deployments carry no tags."""

_SUPERSEDED = "an earlier deployment of ours may still be there beside the one that is served"
"""Why to deploy again where the answer to a deployment was lost: only then do the others go."""

_DESCRIPTION = f"{OURS}: the tutorial's API, snapshot {{}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedStage(Part):
    """Stage ``prod``: what callers see, a snapshot of the API when it was deployed."""

    api: Api

    def name(self, stack: Stack) -> str:
        return STAGE

    def look(self, stack: Stack) -> Sighting:
        found, api_id = stage(stack), stack.id_of(Kind.REST_API)
        if not found:
            return ABSENT
        deployed, wanted = _deployed(stack, found["deploymentId"]), self._snapshot(stack)
        if deployed != wanted:
            return Sighting(Standing.PARTIAL, _difference(stack, found["deploymentId"]), STAGE)
        record = stack.record(Kind.STAGE)
        if record and record.detail.get("deployment_id", found["deploymentId"]) != found["deploymentId"]:
            return Sighting(Standing.PARTIAL, _SUPERSEDED, STAGE)
        detail = self._detail(stack, found["deploymentId"])
        return Sighting(Standing.OURS, id=STAGE, arn=_arn(stack, api_id), detail=detail)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        api_id = stack.id_of(Kind.REST_API)
        if seen.standing is Standing.PARTIAL:
            stack.run.emit(Note("3.5", f"It is deployed again, because {seen.reason}."))
        deployment = stack.cloud.apigateway.create_deployment(
            restApiId=api_id, stageName=STAGE, description=_DESCRIPTION.format(self._snapshot(stack))
        )
        if seen.standing is Standing.PARTIAL:
            _remove_ours(stack, besides=deployment["id"])
        return Product(STAGE, _arn(stack, api_id), self._detail(stack, deployment["id"]))

    def adopt(self, stack: Stack, seen: Sighting) -> Product:
        """Take in a stage deployed by hand when all before it was right: it serves what we define."""
        found = stage(stack)
        arn, detail = _arn(stack, stack.id_of(Kind.REST_API)), self._detail(stack, found["deploymentId"])
        return Product(STAGE, arn, detail)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway, api_id = stack.cloud.apigateway, stack.id_of(Kind.REST_API)
        try:
            apigateway.delete_stage(restApiId=api_id, stageName=STAGE)
        except apigateway.exceptions.NotFoundException:
            return False
        _remove_ours(stack)
        return True

    def additions(self) -> Sequence[Listing]:
        return (additions.places_in_usage_plans,)

    def _snapshot(self, stack: Stack) -> str:
        """A digest of what is to be deployed; it goes into the deployment's description.

        So the stage itself shows whether it serves what we define. Without the digest it would be unknown
        whether a deployment whose answer was lost was made before or after a change, or by somebody else.
        """
        definition: list[Any] = [PATH, AUTHORIZATION, integration_uri(stack), plain(self.api)]
        return hashlib.sha256(json.dumps(definition).encode()).hexdigest()[:16]

    def _detail(self, stack: Stack, deployment_id: str) -> dict[str, str]:
        return {
            "deployment_id": deployment_id,
            "invoke_url": stack.invoke_url,
            "snapshot": self._snapshot(stack),
        }


def _remove_ours(stack: Stack, besides: str = "") -> None:
    """Delete the deployments that carry our mark; one that somebody's own stage serves stays."""
    apigateway, api_id = stack.cloud.apigateway, stack.id_of(Kind.REST_API)
    for each in apigateway.get_deployments(restApiId=api_id, limit=500)["items"]:
        if each["id"] != besides and each.get("description", "").startswith(OURS):
            with suppress(apigateway.exceptions.BadRequestException):
                apigateway.delete_deployment(restApiId=api_id, deploymentId=each["id"])


def _deployed(stack: Stack, deployment_id: str) -> str:
    """The digest of what deployment ``deployment_id`` serves; empty if it is not one of ours."""
    record = stack.record(Kind.STAGE)
    if record and record.detail.get("deployment_id") == deployment_id:
        return record.detail.get("snapshot", "")
    apigateway, api_id = stack.cloud.apigateway, stack.id_of(Kind.REST_API)
    deployment = apigateway.get_deployment(restApiId=api_id, deploymentId=deployment_id)
    return deployment.get("description", "").rpartition(" ")[2]


def _difference(stack: Stack, deployment_id: str) -> str:
    """Why the stage is not as it should be, and what a deployment changes for clients.

    What somebody changed on the API and did not deploy comes into force too.
    """
    found: Any = stack.cloud.apigateway.get_deployment(
        restApiId=stack.id_of(Kind.REST_API), deploymentId=deployment_id, embed=["apisummary"]
    )
    said = found.get("description", "")
    reason = "the API was changed after it was deployed"
    if not said.startswith(OURS):
        reason = f"the stage serves a deployment that is not ours ({said or deployment_id})"
    changes = list(_changes(found.get("apiSummary") or {}, api_tree(stack)))
    return f"{reason}; clients will see: {', '.join(changes)}" if changes else reason


def _changes(deployed: Mapping[str, Any], tree: Mapping[str, Any]) -> Iterator[str]:
    """What differs between the methods that are deployed and those that there are now, in words."""
    if not deployed:  # an endpoint that does not say what is deployed
        return
    before = {(verb, path): each for path, verbs in deployed.items() for verb, each in verbs.items()}
    now = {
        (verb, path): each
        for path, resource in tree.items()
        for verb, each in (resource.get("resourceMethods") or {}).items()
    }
    yield from (f"{verb} {path} is new" for verb, path in sorted(now.keys() - before.keys()))
    yield from (f"{verb} {path} is removed" for verb, path in sorted(before.keys() - now.keys()))
    for verb, path in sorted(now.keys() & before.keys()):
        yield from (f"{verb} {path} {how}" for how in _rules(before[verb, path], now[verb, path]))


def _rules(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """How the rules of who may call a method change: all that a deployment's summary says of one."""
    was, will = old.get("authorizationType"), new.get("authorizationType")
    if was != will:
        yield f"has the authorization {told(will)} instead of {told(was)}"
    if old.get("apiKeyRequired") != new.get("apiKeyRequired"):
        yield "asks for an API key" if new.get("apiKeyRequired") else "asks for no API key any more"


def _arn(stack: Stack, api_id: str) -> str:
    return arns.stage(stack.place, api_id, STAGE)


def step(api: Api) -> Step:
    """The step that deploys ``api``."""
    deployed = DeployedStage(
        kind=Kind.STAGE,
        owner=Kind.REST_API,
        creates=("apigateway:CreateDeployment",),
        updates=("apigateway:CreateDeployment", "apigateway:DeleteDeployment"),
        cascades=True,
        rests_on=(Kind.INTEGRATION_RESPONSE,),
        api=api,
    )
    return Step(lesson("3.5"), needs=("3.4",), parts=lambda _: (deployed,))
