"""Answers that are tables, of ``steps``, ``plan``, ``list``: drawn without rich, which takes long to load."""

from typing import TYPE_CHECKING

from lambda_over_https.report import Report
from lambda_over_https.report.costs import age_of
from lambda_over_https.report.progress import Progress
from lambda_over_https.show.canvas.page import plain
from lambda_over_https.show.canvas.screen import Screen
from lambda_over_https.states import Action, StepState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambda_over_https.engine.make.plan import Planned

STATES = {
    StepState.DONE: "green",
    StepState.FAILED: "bold red",
    StepState.SKIPPED: "cyan",
    StepState.PENDING: "dim",
}
LIFE = {"complete": "green", "incomplete": "magenta", "gone": "dim", "unreadable": "bold red"}
ACTIONS = {
    Action.CREATE: "green",
    Action.UPDATE: "magenta",
    Action.KEEP: "dim",
    Action.SKIP: "cyan",
    Action.BLOCKED: "bold red",
}


def _how_far(step: Report) -> str:
    """The state of a step, and what is to be said for the learner: by hand, with how many hints."""
    learnt = Progress(step["by"] or "", hints=step["hints"]).text
    return f"{step['state']}, {learnt}" if learnt else str(step["state"])


def print_steps(report: Report) -> None:
    """Show the steps and the state of each."""
    Screen().table(
        [
            [
                *plain(each["number"], each["title"]),
                (_how_far(each), STATES[each["state"]]),
            ]
            for each in report["steps"]
        ]
    )


def print_plan(planned: "Sequence[Planned]") -> None:
    """Show what ``run`` would do, step by step."""
    rows = [
        [
            *plain(each.number, each.name),
            (each.action, ACTIONS[each.action]),
            *plain(each.reason, ", ".join(each.calls)),
        ]
        for each in planned
    ]
    Screen().table(rows, ("step", "name", "action", "reason", "calls"))


def print_deployments(report: Report) -> None:
    """Each deployment of this machine: where it is, how far, how old."""
    rows = []
    for each in report["deployments"]:
        age = age_of(each["created"]).text if each["created"] else ""
        where = each.get("endpoint_url") or each["target"]
        place = plain(where, each["region"] or "", each["step"] or "-", age)
        rows.append([(each["name"], "bold"), *place, (each["state"], LIFE[each["state"]])])
    Screen().table(rows, ("name", "where", "region", "step", "age", "state"))


def print_settings(report: Report) -> None:
    """Show each setting with its source."""
    rows = [
        [
            *plain(each["name"]),
            (each["value"] or "-", "" if each["source"] == "default" else "bold"),
            *plain(each["source"], each["variable"]),
        ]
        for each in report["settings"]
    ]
    Screen().table(rows, ("setting", "value", "from", "variable"))


def print_faults(faults: "Sequence[Report]") -> None:
    """Show each fault of the sandbox: what it does, what the class sees, how to find it."""
    screen = Screen()
    for each in faults:
        screen.print((each["name"], "bold"), (f" ({'on' if each['on'] else 'off'}): {each['summary']}", ""))
        screen.prose(f"What the class sees: {each['symptom']}")
        screen.prose(f"How to find it: {each['search']}")
        screen.print()
