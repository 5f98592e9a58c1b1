"""``import`` blocks: with them Terraform takes over what the tutorial made instead of making it anew."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.deployment.journal.state import State
from lambda_over_https.hints import completed
from lambda_over_https.infrastructure.description import PARAMETER, Description, Ref, Resource, Text
from lambda_over_https.infrastructure.noting import commented
from lambda_over_https.infrastructure.terraform import hcl
from lambda_over_https.infrastructure.terraform.hcl import Block, Expression
from lambda_over_https.infrastructure.terraform.kinds import SHAPES

WARNING = (
    "With the first `terraform apply`, Terraform takes over what the tutorial made. From then on do not use "
    "`loh run` or `loh teardown` for it: `terraform destroy` removes it."
)

_EXPECTED = (
    "The first plan should import everything, change in place what has tags, a package or a definition, and "
    "replace the API's deployment. If it wants to replace or destroy anything else, do not apply it."
)

Ids = Mapping[tuple[str, str], Mapping[str, str]]
"""What a journal knows of resources, by kind and name: the ``id``, the ``arn``, and other details."""


def recorded_ids(state: State) -> Ids:
    """What a journal knows of what was made."""
    return {(each.kind, each.name): {**each.detail, "id": each.id, "arn": each.arn} for each in state.records}


def imports(description: Description, ids: Ids) -> str:
    """The file with the blocks, one for each resource that Terraform can take over."""
    blocks = [
        Block(
            {
                "to": Expression(f"{shape.type}.{resource.local}"),
                "id": _filled(shape.known_as, resource, description, ids),
            },
            "import",
        )
        for resource in description.resources
        for shape in SHAPES[resource.kind]
        if shape.known_as
    ]
    return "".join(f"{line}\n" for line in (*_warning(), hcl.text(blocks)))


def _warning() -> Iterator[str]:
    for each in (WARNING, _EXPECTED):
        yield from commented(completed(each), hcl.WIDTH)
    yield ""


def _filled(pattern: str, resource: Resource, description: Description, ids: Ids) -> str:
    """What AWS knows the resource by, with the values of the deployment itself."""

    def value(name: str) -> str:
        if name in resource.members:
            return _value(resource.members[name], description, ids)
        called = _filled(SHAPES[resource.kind][-1].called, resource, description, ids)
        return ids[resource.kind, called][name]

    return re.sub(r"\{(\w+)\}", lambda found: value(found[1]), pattern)


def _value(value: Any, description: Description, ids: Ids) -> str:
    parts = value.parts if isinstance(value, Text) else (value,)
    return "".join(_meant(part, description, ids) if isinstance(part, Ref) else str(part) for part in parts)


def _meant(ref: Ref, description: Description, ids: Ids) -> str:
    if ref.kind == PARAMETER:
        return str(next(each.default for each in description.parameters if each.name == ref.local))
    found = next(each for each in description.resources if each.key == (ref.kind, ref.local))
    shape = SHAPES[ref.kind][-1]
    named = {"name": shape.called, "arn": "{arn}"}
    return _filled(named.get(ref.attribute) or shape.known_as, found, description, ids)
