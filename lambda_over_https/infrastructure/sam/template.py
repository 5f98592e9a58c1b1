"""The SAM template of a description, whole or the part of one step."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.infrastructure import noting
from lambda_over_https.infrastructure.description import (
    PARAMETER,
    PLACE,
    Description,
    Noted,
    Parameter,
    Ref,
    Resource,
    Text,
    references,
)
from lambda_over_https.infrastructure.renaming import renamed
from lambda_over_https.infrastructure.sam.kinds import SHAPES, Shape, capital
from lambda_over_https.infrastructure.sam.yaml import Tagged, mapping_lines

TITLE = 'The AWS tutorial "Using AWS Lambda with Amazon API Gateway (On-Demand Over HTTPS)"'

_PLACES = {"partition": "AWS::Partition", "region": "AWS::Region", "account": "AWS::AccountId"}


def template(description: Description) -> str:
    """The whole template."""
    writer = Writer(description)
    head = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Description": TITLE,
    }
    used = writer.used()
    sections = {
        "Parameters": {
            camel(each.name): _parameter(each) for each in description.parameters if each.name in used
        },
        "Resources": noting.headed(writer.resources(), description.headings),
        "Outputs": {camel(each.name): writer.output(each) for each in description.outputs},
    }
    return "\n".join([*mapping_lines(head), *_sections(sections)]) + "\n"


def tree(description: Description) -> dict[str, Any]:
    """The resources by their logical ids, with notes of their steps."""
    return Writer(description).resources()


def written(resources: Mapping[str, Any]) -> str:
    """Resources, or parts of them, as text."""
    return "\n".join(mapping_lines(resources, spaced=True))


def left_out(description: Description) -> Iterator[str]:
    """What CloudFormation cannot say of it."""
    for resource in description.resources:
        for name in SHAPES[resource.kind].unknown:
            if name in resource.members:
                yield f"{name} (step {resource.step}): CloudFormation cannot set it."


def _sections(sections: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, members in sections.items():
        if members:
            yield from ("", f"{name}:")
            yield from mapping_lines(members, 1, spaced=name == "Resources")


def camel(name: str) -> str:
    """A name of the description as CloudFormation writes names."""
    return "".join(capital(word) for word in name.split("_"))


def _tagged(text: str) -> Tagged:
    """The shortest tag for a text of ``!Sub``."""
    # SAM's own, such as ManagerApi.Stage, are names of resources that it makes.
    if whole := re.fullmatch(r"\$\{([\w:]+|\w+\.Stage)\}", text):
        return Tagged("Ref", whole[1])
    if whole := re.fullmatch(r"\$\{(\w+\.\w+)\}", text):
        return Tagged("GetAtt", whole[1])
    return Tagged("Sub", text)


def _parameter(parameter: Parameter) -> dict[str, Any]:
    said = {
        "Type": "Number" if parameter.is_number else "String",
        "Description": parameter.about,
        "Default": parameter.default,
        "MinValue": parameter.least,
        "MaxValue": parameter.most,
    }
    return {name: value for name, value in said.items() if value is not None}


class Writer:
    """Makes a template's values of a description's."""

    def __init__(self, description: Description) -> None:
        self._description = description

    def resources(self) -> dict[str, Any]:
        """All resources by their logical ids."""
        return {
            self._id(resource): Noted(self._resource(resource), resource.step, resource.note)
            for resource in self._description.resources
            if not SHAPES[resource.kind].inside
        }

    def used(self) -> set[str]:
        """The parameters that the template needs."""
        members = [_members(resource) for resource in self._description.resources]
        return {ref.local for ref in references(members) if ref.kind == PARAMETER}

    def output(self, output: Any) -> dict[str, Any]:
        """What the deployment of the template tells."""
        return {"Description": output.about, "Value": self._value(output.value)}

    def _resource(self, resource: Resource) -> dict[str, Any]:
        shape = SHAPES[resource.kind]
        before = [self._id(each) for each in self._description.before(resource, shape.after)]
        properties = self._properties(resource)
        for each in self._description.resources:
            inner = SHAPES[each.kind]
            if inner.inside == resource.kind and each.owner == resource.local:
                self._put_inside(properties, each, inner)
        depends = {"DependsOn": before[0] if len(before) == 1 else before} if before else {}
        return {"Type": shape.type, **depends, **shape.beside, "Properties": properties}

    def _put_inside(self, properties: dict[str, Any], resource: Resource, shape: Shape) -> None:
        members = self._properties(resource)
        if shape.list:
            properties.setdefault(shape.list, []).append(Noted(members, resource.step, resource.note))
            return
        for number, (name, value) in enumerate(members.items()):
            note = "" if number else resource.note
            properties[name] = value if isinstance(value, Noted) else Noted(value, resource.step, note)

    def _properties(self, resource: Resource) -> dict[str, Any]:
        members = _members(resource)
        return {name: self._value(value) for name, value in members.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, Text):
            return _tagged("".join(self._said(each) for each in value.parts))
        if isinstance(value, Noted):
            return Noted(self._value(value.value), value.step, value.comment)
        if isinstance(value, Mapping):
            return {key: self._value(each) for key, each in value.items()}
        return [self._value(each) for each in value] if isinstance(value, list | tuple) else value

    def _said(self, piece: str | Ref) -> str:
        """A piece of a text as ``!Sub`` wants it."""
        if isinstance(piece, str):
            return piece.replace("${", "${!")
        if piece.kind == PARAMETER:
            return f"${{{camel(piece.local)}}}"
        if piece.kind == PLACE:
            return f"${{{_PLACES[piece.local]}}}"
        return self._attribute(piece)

    def _attribute(self, ref: Ref) -> str:
        shape = SHAPES[ref.kind]
        owner = SHAPES[shape.inside] if shape.inside else shape
        return re.sub(r"\bID\b", _logical_id(ref.local, owner), shape.attributes[ref.attribute])

    def _id(self, resource: Resource) -> str:
        return _logical_id(resource.local, SHAPES[resource.kind])


def _members(resource: Resource) -> dict[str, Any]:
    shape = SHAPES[resource.kind]
    known = {name: value for name, value in resource.members.items() if name not in shape.unknown}
    members = renamed(known, shape.members, capital)
    return {**members, **{name: value for name, value in shape.also.items() if name not in members}}


def _logical_id(local: str, shape: Shape) -> str:
    """What it is called and what it is, each said once: ``ManagerRole``, ``UsagePlan``, ``ApiKey1``."""
    called = local.rstrip("0123456789")
    number = local.removeprefix(called)
    called = called.rstrip("_")
    noun = shape.noun if shape.noun.endswith(camel(called)) else f"{camel(called)}{shape.noun}"
    return f"{noun}{number}"
