"""Judge what a learner made in a step: each of its resources, by the rules of its kind."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.practice.by_hand import api, compute, table
from lambda_over_https.practice.by_hand.judged import Field, Judged
from lambda_over_https.practice.by_hand.names import near_miss
from lambda_over_https.tutorial.parts.part import Part
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.steps.api import RestApi
from lambda_over_https.tutorial.steps.deployment import DeployedStage
from lambda_over_https.tutorial.steps.function.function import Function
from lambda_over_https.tutorial.steps.function.log_group import LogGroup
from lambda_over_https.tutorial.steps.integration.integration import Integration
from lambda_over_https.tutorial.steps.integration.responses import IntegrationResponse, MethodResponse
from lambda_over_https.tutorial.steps.method import Method
from lambda_over_https.tutorial.steps.permission import Permission
from lambda_over_https.tutorial.steps.resource import Resource
from lambda_over_https.tutorial.steps.role.policy import RolePolicy
from lambda_over_https.tutorial.steps.role.role import Role
from lambda_over_https.tutorial.steps.table import Table

Fields = Sequence[Field] | None
"""What was found of a resource; None if it is not there."""

_JUDGES: Mapping[type[Part], Callable[[Any, Stack], Fields]] = {
    Role: compute.role,
    RolePolicy: compute.role_policy,
    LogGroup: compute.log_group,
    Function: compute.function,
    Permission: compute.permission,
    Table: table.table,
    RestApi: api.rest_api,
    Resource: api.resource,
    Method: api.method,
    Integration: api.integration,
    MethodResponse: api.method_response,
    IntegrationResponse: api.integration_response,
    DeployedStage: api.stage,
}


def can_be_done(step: Step, stack: Stack) -> bool:
    """Whether a learner can make what the step makes: resources of AWS that are not lent."""
    parts = step.parts(stack)
    return bool(parts) and all(type(part) in _JUDGES and not part.adopted for part in parts)


def judge(step: Step, stack: Stack) -> list[Judged]:
    """Each resource of the step as it is now. Nothing is changed."""
    stack.readings.forget()
    parts = step.parts(stack)
    names = {part.name(stack) for part in parts}
    with explained():
        return [_judged(part, stack, names) for part in parts]


def _judged(part: Part, stack: Stack, names: Collection[str]) -> Judged:
    name, fields = part.name(stack), _JUDGES[type(part)](part, stack)
    if fields is None:
        return Judged(part, name, there=False, near=_near(part, stack, names))
    return Judged(part, name, there=True, fields=fields)


def _near(part: Part, stack: Stack, names: Collection[str]) -> str:
    """A near miss, where one may look for it: to list everything takes permissions of its own."""
    try:
        with explained():
            return near_miss(part, stack, names)
    except LohError:
        return ""
