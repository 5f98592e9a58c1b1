"""Hints in three stages: which operation, which parameters, the whole call."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from keyword import iskeyword
from typing import Any

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.practice.by_hand.judged import Judged
from lambda_over_https.practice.rehearsal.rehearsing import calls_of_part, calls_that_correct
from lambda_over_https.tutorial.parts.part import Sighting

STAGES = 3

TAGS = frozenset({"tags"})
ASIDE = TAGS | {"description"}
"""Parameters that a learner may leave out: tags are put on afterwards, descriptions are for people."""


def calls_by_hand(judged: Judged, stack: Stack, seen: Sighting) -> list[Call]:
    """The calls by which a learner made the resource that is ``seen``, without what may be left out."""
    return [_without(ASIDE, call) for call in calls_of_part(judged.part, stack, seen)]


class _AsOurs(Stack):
    """The stack as if all that it sees were the deployment's: what a learner has made carries no tag yet."""

    def owns(self, tags: Mapping[str, str]) -> bool:
        """It is, whatever its tags say."""
        del tags
        return True


def corrections_for(judged: Judged, stack: Stack) -> list[Call]:
    """The calls that correct what is there and wrong; none if it must be made again."""
    if not judged.differs:
        return []
    ours = _AsOurs(**{each.name: getattr(stack, each.name) for each in fields(stack)})
    calls = [each for each in calls_that_correct(judged.part, ours) if not each.operation.startswith("Tag")]
    made_again = not judged.part.updates and any(each.operation.startswith("Create") for each in calls)
    return [] if made_again else calls


def to_type(judged: Judged, stack: Stack, stage: int) -> list[Call]:
    """The calls of a hint: those that correct what is there, else those that make it.

    The last stage has all but tags; before, descriptions are left out too: they are for people.
    """
    calls = corrections_for(judged, stack) or calls_of_part(judged.part, stack)
    return [_without(TAGS if stage == STAGES else ASIDE, call) for call in calls]


def _without(members: Collection[str], call: Call) -> Call:
    """The call without these parameters, in whatever case the service spells them."""
    kept = {key: value for key, value in call.parameters.items() if key.lower() not in members}
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


def way_back(judged: Judged, calls: Sequence[Call]) -> str:
    """How to get from a resource that is there and wrong to a right one; ``calls`` are the hint's."""
    if any(each.operation.startswith("Create") and not judged.part.updates for each in calls) or not calls:
        return f"Press r to take {judged.name} back, and make it again."
    return f"It is there, and this corrects it. Or press r to take {judged.name} back, and make it again."
