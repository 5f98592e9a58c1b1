"""The usage plan of the chapter keys: what each of its keys may do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import STAGE
from lambda_over_https.tutorial.parts.identity import Described, by_id, by_id_or_tag
from lambda_over_https.tutorial.parts.part import (
    ABSENT,
    Listing,
    Namesake,
    Part,
    Product,
    Sighting,
    Standing,
    deleted,
)
from lambda_over_https.tutorial.parts.reading import usage_plans

NAME = "keys"

RATE, BURST = 10, 20
"""The plan's limit for each key: above the stage's (see ``throttle``), so that both can be seen."""

QUOTA = 1000
"""Requests of each key in a day."""

_LIMITS: Mapping[str, Any] = {
    "throttle": {"rateLimit": float(RATE), "burstLimit": BURST},
    "quota": {"limit": QUOTA, "period": "DAY"},
}


class UsagePlan(Part):
    """The usage plan: known by its recorded id or by our tag, because several may have one name.

    It is created with its stage: UpdateUsagePlan may be called only once in 20 seconds.
    """

    def name(self, stack: Stack) -> str:
        return stack.names.usage_plan

    def look(self, stack: Stack) -> Sighting:
        found = by_id_or_tag(stack, self, _getting_plans(stack), lambda: self._named(stack))
        if found is None:
            return ABSENT
        arn, tags = arns.usage_plan(stack.place, found["id"]), found.get("tags", {})
        if not stack.owns(tags):
            return Sighting(Standing.FOREIGN, "it does not carry our tag", found["id"], arn, tags=tags)
        reason = _difference(stack, found)
        return Sighting(Standing.PARTIAL if reason else Standing.OURS, reason, found["id"], arn, tags=tags)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        apigateway = stack.cloud.apigateway
        if seen.standing is not Standing.ABSENT:
            found = apigateway.get_usage_plan(usagePlanId=seen.id)
            operations = list(_corrections(stack, found))
            apigateway.update_usage_plan(usagePlanId=seen.id, patchOperations=operations)
            return Product(seen.id, seen.arn)
        plan = apigateway.create_usage_plan(
            name=stack.names.usage_plan,
            description="The usage plan of the tutorial (lambda-over-https)",
            apiStages=[{"apiId": stack.id_of(Kind.REST_API), "stage": STAGE}],
            tags=stack.tags,
            **_LIMITS,
        )
        return Product(plan["id"], arns.usage_plan(stack.place, plan["id"]))

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        """Take the stages off first: API Gateway deletes no plan that covers any."""
        apigateway, plan_id = stack.cloud.apigateway, record.id
        try:
            for each in apigateway.get_usage_plan(usagePlanId=plan_id).get("apiStages", []):
                stage = f"{each['apiId']}:{each['stage']}"
                patch: Any = [{"op": "remove", "path": "/apiStages", "value": stage}]
                # The API, and so the stage, may go at the same time: the second call says so.
                deleted(
                    lambda: apigateway.update_usage_plan(usagePlanId=plan_id, patchOperations=patch),  # noqa: B023
                    apigateway.exceptions.NotFoundException,
                )
            apigateway.delete_usage_plan(usagePlanId=plan_id)
        except apigateway.exceptions.NotFoundException:
            return False
        return True

    def additions(self) -> Sequence[Listing]:
        return further_keys, further_stages

    def _named(self, stack: Stack) -> Iterator[Described]:
        return (each for each in usage_plans(stack) if each["name"] == self.name(stack))

    def namesakes(self, stack: Stack) -> Iterator[Namesake]:
        for plan in usage_plans(stack):
            yield plan["name"], plan["id"], plan.get("tags", {})


def _getting_plans(stack: Stack) -> Callable[[str], Described]:
    return lambda plan_id: stack.cloud.apigateway.get_usage_plan(usagePlanId=plan_id)


def further_keys(stack: Stack) -> Iterator[str]:
    """Keys that somebody added to the plan: they open nothing when it is gone."""
    plan, apigateway = stack.id_of(Kind.USAGE_PLAN), stack.cloud.apigateway
    ours = {record.id for record in stack.journal.state.records if record.kind == Kind.API_KEY}
    for each in apigateway.get_usage_plan_keys(usagePlanId=plan, limit=500)["items"]:
        if each["id"] not in ours:
            yield f"the place of the API key {each['name']} in the usage plan (the key itself stays)"


def further_stages(stack: Stack) -> Iterator[str]:
    """Stages that somebody added to the plan: it limits and counts them no longer."""
    plan = by_id(stack, USAGE_PLAN, _getting_plans(stack)) or {}
    ours = (stack.id_of(Kind.REST_API), STAGE)
    for each in plan.get("apiStages", ()):
        if (each["apiId"], each["stage"]) != ours:
            yield f"the place of the stage {each['apiId']}:{each['stage']} in the plan (the stage stays)"


def _difference(stack: Stack, found: Mapping[str, Any]) -> str:
    if not _covers(stack, found):
        return "it does not cover the stage"
    for group, limits in _LIMITS.items():
        if {name: found.get(group, {}).get(name) for name in limits} != limits:
            return f"its {group} differs"
    return ""


def _covers(stack: Stack, found: Mapping[str, Any]) -> bool:
    ours = (stack.id_of(Kind.REST_API), STAGE)
    return ours in [(each["apiId"], each["stage"]) for each in found.get("apiStages", [])]


def _corrections(stack: Stack, found: Mapping[str, Any]) -> Iterator[Any]:
    if not _covers(stack, found):
        stage = f"{stack.id_of(Kind.REST_API)}:{STAGE}"
        yield {"op": "add", "path": "/apiStages", "value": stage}
    for group, limits in _LIMITS.items():
        for name, value in limits.items():
            if found.get(group, {}).get(name) != value:
                text = value if isinstance(value, str) else f"{value:g}"
                yield {"op": "replace", "path": f"/{group}/{name}", "value": text}


USAGE_PLAN = UsagePlan(
    kind=Kind.USAGE_PLAN,
    creates=("apigateway:CreateUsagePlan",),
    updates=("apigateway:UpdateUsagePlan",),
    removes=("apigateway:UpdateUsagePlan", "apigateway:DeleteUsagePlan"),
    after=(Kind.STAGE,),
    rests_on=(Kind.STAGE,),
    chapter=NAME,
)
