"""The learner's report as plain data: what was done, by whom, with which hints, and what proves it.

It holds no names of this machine and no secrets. Its shape (``loh report --json``):

- ``deployment``: ``name id target account region created``; ``exists``: whether it is there still
- ``steps``: each ``number name title``, ``done``, ``by`` (``hand``, ``program`` or null), ``at``, ``hints``,
  and ``mistakes``, each ``kind name field seen wanted``
- ``predictions``: each ``at exercise name said truth right``; ``exercise`` is ``drill`` or ``chapter``;
  where nothing was said there is none
- ``repairs``: each ``at name by_hand hints``
- ``verify``: the last test, ``at passed checks``; null if there was none
- ``teardown``: the last one, ``at deleted left``; null if there was none
- ``calls``: each changing call, ``at step service operation by_hand request_id``
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.deployment.recorded.logbook import Entry
from lambda_over_https.report import Report
from lambda_over_https.report.progress import Progress, progress_of
from lambda_over_https.tutorial.lessons import LESSONS

_OF_CALL = ("at", "step", "service", "operation", "by_hand", "request_id")
_OF_DEPLOYMENT = ("name", "id", "target", "account", "region", "created")


@dataclass(frozen=True, slots=True)
class Learnt:
    """What there is to report on: one deployment's logbook and history, and whether it exists."""

    deployment: Deployment
    entries: Sequence[Entry]
    calls: Sequence[Call]
    exists: bool


def learning_report(learnt: Learnt) -> Report:
    """The whole report."""
    entries = learnt.entries
    return {
        "deployment": {key: getattr(learnt.deployment, key) for key in _OF_DEPLOYMENT},
        "exists": learnt.exists,
        "steps": _steps(progress_of(entries)),
        "predictions": [_prediction(each) for each in _of_kind("prediction", entries) if each["said"]],
        "repairs": [_repair(each) for each in _of_kind("repair", entries)],
        "verify": _last("verify", entries, "at", "passed", "checks"),
        "teardown": _last("teardown", entries, "at", "deleted", "left"),
        "calls": [
            {key: getattr(call, key) for key in _OF_CALL}
            for call in learnt.calls
            if call.changes and not call.error
        ],
    }


def _steps(progress: Mapping[str, Progress]) -> list[Report]:
    return [
        {
            "number": lesson.number,
            "name": lesson.name,
            "title": lesson.title,
            **_of_step(progress.get(lesson.number, Progress())),
        }
        for lesson in LESSONS
    ]


def _of_step(progress: Progress) -> Report:
    return {
        "done": bool(progress.by),
        "by": progress.by or None,
        "at": progress.at or None,
        "hints": progress.hints,
        "mistakes": progress.mistakes,
    }


def _prediction(entry: Entry) -> Report:
    facts = _facts(entry, "at", "exercise", "name", "said", "truth")
    return {**facts, "right": entry["said"] == entry["truth"]}


def _repair(entry: Entry) -> Report:
    return {**_facts(entry, "at", "name", "by_hand"), "hints": entry.get("hints", 0)}


def _of_kind(what: str, entries: Iterable[Entry]) -> list[Entry]:
    return [each for each in entries if each.get("what") == what]


def _last(what: str, entries: Iterable[Entry], *keys: str) -> Report | None:
    found = _of_kind(what, entries)
    return _facts(found[-1], *keys) if found else None


def _facts(entry: Entry, *keys: str) -> Report:
    return {key: entry[key] for key in keys}
