"""The answers of the commands as plain dictionaries: what ``--json`` prints and what the tables show."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lambda_over_https.engine import Planned
from lambda_over_https.journal import Journal
from lambda_over_https.settings import SANDBOX
from lambda_over_https.steps.step import Step
from lambda_over_https.teardown import Removal

Report = dict[str, Any]


def status_report(journal: Journal, steps: Sequence[Step], home: Path, ended: bool) -> Report:
    """What the journal knows; ``ended`` if the sandbox that held it has ended, and all is gone."""
    state, deployment = journal.state, journal.deployment
    stage = journal.find("apigateway:stage")
    sandboxed = deployment.target == SANDBOX
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
        "invoke_url": stage.detail.get("invoke_url") if stage and not ended else None,
        "ca_bundle": str(home / "sandbox" / "ca.pem") if sandboxed and deployment.boot_id else None,
        "gone": ended,
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
            for record in (() if ended else state.records)
        ],
    }


def steps_report(steps: Sequence[Step], states: dict[str, str]) -> Report:
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


def plan_report(planned: Sequence[Planned]) -> Report:
    """What ``run`` would do."""
    return {"steps": [asdict(each) for each in planned]}


def teardown_report(removal: Removal) -> Report:
    """What became of everything."""
    return asdict(removal)


def curl_line(url: str, ca_bundle: str | None, event: str) -> str:
    """The tutorial's own curl line for this deployment, ready to paste into a shell."""
    import shlex

    trust = f"--cacert {shlex.quote(ca_bundle)} " if ca_bundle else ""
    return f"curl {trust}-X POST -d {shlex.quote(event)} {url}"
