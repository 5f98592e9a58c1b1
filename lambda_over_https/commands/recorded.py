"""The calls as they were: ``history``."""

from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.commands import shared
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.options import with_settings
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from lambda_over_https.history import Call
    from lambda_over_https.steps.step import Step

app = typer.Typer()
PANEL = "Looking at it"
FORMS = ("table", "boto3", "aws-cli")


@app.command(rich_help_panel=PANEL)
@with_settings
def history(
    settings: Settings,
    step: Annotated[str | None, typer.Option(help="Only this step's calls (number or name).")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also the calls that only looked.")] = False,
    form: Annotated[str, typer.Option("--format", help="table, boto3 or aws-cli.")] = "table",
    as_json: shared.AsJson = False,
) -> None:
    """Show the AWS calls of this deployment as they were made.

    Examples:  loh history   ·   loh history --step 3.4 --format aws-cli   ·   loh history --all --json
    """
    from lambda_over_https import reports, show
    from lambda_over_https.show.calls import print_calls_as

    if form not in FORMS:
        raise UsageError(f"There is no format {form!r}.", f"Choose --format {', '.join(FORMS)}.")
    number = shared.find_step(step).number if step else None
    calls = [
        call
        for call in recorded(settings)
        if (everything or call.changes or call.tries) and number in (None, call.step)
    ]
    if as_json:
        show.print_json({"calls": [reports.call_report(call) for call in calls]})
    else:
        print_calls_as(calls, form)


def history_file(settings: Settings) -> "Path | None":
    """The deployment's history; that of a deployment that is gone, if there is no other."""
    from lambda_over_https import history as histories
    from lambda_over_https.settings import home

    journal = shared.session(settings).journal_on_disk()
    if journal is not None:
        return journal.path.with_name(histories.FILE)
    scope = "endpoint-" if settings.endpoint_url else settings.target
    return histories.find(home(), scope, settings.name)


def recorded(settings: Settings) -> "list[Call]":
    """All recorded calls; raises LohError if there are none."""
    from lambda_over_https import history as histories

    path = history_file(settings)
    calls = histories.read(path) if path else []
    if not calls:
        raise LohError("No calls have been recorded yet.", "`loh run` makes some.")
    return calls


def calls_of_step(settings: Settings, step: "Step") -> "tuple[list[Call], bool]":
    """The calls behind what a step made, and True; or those it will make, and False."""
    from lambda_over_https import history as histories
    from lambda_over_https.calls.selection import effective

    path = history_file(settings)
    done = effective(histories.read(path), [step.number]) if path else []
    if done:
        return done, True
    from lambda_over_https.rehearsal import imagined, rehearse

    with imagined(settings, shared.session(settings).journal_on_disk()) as stack:
        return rehearse(step, stack), False
