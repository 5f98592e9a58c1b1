"""A resource that has almost the right name: the commonest mistake, and the hardest to see."""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.parts import reading
from lambda_over_https.tutorial.parts.part import Part
from lambda_over_https.tutorial.steps.api import all_apis

ALIKE = 0.85
"""How alike two names are, from 0 to 1, that are taken for one."""


def near_miss(part: Part, stack: Stack, known: Collection[str]) -> str:
    """The name of a resource of that kind that nearly has the part's name; empty if there is none.

    Those that are ``known`` have the names that they should have.
    """
    listed = _LISTS.get(part.kind)
    names = [name for name in listed(stack) if name not in known] if listed else []
    return nearest(part.name(stack), names, stack.names.deployment)


def nearest(wanted: str, names: Iterable[str], deployment: str) -> str:
    """Of ``names`` the one most like ``wanted``; empty if none is like it.

    Another deployment's name for the same thing is none: alice-LambdaTable is no misspelt bob-LambdaTable.
    """
    prefix, plain = _split(wanted, deployment)
    ours = (name for name in names if name.startswith(prefix))
    best = max(ours, key=lambda name: _alike(name, wanted), default="")
    if best.endswith(f"-{plain}") or _alike(best, wanted) < ALIKE:
        return ""
    return best


def _split(name: str, deployment: str) -> tuple[str, str]:
    prefix = f"{deployment}-"
    return (prefix, name.removeprefix(prefix)) if name.startswith(prefix) else ("", name)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _functions(stack: Stack) -> Iterable[str]:
    pages = stack.cloud.lambda_.get_paginator("list_functions").paginate()
    return [each["FunctionName"] for page in pages for each in page["Functions"]]


def _tables(stack: Stack) -> Iterable[str]:
    pages = stack.cloud.dynamodb.get_paginator("list_tables").paginate()
    return [name for page in pages for name in page["TableNames"]]


def _stages(stack: Stack) -> Iterable[str]:
    found: Any = stack.cloud.apigateway.get_stages(restApiId=stack.id_of(Kind.REST_API))
    return [each["stageName"] for each in found["item"]]


_LISTS: Mapping[str, Callable[[Stack], Iterable[str]]] = {
    Kind.FUNCTION: _functions,
    Kind.TABLE: _tables,
    Kind.REST_API: lambda stack: [each.get("name", "") for each in all_apis(stack)],
    Kind.RESOURCE: lambda stack: list(reading.api_tree(stack)),
    Kind.STAGE: _stages,
    Kind.PERMISSION: lambda stack: list(reading.function_policy(stack)),
}
"""All names of a kind."""
