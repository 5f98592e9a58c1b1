"""The recorded AWS calls: ``history`` and ``export``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lambda_over_https.cli import completion
from lambda_over_https.cli.options import AsJson, Force, with_settings
from lambda_over_https.cli.shared import finding, kept
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambda_over_https.deployment.recorded.call import Call

app = typer.Typer()
PANEL = "Looking at it"
FORMS = ("table", "boto3", "aws-cli")
TEMPLATES = ("sam", "terraform")
SCRIPTS = {"aws-cli": "tutorial.sh", "boto3": "tutorial.py", "markdown": "tutorial.md"}


@app.command(rich_help_panel=PANEL)
@with_settings
def history(
    settings: Settings,
    step: Annotated[
        str | None,
        typer.Option(
            help="Only the calls of this step (number or name), section (3), chapter, or teardown (4).",
            autocompletion=completion.steps,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also show the calls that only read.")] = False,
    form: Annotated[str, typer.Option("--format", help="table, boto3 or aws-cli.")] = "table",
    as_json: AsJson = False,
) -> None:
    """Show the AWS calls of this deployment, as they were made.

    Examples:  loh history   ·   loh history --step 3.4 --format aws-cli   ·   loh history --all --json
    """
    from lambda_over_https import show
    from lambda_over_https.report import reports
    from lambda_over_https.show.calls import print_calls_as

    if form not in FORMS:
        raise UsageError(f"There is no format {form!r}.", f"Choose --format {', '.join(FORMS)}.")
    every = kept.recorded(settings)
    wanted = _said_to_be(step, every) if step else {call.whose for call in every}
    calls = [call for call in every if (everything or call.changes or call.tries) and call.whose in wanted]
    if as_json:
        show.print_json({"calls": [reports.call_report(call) for call in calls]})
    else:
        print_calls_as(calls, form)


def _said_to_be(step: str, calls: "Sequence[Call]") -> set[str]:
    """What the calls that are meant were made for: also what is no step to explain, as 4, drill and try."""
    if step in {call.whose for call in calls}:
        return {step}
    return {each.number for each in finding.find_steps(step, chapters=True)}


@app.command(rich_help_panel=PANEL)
@with_settings
def export(
    settings: Settings,
    form: Annotated[
        str, typer.Option("--format", help="aws-cli, boto3, markdown, sam or terraform.")
    ] = "aws-cli",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write to this new file (sam, terraform: this folder), and not to standard output.",
        ),
    ] = None,
    force: Force = False,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="terraform: take over what was made, by import blocks.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the deployment as a script, a lesson, or infrastructure as code.

    A script (aws-cli, boto3) makes the recorded calls again and has a teardown of its own; markdown is a
    lesson to read. sam and terraform describe what is there: -o makes a folder of it, with the handler and a
    README.

    Examples:  loh export -o tutorial.sh   ·   loh export --format boto3 -o tutorial.py   ·
    loh export --format sam -o my-api   ·   loh export --format terraform -o my-api --adopt
    """
    from lambda_over_https import show

    if form in TEMPLATES:
        if force:
            raise UsageError(
                f"--force does not go with {form}, which writes a folder.",
                "Leave it out: what this program wrote there, and nobody has changed, is written anew.",
            )
        from lambda_over_https.cli.shared import templates

        report = templates.export(settings, form, output, adopt=adopt)
    else:
        report = _export_script(settings, form, output, adopt=adopt, force=force)
    if as_json:
        show.print_json(report)
        return
    if output:
        show.say(f"Written to {output}.")
    else:
        show.print_file(report["text"].rstrip("\n"))
    for each in report.get("not_included", ()):
        show.say(f"Not included: {each}")
    if "warning" in report:
        show.say(report["warning"])


def _export_script(
    settings: Settings, form: str, output: Path | None, *, adopt: bool, force: bool
) -> dict[str, Any]:
    if form not in SCRIPTS:
        raise UsageError(
            f"There is no format {form!r}.", f"Choose --format {', '.join((*SCRIPTS, *TEMPLATES))}."
        )
    if adopt:
        raise UsageError("A script cannot take over what exists.", "--adopt needs --format terraform.")
    text = _script(settings, form, output.name if output else SCRIPTS[form])
    if output:
        from lambda_over_https.files import write_for_user

        write_for_user(output, text, executable=form == "aws-cli", replace=force)
    return {"format": form, "file": str(output) if output else None, "text": text}


def _script(settings: Settings, form: str, file: str) -> str:
    from lambda_over_https.deployment.deployments import journal_on_disk
    from lambda_over_https.deployment.handler.sources import deployed_source
    from lambda_over_https.deployment.recorded import history as histories
    from lambda_over_https.practice.rehearsal.lost_calls import calls_that_made
    from lambda_over_https.practice.rehearsal.rehearsing import imagined
    from lambda_over_https.transcript import script, to_markdown, to_python, to_shell
    from lambda_over_https.tutorial.course import steps_of

    path, journal = kept.history_file(settings), journal_on_disk(settings)
    calls = histories.read(path) if path else []
    if path is None or not (calls or journal):
        raise kept.nothing_recorded()
    deployment = journal.deployment if journal else histories.deployment_of(path)
    with imagined(settings, journal) as stack:
        steps = steps_of(stack)
        made = calls_that_made(calls, steps, stack)
        name, source = _text_of(*deployed_source(path.parent, _runtime(made)))
        built = script.build(made, steps, stack, deployment, name, source)
    if form == "markdown":
        return to_markdown.lesson(built)
    return to_python.python_script(built, file) if form == "boto3" else to_shell.shell_script(built, file)


def _runtime(calls: "Sequence[Call]") -> str:
    named = [str(call.parameters.get("Runtime", "")) for call in calls]
    return "nodejs" if any(each.startswith("nodejs") for each in named) else "python"


def _text_of(name: str, source: bytes) -> tuple[str, str]:
    try:
        return name, source.decode()
    except UnicodeDecodeError as error:
        raise LohError(
            f"{name} is not UTF-8, and a script can only carry text.", "Choose --format sam or terraform."
        ) from error
