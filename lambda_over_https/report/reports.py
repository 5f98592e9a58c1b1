"""The answers of the commands as plain dictionaries: what ``--json`` prints and what the tables show."""

import functools
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from lambda_over_https.deployment.deployments import is_gone, running_sandbox
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Deployment, Record, State
from lambda_over_https.deployment.recorded.logbook import read
from lambda_over_https.hints import command, completed
from lambda_over_https.kinds import Kind
from lambda_over_https.names import names_for
from lambda_over_https.report.costs import age_of, cost_lines, meter_line, meters
from lambda_over_https.report.learning import Progress, progress_of
from lambda_over_https.report.picture import picture_of
from lambda_over_https.settings import ENV_PREFIX, Settings, cache
from lambda_over_https.settings import home as state_home
from lambda_over_https.states import StepState
from lambda_over_https.tutorial.chapter_lessons import OUTLINES, outline
from lambda_over_https.tutorial.lessons import LESSONS, Lesson
from lambda_over_https.tutorial.request import OWN_EVENT, as_text, curl_line, key_command, try_it

if TYPE_CHECKING:
    from lambda_over_https.deployment.deployments import Known
    from lambda_over_https.deployment.recorded.history import Call
    from lambda_over_https.engine.make.plan import Planned
    from lambda_over_https.engine.recover.recover import Recovery
    from lambda_over_https.engine.remove.removal import Removal
    from lambda_over_https.report.live import Live
    from lambda_over_https.tutorial.parts.step import Step

Report = dict[str, Any]

_PLACES = {lesson.number: place for place, lesson in enumerate(LESSONS)}


def status_report(journal: Journal, ended: bool, now: "Live | None" = None) -> Report:
    """What the journal records; ``ended`` if its sandbox has stopped, and so everything is gone.

    With ``now`` it is what exists now instead, and what differs from what was recorded.
    """
    state, deployment = now.state if now else standing(journal, ended), journal.deployment
    names = names_for(deployment.name)
    key = journal.find(Kind.API_KEY, names.api_keys[1])
    url = None if ended else invoke_url(journal)
    own = bool(journal.state.choices.get("source"))
    ca_bundle = str(state_home() / "sandbox" / "ca.pem") if deployment.is_sandbox else None
    return {
        "deployment": {
            "name": deployment.name,
            "id": deployment.id,
            "target": deployment.target,
            "account": deployment.account,
            "region": deployment.region,
            "endpoint_url": deployment.endpoint_url or None,
            "created": deployment.created,
        },
        "invoke_url": url,
        "ca_bundle": ca_bundle,
        "curl": _curl(url, ca_bundle, names.table, own=own, key=key is not None) if url else None,
        "own_handler": own,
        "key_command": key_command(key.id) if key and url else None,
        "gone": ended,
        "recorded": max((record.at for record in journal.state.records), default=deployment.created),
        "live": now.as_json() if now else None,
        "reminder": None if ended else _reminder(deployment),
        "cost": _cost_report(state, free=deployment.on_this_machine)
        if not ended
        else {"lines": [], "meters": []},
        "picture": picture_of(state).as_json(),
        **steps_report(state, progress_of(read(journal.path.parent))),
        "resources": [resource_report(record) for record in sorted(state.records, key=_place)],
    }


def _curl(url: str, ca_bundle: str | None, table: str, *, own: bool, key: bool) -> str:
    """The line that sends a request which the handler understands: the tutorial's, or the user's ``own``."""
    if own:
        return curl_line(url, ca_bundle, as_text(OWN_EVENT), key=key)
    return try_it(url, ca_bundle, table, key=key)


def invoke_url(journal: Journal) -> str | None:
    """The URL of a deployment's stage; None if the stage is not recorded."""
    stage = journal.find(Kind.STAGE)
    return stage.detail.get("invoke_url") if stage else None


def _cost_report(state: State, *, free: bool) -> Report:
    """What it costs, in words, and what costs by the hour, as numbers."""
    running = list(meters(state.records))
    lines = [*cost_lines(free=free), *(completed(meter_line(each, free=free)) for each in running)]
    return {"lines": lines, "meters": [asdict(each) for each in running]}


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


def list_report(known: "Sequence[Known]") -> Report:
    """All deployments of this machine; of one whose journal cannot be read only the name and the target."""
    running = functools.cache(running_sandbox)  # one answer for all of them
    return {"deployments": [_listed(each, running) for each in known]}


def _listed(known: "Known", running: Callable[[], str]) -> Report:
    report: Report = {"name": known.name, "target": known.target, "account": None, "region": None}
    if known.head is None:
        return {**report, "step": None, "created": None, "state": "unreadable"}
    deployment, steps = known.head.deployment, known.head.steps
    done = [each.number for each in LESSONS if each.number in steps and steps[each.number].is_over]
    state = "complete" if len(done) == len(LESSONS) else "incomplete"
    return {
        **report,
        "account": deployment.account,
        "region": deployment.region,
        "endpoint_url": None if deployment.boot_id else deployment.endpoint_url or None,
        "step": done[-1] if done else None,
        "created": deployment.created,
        "state": "gone" if is_gone(deployment, running) else state,
    }


def chapters_report(state: State | None) -> Report:
    """The chapters, and which of them are on."""
    on = chapters_on(state)
    return {
        "chapters": [
            {
                "name": each.name,
                "title": each.lesson.title,
                "shows": each.shows,
                "on": each.name in on,
                "minutes": each.minutes,
                "usd_per_hour": each.usd_per_hour,
                "needs": list(each.needs),
                "asks": each.asks,
            }
            for each in OUTLINES
        ]
    }


def chapters_on(state: State | None) -> Sequence[str]:
    """The names of the chapters that are on, in the order in which they were switched on."""
    known = {each.name for each in OUTLINES}
    return [name for name in (state.choices.get("chapters", "") if state else "").split() if name in known]


def move_report(moved: "Step | None", following: "Step | None") -> Report:
    """The step that ``next`` did or ``undo`` undid, and the one that is next now; null for none."""
    return {
        key: {"number": step.number, "name": step.name, "title": step.title} if step else None
        for key, step in (("step", moved), ("next", following))
    }


def plan_report(planned: "Sequence[Planned]") -> Report:
    """What ``run`` would do."""
    return {"steps": [asdict(each) for each in planned]}


def settings_report(settings: Settings) -> Report:
    """Each setting: its value, where that came from, and the variable that sets it."""
    rows = [
        {
            "name": name,
            "value": None if (value := getattr(settings, name)) is None else str(value),
            "source": source,
            "variable": f"{ENV_PREFIX}{name.upper()}",
        }
        for name, source in settings.sources.items()
    ]
    for name, folder in (("home", state_home()), ("cache", cache())):
        variable = f"{ENV_PREFIX}{name.upper()}"
        source = "environment" if os.environ.get(variable) else "default"
        rows.append({"name": name, "value": str(folder), "source": source, "variable": variable})
    return {"settings": rows}


def explain_report(lesson: Lesson, calls: "Sequence[Call]", made: bool) -> Report:
    """A step explained; ``made`` says whether the calls were made or are planned."""
    return {
        "number": lesson.number,
        "name": lesson.name,
        "title": lesson.title,
        "why": lesson.why,
        "more": lesson.more,
        "costs": lesson.costs,
        "made": made,
        "calls": [call_report(call) for call in calls],
    }


def call_report(call: "Call") -> Report:
    """One call, with its boto3 and ``aws`` forms."""
    from lambda_over_https.transcript.answers import readable
    from lambda_over_https.transcript.aws_cli import aws_command
    from lambda_over_https.transcript.python import python_call

    plain = json.loads(json.dumps(asdict(call), default=readable))
    return {**plain, "boto3": python_call(call), "aws": aws_command(call)}


def teardown_report(removal: "Removal") -> Report:
    """What became of everything."""
    return {
        fate: [{key: completed(text) for key, text in each.items()} for each in entries]
        for fate, entries in removal.by_fate().items()
    }


def _place(record: Record) -> int:
    """The place of a record in the tutorial's order, though steps ran side by side."""
    return _PLACES.get(record.step, len(_PLACES))


def _reminder(deployment: Deployment) -> str | None:
    age = age_of(deployment.created)
    text = f"It has existed for {age.text}. Remove it when you are done: {command('loh teardown')}"
    return text if age.old else None


def recovery_report(recovery: "Recovery") -> Report:
    """What ``recover`` found, and where the old journal is kept."""
    return {
        "deployment": asdict(recovery.state.deployment),
        "found": [asdict(each) for each in recovery.found],
        "backup": str(recovery.backup) if recovery.backup else None,
        "own_source": recovery.own_source,
        "skipped": list(recovery.skipped),
    }
