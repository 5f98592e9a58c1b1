"""One deployment as plain data: its URL, its steps, its resources, and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Deployment, Record, State
from lambda_over_https.deployment.recorded.logbook import read
from lambda_over_https.hints import command, completed
from lambda_over_https.kinds import Kind
from lambda_over_https.names import names_for
from lambda_over_https.report import Report
from lambda_over_https.report.costs import age_of, cost_lines, meter_line, meters
from lambda_over_https.report.picture import picture_of
from lambda_over_https.report.progress import Progress, progress_of
from lambda_over_https.settings import home as state_home
from lambda_over_https.states import StepState
from lambda_over_https.tutorial.chapter_lessons import OUTLINES, outline
from lambda_over_https.tutorial.lessons import LESSONS
from lambda_over_https.tutorial.request import as_text, curl_line, first_event, key_command

if TYPE_CHECKING:
    from lambda_over_https.report.live import Live

_PLACES = {lesson.number: place for place, lesson in enumerate(LESSONS)}


def status_report(journal: Journal, ended: bool, now: "Live | None" = None) -> Report:
    """What the journal records; ``ended`` if its sandbox has stopped, and so everything is gone.

    With ``now`` it is what exists now instead, and what differs from what was recorded.
    """
    state, deployment = now.state if now else standing(journal, ended), journal.deployment
    return {
        "deployment": _deployment_report(deployment),
        **_access_report(journal, None if ended else invoke_url(journal)),
        "gone": ended,
        "recorded": max((record.at for record in journal.state.records), default=deployment.created),
        "live": now.as_json() if now else None,
        "reminder": None if ended else _reminder(deployment),
        "cost": {"lines": [], "meters": []} if ended else _cost_report(state, deployment.on_this_machine),
        "picture": picture_of(state).as_json(),
        **steps_report(state, progress_of(read(journal.path.parent))),
        "resources": [resource_report(record) for record in sorted(state.records, key=_place)],
    }


def _deployment_report(deployment: Deployment) -> Report:
    return {
        "name": deployment.name,
        "id": deployment.id,
        "target": deployment.target,
        "account": deployment.account,
        "region": deployment.region,
        "endpoint_url": deployment.endpoint_url or None,
        "created": deployment.created,
    }


def _access_report(journal: Journal, url: str | None) -> Report:
    """How a client calls it: what it needs besides the URL, and a line that sends a request."""
    names = names_for(journal.deployment.name)
    key = journal.find(Kind.API_KEY, names.api_keys[1])
    own = bool(journal.state.choices.get("source"))
    event = as_text(first_event(names.table, own=own))
    ca_bundle = str(state_home() / "sandbox" / "ca.pem") if journal.deployment.is_sandbox else None
    return {
        "invoke_url": url,
        "ca_bundle": ca_bundle,
        "curl": curl_line(url, ca_bundle, event, key=key is not None) if url else None,
        "own_handler": own,
        "key_command": key_command(key.id) if key and url else None,
    }


def invoke_url(journal: Journal) -> str | None:
    """The URL of a deployment's stage; None if the stage is not recorded."""
    stage = journal.find(Kind.STAGE)
    return stage.detail.get("invoke_url") if stage else None


def _cost_report(state: State, free: bool) -> Report:
    """What it costs, in words, and what costs by the hour, as numbers."""
    running = list(meters(state.records))
    lines = [*cost_lines(free=free), *(completed(meter_line(each, free=free)) for each in running)]
    return {"lines": lines, "meters": [asdict(each) for each in running]}


def _reminder(deployment: Deployment) -> str | None:
    age = age_of(deployment.created)
    text = f"It has existed for {age.text}. Remove it when you are done: {command('loh teardown')}"
    return text if age.old else None


def resource_report(record: Record) -> Report:
    """One resource as the journal records it."""
    return {
        "kind": record.kind,
        "name": record.name,
        "id": record.id,
        "arn": record.arn,
        "state": record.state,
        "step": record.step,
    }


def _place(record: Record) -> int:
    """The place of a record in the tutorial's order, though steps ran side by side."""
    return _PLACES.get(record.step, len(_PLACES))


def standing(journal: Journal, ended: bool) -> State:
    """What exists of a deployment: what the journal records, or nothing if its sandbox has stopped."""
    return State(journal.deployment) if ended else journal.state


def steps_report(state: State | None, progress: Mapping[str, Progress] | None = None) -> Report:
    """The tutorial's steps and the chapters that are on, with the state of each, and who did it."""
    states, learnt = state.steps if state else {}, progress or {}
    return {
        "steps": [
            {
                "number": lesson.number,
                "name": lesson.name,
                "title": lesson.title,
                "state": states.get(lesson.number, StepState.PENDING),
                **_by_whom(learnt.get(lesson.number, Progress()), done=lesson.number in states),
            }
            for lesson in (*LESSONS, *(outline(name).lesson for name in chapters_on(state)))
        ]
    }


def _by_whom(progress: Progress, *, done: bool) -> Report:
    return {"by": (progress.by or None) if done else None, "hints": progress.hints}


def chapters_on(state: State | None) -> Sequence[str]:
    """The names of the chapters that are on, in the order in which they were switched on."""
    known = {each.name for each in OUTLINES}
    return [name for name in (state.choices.get("chapters", "") if state else "").split() if name in known]
