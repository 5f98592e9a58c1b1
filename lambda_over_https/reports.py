"""The answers of the commands as plain dictionaries: what ``--json`` prints and what the tables show."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lambda_over_https.costs import age_of, cost_lines
from lambda_over_https.journal import Deployment, Journal, Record, State
from lambda_over_https.names import DEFAULT_DEPLOYMENT, names_for
from lambda_over_https.picture import picture_of
from lambda_over_https.settings import ENV_PREFIX, SANDBOX, Settings, cache
from lambda_over_https.settings import home as state_home
from lambda_over_https.ways import as_text, request_event

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lambda_over_https.engine import Planned
    from lambda_over_https.history import Call
    from lambda_over_https.recover import Recovery
    from lambda_over_https.removal import Removal
    from lambda_over_https.steps.step import Step

Report = dict[str, Any]


def status_report(journal: Journal, steps: "Sequence[Step]", home: Path, ended: bool) -> Report:
    """What the journal knows; ``ended`` if the sandbox that held it has ended, and all is gone."""
    state, deployment = journal.state, journal.deployment
    stage = journal.find("apigateway:stage")
    sandboxed = deployment.target == SANDBOX
    invoke_url = stage.detail.get("invoke_url") if stage and not ended else None
    ca_bundle = str(home / "sandbox" / "ca.pem") if sandboxed and deployment.boot_id else None
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
        "invoke_url": invoke_url,
        "ca_bundle": ca_bundle,
        "curl": try_it(invoke_url, ca_bundle, deployment.name) if invoke_url else None,
        "gone": ended,
        "reminder": None if ended else _reminder(deployment),
        "cost": {"lines": [] if ended else cost_lines(deployment.target)},
        "picture": picture_of(state if not ended else State(deployment)).as_json(),
        "steps": [
            {
                "number": step.number,
                "name": step.name,
                "title": step.title,
                "state": "pending" if ended else state.steps.get(step.number, "pending"),
            }
            for step in steps
        ],
        "resources": [
            {key: getattr(record, key) for key in ("kind", "name", "id", "arn", "state", "step")}
            for record in (() if ended else sorted(state.records, key=_by_step(steps)))
        ],
    }


def steps_report(steps: "Sequence[Step]", states: dict[str, str]) -> Report:
    """The tutorial's steps, with how far each is."""
    return {
        "steps": [
            {
                "number": step.number,
                "name": step.name,
                "title": step.title,
                "state": states.get(step.number, "pending"),
            }
            for step in steps
        ]
    }


def move_report(moved: "Step | None", following: "Step | None") -> Report:
    """The step that ``next`` did or ``undo`` took back, and the one that comes now; null for none."""
    return {
        key: {"number": step.number, "name": step.name, "title": step.title} if step else None
        for key, step in (("step", moved), ("next", following))
    }


def plan_report(planned: "Sequence[Planned]") -> Report:
    """What ``run`` would do."""
    return {"steps": [asdict(each) for each in planned]}


def settings_report(settings: Settings) -> Report:
    """Each setting: its value, where that came from, and the variable that can set it."""
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


def explain_report(step: "Step", more: str, calls: "Sequence[Call]", made: bool) -> Report:
    """A step explained; ``made`` tells whether the calls were made or are planned."""
    return {
        "number": step.number,
        "name": step.name,
        "title": step.title,
        "why": step.why,
        "more": more,
        "costs": step.costs,
        "made": made,
        "calls": [call_report(call) for call in calls],
    }


def call_report(call: "Call") -> Report:
    """One call, with its boto3 and ``aws`` forms."""
    from lambda_over_https.calls.aws_cli import aws_command
    from lambda_over_https.calls.python import python_call

    plain = json.loads(json.dumps(asdict(call), default=_text))
    return {**plain, "boto3": python_call(call), "aws": aws_command(call)}


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def teardown_report(removal: "Removal") -> Report:
    """What became of everything."""
    return asdict(removal)


def _by_step(steps: "Sequence[Step]") -> "Callable[[Record], int]":
    """Sorts records in the tutorial's order, though steps ran side by side."""
    numbers = [step.number for step in steps]
    return lambda record: numbers.index(record.step) if record.step in numbers else len(numbers)


def _reminder(deployment: Deployment) -> str | None:
    age = age_of(deployment.created)
    name = "" if deployment.name == DEFAULT_DEPLOYMENT else f" --name {deployment.name}"
    text = f"It has been there for {age.text}. Remove it when you are done: loh teardown{name}"
    return text if age.old else None


def try_it(url: str, ca_bundle: str | None, deployment: str) -> str:
    """The curl line that creates the tutorial's Bob."""
    item = {"Item": {"Id": "1", "name": "Bob"}}
    return curl_line(url, ca_bundle, as_text(request_event("create", names_for(deployment).table, item)))


def curl_line(url: str, ca_bundle: str | None, event: str) -> str:
    """The tutorial's own curl line for this deployment, ready to paste into a shell."""
    import shlex

    trust = f"--cacert {shlex.quote(ca_bundle)} " if ca_bundle else ""
    return f"curl {trust}-X POST -d {shlex.quote(event)} {url}"


def recovery_report(recovery: "Recovery") -> Report:
    """What ``recover`` found, and where the old journal is kept."""
    return {
        "deployment": asdict(recovery.state.deployment),
        "found": [asdict(each) for each in recovery.found],
        "backup": str(recovery.backup) if recovery.backup else None,
        "own_source": recovery.own_source,
    }
