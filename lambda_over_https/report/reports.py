"""What commands answer besides one deployment's status: plain dictionaries for ``--json`` and tables."""

import functools
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from lambda_over_https.deployment.deployments import is_gone, running_sandbox
from lambda_over_https.deployment.journal.state import State
from lambda_over_https.hints import completed
from lambda_over_https.report import Report
from lambda_over_https.report.status import chapters_on
from lambda_over_https.settings import ENV_PREFIX, Settings, cache
from lambda_over_https.settings import home as state_home
from lambda_over_https.tutorial.chapter_lessons import OUTLINES
from lambda_over_https.tutorial.lessons import LESSONS, Lesson

if TYPE_CHECKING:
    from lambda_over_https.deployment.deployments import Known
    from lambda_over_https.deployment.recorded.call import Call
    from lambda_over_https.engine.make.plan import Planned
    from lambda_over_https.engine.recover.recover import Recovery
    from lambda_over_https.engine.remove.removal import Removal
    from lambda_over_https.tutorial.parts.step import Step


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


def recovery_report(recovery: "Recovery") -> Report:
    """What ``recover`` found, and where the old journal is kept."""
    return {
        "deployment": asdict(recovery.state.deployment),
        "found": [asdict(each) for each in recovery.found],
        "backup": str(recovery.backup) if recovery.backup else None,
        "own_source": recovery.own_source,
        "skipped": list(recovery.skipped),
    }
