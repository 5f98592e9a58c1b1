"""The API keys of the chapter keys, and their places in the plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.chapters.keys.usage_plan import NAME
from lambda_over_https.tutorial.parts.identity import by_id_or_tag
from lambda_over_https.tutorial.parts.part import ABSENT, Namesake, Part, Product, Sighting, Standing, deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey(Part):
    """An API key. Its value is a secret: it is asked for when a request needs it, and kept nowhere."""

    number: int

    def name(self, stack: Stack) -> str:
        return stack.names.api_keys[self.number]

    def look(self, stack: Stack) -> Sighting:
        apigateway = stack.cloud.apigateway
        found = by_id_or_tag(
            stack,
            self,
            lambda key_id: apigateway.get_api_key(apiKey=key_id),
            lambda: self._named(stack),
        )
        if found is None:
            return ABSENT
        arn, tags = arns.api_key(stack.place, found["id"]), found.get("tags", {})
        if not stack.owns(tags):
            return Sighting(Standing.FOREIGN, "it does not carry our tag", found["id"], arn, tags=tags)
        if not found.get("enabled"):
            return Sighting(Standing.PARTIAL, "it is disabled", found["id"], arn, tags=tags)
        return Sighting(Standing.OURS, id=found["id"], arn=arn, tags=tags)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        apigateway = stack.cloud.apigateway
        if seen.standing is not Standing.ABSENT:
            enable: Any = [{"op": "replace", "path": "/enabled", "value": "true"}]
            apigateway.update_api_key(apiKey=seen.id, patchOperations=enable)
            return Product(seen.id, seen.arn)
        key = apigateway.create_api_key(
            name=self.name(stack),
            description="An API key of the tutorial (lambda-over-https)",
            enabled=True,
            tags=stack.tags,
        )
        return Product(key["id"], arns.api_key(stack.place, key["id"]))

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway = stack.cloud.apigateway
        return deleted(
            lambda: apigateway.delete_api_key(apiKey=record.id), apigateway.exceptions.NotFoundException
        )

    def namesakes(self, stack: Stack) -> Iterator[Namesake]:
        for key in self._named(stack):
            yield key["name"], key["id"], key.get("tags", {})

    def _named(self, stack: Stack) -> Iterator[Any]:
        """The keys of this name: a deployment has several, all with the same tags."""
        pages = stack.cloud.apigateway.get_paginator("get_api_keys").paginate(nameQuery=self.name(stack))
        return (item for page in pages for item in page["items"] if item.get("name") == self.name(stack))


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePlanKey(Part):
    """A key's place in the plan: a key without one opens nothing."""

    number: int

    def name(self, stack: Stack) -> str:
        return stack.names.api_keys[self.number]

    def look(self, stack: Stack) -> Sighting:
        apigateway = stack.cloud.apigateway
        key, plan = stack.record(Kind.API_KEY, self.name(stack)), stack.record(Kind.USAGE_PLAN)
        if key is None or plan is None or not (key.id and plan.id):
            return ABSENT
        try:
            apigateway.get_usage_plan_key(usagePlanId=plan.id, keyId=key.id)
        except apigateway.exceptions.NotFoundException:
            return ABSENT
        return Sighting(Standing.OURS, id=key.id)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        key = stack.id_of(Kind.API_KEY, self.name(stack))
        stack.cloud.apigateway.create_usage_plan_key(
            usagePlanId=stack.id_of(Kind.USAGE_PLAN), keyId=key, keyType="API_KEY"
        )
        return Product(key)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway, plan = stack.cloud.apigateway, stack.id_of(Kind.USAGE_PLAN)
        return deleted(
            lambda: apigateway.delete_usage_plan_key(usagePlanId=plan, keyId=record.id),
            apigateway.exceptions.NotFoundException,
        )


KEYS = tuple(
    ApiKey(
        kind=Kind.API_KEY,
        creates=("apigateway:CreateApiKey",),
        updates=("apigateway:UpdateApiKey",),
        removes=("apigateway:DeleteApiKey",),
        after=(Kind.USAGE_PLAN,),
        chapter=NAME,
        number=number,
    )
    for number in (0, 1)
)

PLAN_KEYS = tuple(
    UsagePlanKey(
        kind=Kind.USAGE_PLAN_KEY,
        owner=Kind.USAGE_PLAN,
        creates=("apigateway:CreateUsagePlanKey",),
        removes=("apigateway:DeleteUsagePlanKey",),
        cascades=True,
        rests_on=(Kind.USAGE_PLAN, Kind.API_KEY),
        chapter=NAME,
        number=number,
    )
    for number in (0, 1)
)
