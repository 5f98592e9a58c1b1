"""Step 3.1: the REST API."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lambda_over_https.aws import arns
from lambda_over_https.aws.waiting.pacing import not_its_turn
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.parts import additions
from lambda_over_https.tutorial.parts.identity import Described, by_id_or_tag
from lambda_over_https.tutorial.parts.part import (
    ABSENT,
    Listing,
    Namesake,
    Part,
    Product,
    Sighting,
    Standing,
    Turn,
    deleted,
)
from lambda_over_https.tutorial.parts.step import Step

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import RestApiTypeDef


class RestApi(Part):
    """The REST API, REGIONAL: the default, edge-optimized, may be created only once in 30 seconds.

    Its name is not unique in an account, so it is known by its recorded id or by our tag, never by the name.
    """

    def name(self, stack: Stack) -> str:
        return stack.names.api

    def look(self, stack: Stack) -> Sighting:
        found = by_id_or_tag(
            stack,
            self,
            lambda api_id: stack.cloud.apigateway.get_rest_api(restApiId=api_id),
            lambda: (api for api in all_apis(stack) if api.get("name") == self.name(stack)),
            blocks=True,
        )
        return ABSENT if found is None else _sighting(stack, found)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        api = stack.cloud.apigateway.create_rest_api(
            name=stack.names.api,
            description="The REST API of the tutorial (lambda-over-https)",
            endpointConfiguration={"types": ["REGIONAL"]},
            tags=stack.tags,
        )
        return Product(
            api["id"],
            arns.rest_api(stack.place, api["id"]),
            {"root_resource_id": api.get("rootResourceId", "")},
        )

    def adopt(self, stack: Stack, seen: Sighting) -> Product:
        stack.cloud.apigateway.tag_resource(resourceArn=seen.arn, tags=stack.tags)
        return Product(seen.id, seen.arn, seen.detail)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway = stack.cloud.apigateway
        try:
            return deleted(
                lambda: apigateway.delete_rest_api(restApiId=record.id),
                apigateway.exceptions.NotFoundException,
            )
        except apigateway.exceptions.TooManyRequestsException:
            if stack.cloud.turns:
                raise
            raise not_its_turn("DeleteRestApi") from None

    def namesakes(self, stack: Stack) -> Iterator[Namesake]:
        """Every REST API of the account: several may have one name, and any may carry a tag of ours."""
        for api in all_apis(stack):
            yield api["name"], api["id"], api.get("tags", {})

    def additions(self) -> Sequence[Listing]:
        return (
            additions.further_stages,
            additions.further_resources,
            additions.further_methods,
            additions.authorizers,
            additions.models,
            additions.request_validators,
            additions.gateway_responses,
            additions.places_in_usage_plans,
        )


def all_apis(stack: Stack) -> "Iterator[RestApiTypeDef]":
    """Every REST API of the account and region."""
    pages = stack.cloud.apigateway.get_paginator("get_rest_apis").paginate(PaginationConfig={"PageSize": 500})
    return (item for page in pages for item in page["items"])


def _sighting(stack: Stack, api: Described) -> Sighting:
    arn, tags = arns.rest_api(stack.place, api["id"]), api.get("tags", {})
    detail = {"root_resource_id": api.get("rootResourceId", "")}
    if not stack.owns(tags):
        return Sighting(Standing.FOREIGN, "a REST API of this name exists", api["id"], arn, detail, tags)
    return Sighting(Standing.OURS, id=api["id"], arn=arn, detail=detail, tags=tags)


REST_API = RestApi(
    kind=Kind.REST_API,
    creates=("apigateway:CreateRestApi",),
    turn=Turn.LAST,
    after=(Kind.CACHE, Kind.WEB_ACL_ASSOCIATION),
)

STEP = Step(lesson("3.1"), needs=("1",), parts=lambda _: (REST_API,))
