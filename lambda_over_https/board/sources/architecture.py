"""The deployment as the board shows it: its parts by service, its steps, and the step at work."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from lambda_over_https.board.sources.exercises import DRILL
from lambda_over_https.board.vocabulary import Document
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Record, State
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH, PROD_STATEMENT, TEST_STATEMENT
from lambda_over_https.report.costs import Meter, meters
from lambda_over_https.report.picture import AT_THE_FUNCTION, AT_THE_GATEWAY, picture_of
from lambda_over_https.report.status import invoke_url, steps_report
from lambda_over_https.states import RecordState, StepState
from lambda_over_https.tutorial.chapter_lessons import OUTLINES
from lambda_over_https.tutorial.lessons import LESSONS


class Place(StrEnum):
    """Where a part is in the picture, from the client to the table."""

    GATEWAY = "gateway"
    PERMISSION = "permission"
    LAMBDA = "lambda"
    DYNAMODB = "dynamodb"


class Part(NamedTuple):
    """One part of the picture; ``name`` is which one is meant where there are several of its kind."""

    place: Place
    label: str
    kind: Kind
    name: str = ""


_METHOD = f"{METHOD} {PATH}"
PARTS = (
    Part(Place.GATEWAY, "API", Kind.REST_API),
    Part(Place.GATEWAY, "resource", Kind.RESOURCE),
    Part(Place.GATEWAY, "method", Kind.METHOD, _METHOD),
    Part(Place.GATEWAY, "integration", Kind.INTEGRATION, _METHOD),
    Part(Place.GATEWAY, "stage", Kind.STAGE),
    Part(Place.PERMISSION, "statement", Kind.PERMISSION),
    Part(Place.LAMBDA, "function", Kind.FUNCTION),
    Part(Place.LAMBDA, "role", Kind.ROLE),
    Part(Place.LAMBDA, "log group", Kind.LOG_GROUP),
    Part(Place.DYNAMODB, "table", Kind.TABLE),
)
"""The parts that the tutorial makes."""

ADDITIONS = (
    *(Part(Place.GATEWAY, label, Kind(kind), name) for label, kind, name in AT_THE_GATEWAY),
    *(Part(Place.LAMBDA, label, Kind(kind), name) for label, kind, name in AT_THE_FUNCTION),
)
"""The parts that chapters add: each is shown once there is a record of it."""

ABSENT = "absent"
"""The state of a part that there is no record of; the others are those of records."""

_KNOWN_BY_ID = (Kind.METHOD, Kind.INTEGRATION)
"""Kinds whose records have the same long name; their ids, POST and AWS, say what each is."""

CLEAN_UP = ("4", "Clean up")

_TITLES = dict(
    [
        *((lesson.number, lesson.title) for lesson in LESSONS),
        *((each.lesson.number, each.lesson.title) for each in OUTLINES),
        CLEAN_UP,
    ]
)
_OF_A_STEP = ("number", "name", "title", "state")
_TUTORIAL = frozenset(lesson.number for lesson in LESSONS)
"""The steps of the tutorial itself."""
_WHY = {lesson.number: lesson.why for lesson in (*LESSONS, *(each.lesson for each in OUTLINES))}


class AtWork(NamedTuple):
    """What is at work: the step of the latest AWS call, and the title of a drill that is not over."""

    last_step: str
    drill: str = ""


def described(journal: Journal, state: State, at_work: AtWork, *, ended: bool) -> Document:
    """The deployment for the board: ``state`` is what is there, ``ended`` that its sandbox has stopped."""
    deployment = journal.deployment
    steps = [{member: each[member] for member in _OF_A_STEP} for each in steps_report(state)["steps"]]
    return {
        "deployment": {
            "id": deployment.id,
            "name": deployment.name,
            "target": deployment.target,
            "account": deployment.account,
            "region": deployment.region,
            "created": deployment.created,
        },
        "gone": ended,
        "steps": steps,
        "step": _step(steps, at_work),
        "parts": list(_parts(state.records)),
        "answer": picture_of(state).answer,
        "meters": [_meter(each) for each in meters(state.records)],
        "invoke_url": None if ended else invoke_url(journal),
    }


def _meter(meter: Meter) -> Document:
    return {"chapter": meter.chapter, "since": meter.since, "usd_per_hour": meter.usd_per_hour}


def _step(steps: list[Document], at_work: AtWork) -> Document | None:
    """The step at work: that of the last call unless it is over, else the next one; None if all are done."""
    last_step, drill = at_work
    if last_step == DRILL and drill:
        return {"number": "", "title": f"Drill: {drill}", "why": ""}
    left = [each["number"] for each in steps if not StepState(each["state"]).is_over]
    now = last_step if last_step in (*left, CLEAN_UP[0]) else next(iter(left), None)
    if now is None:
        return None
    return {"number": now, "title": _TITLES.get(now, now), "why": _WHY.get(now, "")}


def _parts(records: Iterable[Record]) -> Iterable[Document]:
    known = list(records)
    own = [record for record in known if _is_of_the_tutorial(record)]
    for part in PARTS:
        yield _with_state(part, _furthest(own, part))
    for part in ADDITIONS:
        if record := _furthest(known, part):
            yield _with_state(part, record)


def _is_of_the_tutorial(record: Record) -> bool:
    """Whether it is no chapter's: a chapter may have a role, a method, or statements of its own."""
    if record.kind == Kind.PERMISSION:
        return record.name in (TEST_STATEMENT, PROD_STATEMENT)
    return record.step in _TUTORIAL


def _furthest(records: Iterable[Record], part: Part) -> Record | None:
    """The record of that part; of several the one that is furthest, and of these the last."""
    fitting = [each for each in records if each.kind == part.kind and part.name in ("", each.name)]
    return max(fitting, key=lambda record: (record.state.exists, record.serial), default=None)


def _with_state(part: Part, record: Record | None) -> Document:
    shown = {"place": part.place, "label": part.label, "kind": part.kind}
    if record is None or record.state is RecordState.INTENDED:
        return {**shown, "name": "", "state": record.state if record else ABSENT}
    name = record.id if part.kind in _KNOWN_BY_ID else record.name
    return {**shown, "name": name, "state": record.state}
