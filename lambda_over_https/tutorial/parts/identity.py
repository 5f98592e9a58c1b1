"""Find what we made where a name is not unique: by its recorded id, else by its name and our tag.

The tag alone proves nothing: AWS cannot limit who puts it on what.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.tutorial.parts.part import Part

Described = Mapping[str, Any]
"""A resource as API Gateway describes it."""


def by_id(stack: Stack, part: Part, get: Callable[[str], Described]) -> Described | None:
    """The one whose id the journal has; None if it has none, or that is gone."""
    record = stack.record(part.kind, part.name(stack))
    if record is None or not record.id:
        return None
    try:
        return get(record.id)
    except stack.cloud.apigateway.exceptions.NotFoundException:
        return None


def by_id_or_tag(
    stack: Stack,
    part: Part,
    get: Callable[[str], Described],
    named: Callable[[], Iterable[Described]],
    *,
    blocks: bool = False,
) -> Described | None:
    """The one by the recorded id, else the first with our tag of those that are ``named`` so; None if absent.

    With ``blocks``, somebody else's of that name is in the way, and given where there is none of ours.
    """
    found = by_id(stack, part, get)
    if found is not None:
        return found
    others: list[Described] = []
    for each in named():
        if stack.owns(each.get("tags", {})):
            return each
        others.append(each)
    return next(iter(others), None) if blocks else None
