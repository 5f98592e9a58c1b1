"""The deployment as the board shows it: its parts by service, its steps, and the step at work."""

from collections.abc import Iterable
from typing import NamedTuple

from lambda_over_https.board.sources.exercises import DRILL
from lambda_over_https.board.vocabulary import Document
from lambda_over_https.deployment.journal import Journal, Record, State
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH, PROD_STATEMENT, TEST_STATEMENT
from lambda_over_https.report.costs import Meter, meters
from lambda_over_https.report.picture import AT_THE_FUNCTION, AT_THE_GATEWAY, picture_of
from lambda_over_https.report.reports import invoke_url, steps_report
from lambda_over_https.states import RecordState, StepState
from lambda_over_https.tutorial.chapter_lessons import OUTLINES
from lambda_over_https.tutorial.lessons import LESSONS

_METHOD = f"{METHOD} {PATH}"
PARTS = (
    ("gateway", "API", Kind.REST_API, ""),
    ("gateway", "resource", Kind.RESOURCE, ""),
    ("gateway", "method", Kind.METHOD, _METHOD),
    ("gateway", "integration", Kind.INTEGRATION, _METHOD),
    ("gateway", "stage", Kind.STAGE, ""),
    ("permission", "statement", Kind.PERMISSION, ""),
    ("lambda", "function", Kind.FUNCTION, ""),
    ("lambda", "role", Kind.ROLE, ""),
    ("lambda", "log group", Kind.LOG_GROUP, ""),
    ("dynamodb", "table", Kind.TABLE, ""),
)
"""The parts from the client to the table: where each is, its label, its kind and, of several, its name."""

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
    """What is at work: the step of the latest AWS call, and the title of the latest drill, where known."""

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
    if last_step == DRILL:
        return {"number": "", "title": f"Drill: {drill}" if drill else "Drill", "why": ""}
    left = [each["number"] for each in steps if not StepState(each["state"]).is_over]
    now = last_step if last_step in (*left, CLEAN_UP[0]) else next(iter(left), None)
    if now is None:
        return None
    return {"number": now, "title": _TITLES.get(now, now), "why": _WHY.get(now, "")}


def _parts(records: Iterable[Record]) -> Iterable[Document]:
    known = list(records)
    own = [record for record in known if _is_of_the_tutorial(record)]
    for place, label, kind, name in PARTS:
        yield _part(place, label, kind, _found(own, kind, name))
    for place, additions in (("gateway", AT_THE_GATEWAY), ("lambda", AT_THE_FUNCTION)):
        for label, kind, name in additions:
            if record := _found(known, kind, name):
                yield _part(place, label, kind, record)


def _is_of_the_tutorial(record: Record) -> bool:
    """Whether it is no chapter's: a chapter may have a role, a method, or statements of its own."""
    if record.kind == Kind.PERMISSION:
        return record.name in (TEST_STATEMENT, PROD_STATEMENT)
    return record.step in _TUTORIAL


def _found(records: Iterable[Record], kind: str, name: str) -> Record | None:
    """The record of that kind (and name); of several the one that is furthest, and of these the last."""
    fitting = [record for record in records if record.kind == kind and name in ("", record.name)]
    return max(fitting, key=lambda record: (record.state.exists, record.serial), default=None)


def _part(place: str, label: str, kind: str, record: Record | None) -> Document:
    part = {"place": place, "label": label, "kind": str(kind)}
    if record is None or record.state is RecordState.INTENDED:
        return {**part, "name": "", "state": str(record.state) if record else "absent"}
    name = record.id if kind in _KNOWN_BY_ID else record.name
    return {**part, "name": name, "state": str(record.state)}
