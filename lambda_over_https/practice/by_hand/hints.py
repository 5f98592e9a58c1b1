"""Hints in three stages: which operation, which parameters, the whole call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from keyword import iskeyword
from typing import Any

from lambda_over_https.deployment.history import Call
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.practice.by_hand.judged import Judged
from lambda_over_https.practice.rehearsal import calls_of_part

STAGES = 3

ASIDE = frozenset({"tags", "description"})
"""Parameters that a learner may leave out: tags are put on afterwards, descriptions are for people."""


def calls_for(judged: Judged, stack: Stack) -> list[Call]:
    """The calls that make the resource, without what a learner may leave out."""
    return [without_asides(call) for call in calls_of_part(judged.part, stack)]


def without_asides(call: Call) -> Call:
    """The call without tags and descriptions."""
    kept = {key: value for key, value in call.parameters.items() if key.lower() not in ASIDE}
    return replace(call, parameters=kept)


def operations(calls: Sequence[Call]) -> Iterator[str]:
    """Stage 1: the service and operation of each call, as ``aws`` and boto3 name them."""
    from botocore import xform_name

    for call in calls:
        command = f"aws {call.service} {xform_name(call.operation, '-')}"
        client = f"{call.service}_" if iskeyword(call.service) else call.service
        yield f"{call.operation}: `{command}`, or in boto3 {client}.{xform_name(call.operation)}()"


def parameters(calls: Sequence[Call]) -> Iterator[str]:
    """Stage 2: the parameters of each call, without values."""
    for call in calls:
        yield f"{call.operation} needs {', '.join(_names(call.parameters))}"


def _names(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        inner = list(value) if isinstance(value, Mapping) and _has_members(value) else []
        yield f"{name} ({', '.join(inner)})" if inner else name


def _has_members(value: Mapping[str, Any]) -> bool:
    """Whether it is a structure, whose members have names of AWS's; the keys of a map are the learner's."""
    return all(key.isidentifier() for key in value)


def corrections(judged: Judged) -> str:
    """What corrects a resource that is there and wrong."""
    updates = " and ".join(each.partition(":")[2] for each in judged.part.updates)
    way = f"{updates} corrects it. Or press r" if updates else "Press r"
    return f"{way} to take {judged.name} back, and make it again."
