"""The calls that a step is about to make, with their real values, without making them.

The step's own code runs against clients that never send, and botocore's events show what they would have
sent: there is no second description of a call that could be wrong.
"""

import datetime
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Deployment, Record, State
from lambda_over_https.deployment.readings import Readings
from lambda_over_https.deployment.recorded.call import Call, call_of
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.events import Called, Event, at_step
from lambda_over_https.kinds import Kind
from lambda_over_https.names import names_for
from lambda_over_https.practice.rehearsal.known_answers import MADE_UP, answered
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import SANDBOX, Settings, cache
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.course import as_read, steps_of, switched
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing
from lambda_over_https.tutorial.parts.step import Step

UNKNOWN_ACCOUNT = "123456789012"
PLACEHOLDERS = {Kind.REST_API: "API_ID", Kind.RESOURCE: "RESOURCE_ID"}
"""What stands for an id as long as AWS has not given one."""

PLACEHOLDER = "<the "
"""How what stands for an id or an ARN begins."""

_READY = ("Active", "ACTIVE", "Successful")


def rehearse(step: Step, stack: Stack) -> list[Call]:
    """The changing calls that ``step`` would make now, in order, and those that try the function."""
    calls, acting = _acting(stack)
    with at_step(step.number):
        for part in step.parts(stack):
            _rehearse_part(part, stack, acting)
    return [*(call for call in calls if call.changes), *calls_that_try(step, stack)]


def calls_that_try(step: Step, stack: Stack) -> list[Call]:
    """The calls by which the step tries the function; of a step that makes nothing, all of its calls."""
    calls, acting = _acting(stack)
    with at_step(step.number):
        for act in step.rehearse:
            _tried(partial(act, acting))
    return [call for call in calls if call.tries or not step.parts(stack)]


def _acting(stack: Stack) -> tuple[list[Call], Stack]:
    """A list, and the stack whose calls go into it and nowhere else; answers are made up."""
    from lambda_over_https.aws.cloud import rehearsal

    calls, run = _noting()
    return calls, replace(stack, cloud=rehearsal(stack.place, run, made_up))


def _noting() -> tuple[list[Call], RunContext]:
    """A list, and the context whose calls go into it."""
    calls: list[Call] = []

    def listen(event: Event) -> None:
        if isinstance(event, Called):
            calls.append(call_of(event))

    return calls, RunContext(listen)


def calls_of_part(part: Part, stack: Stack, made: Sighting | Record | None = None) -> list[Call]:
    """The changing calls that make one part from nothing, whatever AWS has now.

    If it was ``made``, their answers hold what is known of it, its ids and its ARN, and nothing made up.
    """
    (calls, acting), product = _acting(stack), Product()
    with suppress(*_OF_NO_MATTER):
        product = part.make(acting, ABSENT)
    changing = [call for call in calls if call.changes]
    return list(answered(changing, product, made)) if made else changing


def calls_that_correct(part: Part, stack: Stack) -> list[Call]:
    """The changing calls by which the part would correct what is there now; nothing is changed."""
    calls, run = _noting()
    acting = replace(stack, cloud=stack.cloud.rehearsing(run, made_up), readings=Readings())
    seen = part.look(acting)
    if seen.standing is Standing.PARTIAL:
        _tried(lambda: part.make(acting, seen))
    return [call for call in calls if call.changes]


def rehearse_switch(name: str, stack: Stack) -> list[Call]:
    """The changing calls that switching chapter ``name`` on makes, in order, whatever AWS has now.

    What the chapter changes shows from the data of the parts alone: those that are others with it on, or are
    there only then.
    """
    off, on = switched(stack, name, on=False), switched(stack, name, on=True)
    before = {(part.kind, part.name(off)): part for step in steps_of(off) for part in step.parts(off)}
    calls, acting = _acting(replace(on, journal=_unwritten(on.journal), readings=Readings(as_read(off))))
    for step in steps_of(on):
        with at_step(step.number):
            for part in step.parts(on):
                _rehearse_change(part, before.get((part.kind, part.name(on))), acting)
    return [call for call in calls if call.changes]


def rehearse_from_nothing(steps: Sequence[Step], stack: Stack) -> list[Call]:
    """The changing calls that make all that the steps make, in order, whatever AWS has now.

    The calls of a part that a chapter asks for belong to the chapter. Where AWS would give an id or an ARN,
    later calls have ``placeholder`` in its place.
    """
    calls, acting = _acting(replace(stack, journal=_unwritten(stack.journal)))
    for step in steps:
        for part in step.parts(stack):
            if not (part.adopted or part.local):
                with at_step(part.chapter or step.number):
                    acting.journal.made(_recorded(part, part.make(acting, ABSENT), acting))
    return [call for call in calls if call.changes]


def _unwritten(journal: Journal) -> Journal:
    """A journal that begins with what this one knows, and is only kept in memory."""
    return Journal(journal.path, journal.state, lambda *_: None)


def placeholder(attribute: str, kind: str, name: str) -> str:
    """What stands for the ``id`` or ``arn`` of a resource that is only rehearsed; no two have the same."""
    return f"{PLACEHOLDER}{attribute} of {kind} {name}>"


def _recorded(part: Part, product: Product, stack: Stack) -> Record:
    name = part.name(stack)
    record = Record(part.kind, name, "", RecordState.MADE, product.id, product.arn, detail=product.detail)
    if re.fullmatch(MADE_UP, product.id):
        record = replace(record, id=placeholder("id", part.kind, name))
    if re.fullmatch(MADE_UP, product.arn):
        record = replace(record, arn=placeholder("arn", part.kind, name))
    return record


def _rehearse_change(part: Part, before: Part | None, acting: Stack) -> None:
    if part == before:
        return
    seen = ABSENT if before is None else Sighting(Standing.PARTIAL)
    with suppress(*_OF_NO_MATTER):
        product = part.make(acting, seen)
        recorded = _recorded(part, product, acting)
        if recorded.id != product.id:
            recorded = replace(recorded, id=part.kind.partition(":")[2].replace("-", "_").upper() + "_ID")
        acting.journal.made(recorded)


def _rehearse_part(part: Part, stack: Stack, acting: Stack) -> None:
    seen = ABSENT
    if stack.record(part.kind, part.name(stack)):
        seen = part.look(stack)
    if seen.standing is Standing.OURS or part.adopted or part.local:
        return
    _tried(lambda: part.make(acting, seen))


_OF_NO_MATTER = (LohError, ValueError, FileNotFoundError)
"""What is said of a made-up answer (never the right one), or of a package that is not there yet."""


def _tried(act: Callable[[], object]) -> None:
    with suppress(*_OF_NO_MATTER):
        act()


@contextmanager
def imagined(settings: Settings, journal: Journal | None) -> Iterator[Stack]:
    """A stack to rehearse on without reaching anything: what is known is real, the rest placeholders."""
    from lambda_over_https.aws.place import Place
    from lambda_over_https.tutorial.steps.package import ARCHIVE

    names = names_for(settings.name)
    deployment = journal.deployment if journal else _no_deployment(settings)
    known = journal.state.records if journal else ()
    missing = [
        Record(kind, "", "", RecordState.MADE, placeholder, detail={"root_resource_id": "ROOT_ID"})
        for kind, placeholder in PLACEHOLDERS.items()
        if not any(record.kind == kind for record in known)
    ]
    steps = journal.state.steps if journal else {}
    state = State(deployment, steps=steps, records=(*known, *missing))
    choices = Choices.remembered(journal.state.choices if journal else {})
    place = Place(deployment.target, deployment.account, deployment.region, "aws", "")
    with TemporaryDirectory() as folder:
        stack = Stack(
            names, place, no_cloud(place), Journal(Path(folder, "journal.json"), state), choices, cache()
        )
        ARCHIVE.make(stack, ABSENT)
        yield stack


def _no_deployment(settings: Settings) -> Deployment:
    name, region = settings.name, settings.region or "us-east-1"
    return Deployment(f"{name}-DEPLOYMENT_ID", name, SANDBOX, UNKNOWN_ACCOUNT, region, "", "", "")


def no_cloud(place: Any) -> Any:
    """Clients that send nothing and tell nobody."""
    from lambda_over_https.aws.cloud import rehearsal

    return rehearsal(place, RunContext(lambda _: None), made_up)


def made_up(operation: Any) -> Mapping[str, Any]:
    """An answer of the right shape for an operation (a botocore model); states in it say ready."""
    shape = operation.output_shape
    return {} if shape is None else _made_up(shape, "", 0)


def _made_up(shape: Any, name: str, depth: int) -> Any:
    kind = shape.type_name
    if kind == "structure":
        members = shape.members.items() if depth < 4 else ()
        return {key: _made_up(member, key, depth + 1) for key, member in members}
    if kind == "list":
        return [_made_up(shape.member, name, depth + 1)] if depth < 4 else []
    if kind == "string":
        return next((ready for ready in _READY if ready in shape.enum), f"<{name}>")
    return _SCALARS[kind]()


_SCALARS: Mapping[str, Any] = {
    "map": dict,
    "blob": lambda: io.BytesIO(b"null"),
    "boolean": bool,
    "timestamp": lambda: datetime.datetime.now(datetime.UTC),
    **dict.fromkeys(("integer", "long"), lambda: 200),
    **dict.fromkeys(("float", "double"), float),
}
