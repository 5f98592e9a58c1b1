"""What a learner hands in: ``report``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli.options import AsJson, Force, with_settings
from lambda_over_https.errors import LohError
from lambda_over_https.hints import command
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.report.learning_report import Learnt

app = typer.Typer()
PANEL = "Looking at it"


@app.command(rich_help_panel=PANEL)
@with_settings
def report(
    settings: Settings,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write to this file, which must be new; .json writes JSON."),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write what you did, to hand in: steps, hints, predictions, tests, and the proof of removal.

    It is Markdown, or JSON with --json or a file that ends in .json. It holds no secrets and no names of this
    machine, and it is there also after the teardown.

    Examples:  loh report   ·   loh report -o report.md   ·   loh report -o report.json
    """
    import json

    from lambda_over_https import show
    from lambda_over_https.files import write_for_user
    from lambda_over_https.report.learning_markdown import as_markdown
    from lambda_over_https.report.learning_report import learning_report

    found = learning_report(learnt(settings))
    document = json.dumps(found, indent=2) + "\n"
    if output:
        text = document if output.suffix == ".json" else as_markdown(found)
        write_for_user(output, text, replace=force)
        show.say(f"Written to {output}.")
    if as_json:
        show.print_json(found)
    elif not output:
        show.print_markdown(as_markdown(found).rstrip("\n"))
        if sys.stdout.isatty():
            show.say(f"\nTo hand it in, write it to a file: {command('loh report -o report.md')}")


def learnt(settings: Settings) -> "Learnt":
    """What is known of the deployment, or of the last one of that name; raises LohError if nothing is."""
    from lambda_over_https.cli.shared.kept import history_file
    from lambda_over_https.deployment.deployments import standing_journal
    from lambda_over_https.deployment.recorded import history, logbook
    from lambda_over_https.report.learning_report import Learnt

    path = history_file(settings)
    whose = logbook.owner(path.parent) if path else None
    if path is None or whose is None:
        raise LohError(f"Nothing is known of {settings.name} yet.", "`loh run` begins the tutorial.")
    calls = history.read(path) if history.is_of(path, whose) else []
    return Learnt(whose, logbook.read(path.parent), calls, standing_journal(settings) is not None)
