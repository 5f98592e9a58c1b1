"""Describes a deployment: rehearses its steps on a stack of symbols, and reads their calls."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.state import State
from lambda_over_https.errors import LohError
from lambda_over_https.infrastructure.description import (
    PARAMETER,
    Description,
    Output,
    Parameter,
    Ref,
    Resource,
    Text,
    references,
)
from lambda_over_https.infrastructure.reading.calls import Reader
from lambda_over_https.infrastructure.reading.parameters import LENT, MEMBERS, NAMES
from lambda_over_https.infrastructure.reading.symbols import parameter_of, symbolic
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PATH, Names, names_for
from lambda_over_https.practice.rehearsal.rehearsing import rehearse_from_nothing
from lambda_over_https.states import StepState
from lambda_over_https.tutorial.course import steps_of
from lambda_over_https.tutorial.parts.step import Step


def describe(names: Names, choices: Choices) -> Description:
    """A whole deployment of these names and choices, its chapters included; nothing is asked or changed."""
    reader = Reader()
    with symbolic(names, choices) as stack:
        steps = [step for step in steps_of(stack) if step.wanted]
        read = reader.read(rehearse_from_nothing(steps, stack))
    return Description(
        resources=tuple(_adjustable(resource) for resource in read),
        parameters=tuple(_parameters(read, names)),
        outputs=tuple(_outputs(read)),
        headings={step.number: _heading(step) for step in steps},
        left_out=(*_replaced(choices), *reader.left_out),
        own_handler=choices.source is not None,
    )


def _heading(step: Step) -> str:
    chapter = "" if step.number[0].isdigit() else "Chapter "
    return f"{chapter}{step.number}{':' if chapter else ''} {step.title}"


def describe_deployment(state: State) -> Description:
    """A deployment as its journal has it.

    Raises LohError if one of its steps is not done.
    """
    names, choices = names_for(state.deployment.name), Choices.remembered(state.choices)
    with symbolic(names, choices) as stack:
        making = [step for step in steps_of(stack) if step.wanted and step.parts(stack)]
    for step in making:
        if not state.steps.get(step.number, StepState.PENDING).is_over:
            raise LohError(
                f"Step {step.number} ({step.title}) is not done yet, and the stack is not whole without it.",
                "`loh run` does what is left.",
            )
    return describe(names, choices)


def _adjustable(resource: Resource) -> Resource:
    """The resource with parameters for those of its members that may be others elsewhere."""
    return replace(resource, members=_with_parameters(resource.kind, resource.members))


def _with_parameters(kind: str, members: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name, value in members.items():
        adjustable = MEMBERS.get((kind, f"{above}{name}"))
        if adjustable:
            changed[name] = Text((Ref(PARAMETER, adjustable.name),))
        else:
            changed[name] = _below(kind, value, f"{above}{name}.")
    return changed


def _below(kind: str, value: Any, above: str) -> Any:
    if isinstance(value, Mapping):
        return _with_parameters(kind, value, above)
    return [_below(kind, each, above) for each in value] if isinstance(value, list) else value


def _parameters(resources: Sequence[Resource], names: Names) -> Iterator[Parameter]:
    """Each parameter once, in the order in which the resources first need it."""
    found: dict[str, Parameter] = {}
    for resource in resources:
        for name, value in _members(resource.members):
            if adjustable := MEMBERS.get((resource.kind, name)):
                found.setdefault(adjustable.name, adjustable.parameter(value))
            for ref in references(value):
                if ref.kind == PARAMETER:
                    found.setdefault(ref.local, _named(ref.local, names))
    yield from found.values()


def _members(members: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in members.items():
        yield f"{above}{name}", value
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Mapping):
                yield from _members(each, f"{above}{name}.")


def _named(parameter: str, names: Names) -> Parameter:
    if parameter in LENT:
        return LENT[parameter]
    field = next(each.name for each in fields(Names) if parameter_of(each.name) == parameter)
    return Parameter(parameter, NAMES.get(field, f"Name of the {field}."), getattr(names, field))


def _outputs(resources: Sequence[Resource]) -> Iterator[Output]:
    """What one wants to know of a deployment: where to send requests, and the names to look for."""
    locals_ = {resource.kind: resource.local for resource in reversed(resources)}
    told: Mapping[str, tuple[str, str, tuple[Any, ...]]] = {
        Kind.STAGE: ("invoke_url", "Where to send requests: POST an event as JSON.", (PATH,)),
        Kind.FUNCTION: ("function_name", "Name of the function.", ()),
        Kind.TABLE: ("table_name", "Name of the table.", ()),
        Kind.API_KEY: ("api_key_id", "Id of an API key. A request needs its value as x-api-key.", ()),
    }
    for kind, (name, about, tail) in told.items():
        if kind in locals_:
            attribute = {Kind.STAGE: "invoke_url", Kind.API_KEY: "id"}.get(Kind(kind), "name")
            yield Output(name, about, Text((Ref(kind, locals_[kind], attribute), *tail)))


def _replaced(choices: Choices) -> Iterator[str]:
    if choices.role_arn:
        yield "The role (step 2.2): it is your own (--role-arn), so it stays a parameter and must exist."
    if choices.tutorial_policy:
        yield "The tutorial's policy for every table and log group (step 2.2): this one allows just these."
