"""The Terraform configuration of a description: its files, or the part of one step."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from lambda_over_https.infrastructure import noting
from lambda_over_https.infrastructure.description import (
    PARAMETER,
    PLACE,
    Description,
    Noted,
    Output,
    Parameter,
    Ref,
    Resource,
    Text,
    Wrapper,
    references,
)
from lambda_over_https.infrastructure.renaming import renamed
from lambda_over_https.infrastructure.terraform import hcl
from lambda_over_https.infrastructure.terraform.hcl import Block, Expression
from lambda_over_https.infrastructure.terraform.kinds import SHAPES
from lambda_over_https.infrastructure.terraform.shape import Shape, snake

_VERSIONS = Block(
    {
        "required_version": ">= 1.5",
        "required_providers": Block(
            {
                "aws": {"source": "hashicorp/aws", "version": "~> 6.0"},
                "archive": {"source": "hashicorp/archive", "version": "~> 2.4"},
            }
        ),
    },
    "terraform",
)

_PLACES = {
    "partition": ("aws_partition", "partition"),
    "region": ("aws_region", "region"),
    "account": ("aws_caller_identity", "account_id"),
}
"""The data source of each, and its attribute."""


def configuration(description: Description) -> dict[str, str]:
    """The configuration by file name."""
    main = noting.headed(resources(description), description.headings)
    return {
        "main.tf": _file([*_data(description), *main]),
        "variables.tf": _file(_variable(each) for each in description.parameters),
        "outputs.tf": _file(_output(each) for each in description.outputs),
        "versions.tf": _file([_VERSIONS]),
    }


def _file(blocks: Iterable[Any]) -> str:
    return hcl.text(blocks) + "\n"


def resources(description: Description) -> list[Any]:
    """The blocks of all resources, in the order of the steps."""
    blocks = [
        Noted(_block(resource, shape, description), shape.step or resource.step, shape.note or resource.note)
        for resource in description.resources
        for shape in SHAPES[resource.kind]
    ]
    return sorted(blocks, key=lambda noted: list(description.headings).index(noted.step))


def _block(resource: Resource, shape: Shape, description: Description) -> Block:
    members = renamed(
        shape.arrange(resource.members), shape.members, lambda name: None if shape.only else snake(name)
    )
    for name, value in shape.also.items():
        members.setdefault(name, value)
    before = description.before(resource, shape.after)
    if names := [Expression(f"{SHAPES[each.kind][-1].type}.{each.local}") for each in before]:
        members["depends_on"] = names
    kind, local = ("data", "handler") if shape.data else ("resource", resource.local)
    said = {name: _value(value, resource.local) for name, value in members.items()}
    return Block(said, f'{kind} "{shape.type}" "{local}"')


def _value(value: Any, local: str) -> Any:
    if isinstance(value, Text):
        return _expression(value)
    if isinstance(value, Expression):
        return Expression(value.text.replace("LOCAL", local))
    if isinstance(value, Wrapper):
        return replace(value, value=_value(value.value, local))
    if isinstance(value, Mapping):
        return {key: _value(each, local) for key, each in value.items()}
    return [_value(each, local) for each in value] if isinstance(value, list | tuple) else value


def _expression(text: Text) -> Expression:
    """A reference as it is where it is alone, else a template."""
    template = "".join(hcl.literal(part) if isinstance(part, str) else _said(part) for part in text.parts)
    alone = re.fullmatch(r"\$\{([^{}]*)\}", template)
    return Expression(alone[1] if alone else f'"{template}"')


def _said(ref: Ref) -> str:
    if ref.kind == PARAMETER:
        return f"${{var.{ref.local}}}"
    if ref.kind == PLACE:
        source, attribute = _PLACES[ref.local]
        return f"${{data.{source}.current.{attribute}}}"
    shape = SHAPES[ref.kind][-1]
    return shape.attributes[ref.attribute].replace("SELF", f"{shape.type}.{ref.local}")


def _data(description: Description) -> Iterator[Block]:
    """The data sources that say where the stack is, as far as it asks."""
    members = [each.members for each in description.resources]
    for place in sorted({ref.local for ref in references(members) if ref.kind == PLACE}):
        yield Block({}, f'data "{_PLACES[place][0]}" "current"')


def _variable(parameter: Parameter) -> Block:
    said: dict[str, Any] = {
        "description": parameter.about,
        "type": Expression("number" if parameter.is_number else "string"),
    }
    if parameter.default is not None:
        said["default"] = parameter.default
    if bounds := list(_bounds(parameter)):
        said["validation"] = Block(
            {
                "condition": Expression(" && ".join(bounds)),
                "error_message": f"The variable {parameter.name} must be {_range(parameter)}.",
            }
        )
    return Block(said, f'variable "{parameter.name}"')


def _bounds(parameter: Parameter) -> Iterator[str]:
    for sign, bound in ((">=", parameter.least), ("<=", parameter.most)):
        if bound is not None:
            yield f"var.{parameter.name} {sign} {bound}"


def _range(parameter: Parameter) -> str:
    if parameter.most is None:
        return f"at least {parameter.least}"
    return f"from {parameter.least} to {parameter.most}"


def _output(output: Output) -> Block:
    return Block({"description": output.about, "value": _expression(output.value)}, f'output "{output.name}"')
