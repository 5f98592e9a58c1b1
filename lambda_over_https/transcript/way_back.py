"""The teardown of a script, from the calls that it makes.

It is derived from the services' models: for each create the delete of the same noun, in the order that the
steps' parts demand. Nothing of it is written by hand for a step.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.transcript.selection import made_ids
from lambda_over_https.tutorial.parts.part import ABSENT, Part
from lambda_over_https.tutorial.parts.step import Step

_UNDONE_BY = {"Create": "Delete", "Put": "Delete", "Add": "Remove", "Associate": "Disassociate"}


def way_back(calls: Sequence[Call], steps: Sequence[Step], stack: Stack) -> Iterator[Call]:
    """The deletes, newest first, but each after the kinds in its part's ``after``.

    What an update made is a setting of something else, and goes with that.
    """
    parts = [part for step in reversed(steps) for part in reversed(step.parts(stack))]
    creates = _by_operation(calls)
    waiting = [
        (part, creates[operation].pop())
        for part in parts
        for operation in part.calls(ABSENT)[:1]
        if not part.cascades and creates.get(operation) and _undone_by(operation.partition(":")[2])
    ]
    goes_with = {part.kind: part.owner for part in parts if part.cascades}
    while waiting:
        kinds = {part.kind for part, _ in waiting}
        part, call = next((each for each in waiting if not kinds & _before(each[0], goes_with)), waiting[0])
        waiting.remove((part, call))
        yield _undo(call)


def _by_operation(calls: Iterable[Call]) -> dict[str, list[Call]]:
    """The calls of each operation, in order."""
    found: dict[str, list[Call]] = {}
    for call in calls:
        found.setdefault(f"{call.service}:{call.operation}", []).append(call)
    return found


def _before(part: Part, goes_with: Mapping[str, str]) -> set[str]:
    """The kinds that must be gone before the part: those that it names, or what they go with."""
    return {goes_with.get(kind, kind) for kind in part.after} - {part.kind}


def _undone_by(operation: str) -> str:
    """The operation that undoes it; empty if it has none of its own."""
    undone = (
        operation.replace(verb, _UNDONE_BY[verb], 1) for verb in _UNDONE_BY if operation.startswith(verb)
    )
    return next(undone, "")


def _undo(call: Call) -> Call:
    """The call that undoes ``call``, by the service's own model."""
    from lambda_over_https.aws.sessions import service_model

    operation = _undone_by(call.operation)
    model = service_model(call.service).operation_model(operation)
    known = {**call.parameters, **made_ids(call)}
    shape = model.input_shape
    # DeleteApiKey calls the id of what CreateApiKey made "apiKey"; other services say "apiKeyId".
    values = {
        name: known.get(name, known.get(f"{name}Id")) for name in (shape.required_members if shape else ())
    }
    # Without its group DeleteSchedule deletes a schedule of the same name in the group "default".
    also = {name: known[name] for name in (shape.members if shape else ()) if name in known}
    return Call("", "", "4", call.service, operation, {**also, **values}, {})
