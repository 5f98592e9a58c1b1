"""Step 3.7: the test, over all three ways in."""

from dataclasses import astuple
from functools import partial

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.events import Checked
from lambda_over_https.tutorial.checks import ECHO, Check, run_checks
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.own_handler import operations_for
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.request import as_text
from lambda_over_https.tutorial.ways import way
from lambda_over_https.words import counted


def verify(stack: Stack) -> list[Check]:
    """Make every check and report each; the items it creates are removed again."""
    results = []
    for check in run_checks(stack, operations_for(stack)):
        results.append(check)
        stack.run.emit(Checked("3.7", *astuple(check)))
    return results


def act(stack: Stack) -> None:
    """Verify; raises LohError naming the first check that failed."""
    failed = [check for check in verify(stack) if not check.ok]
    if failed:
        first = failed[0]
        raise LohError(
            f"{counted(len(failed), 'check')} failed, first {first.name} via {first.via}: {first.detail}",
            "`loh doctor` looks for the cause; `loh logs` shows what the function printed.",
            "3.7",
        )


def _echo_by(name: str, stack: Stack) -> None:
    with way(stack, name) as chosen:
        chosen.send(as_text(ECHO.event(stack.names.table, "")))


STEP = Step(
    lesson("3.7"),
    needs=("2.4", "3.5", "3.6"),
    act=act,
    late=True,
    rehearse=(partial(_echo_by, "invoke"), partial(_echo_by, "test-invoke-method")),
)
