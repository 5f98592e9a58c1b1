"""Looking at a deployment: ``status`` and ``verify``."""

from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli.options import AsJson, with_settings
from lambda_over_https.cli.shared import opening
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.report.live import Live

app = typer.Typer()
PANEL = "Looking at it"


@app.command(rich_help_panel=PANEL)
@with_settings
def status(
    settings: Settings,
    show_settings: Annotated[
        bool, typer.Option("--settings", help="Show each setting and where its value came from.")
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Ask AWS what exists now, and what a client gets.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Show each resource with its name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show steps, resources, URL, age, cost and picture, as recorded.

    It reads the journal, the record of what was made, and asks AWS nothing. With --live it does ask. The
    picture and the next command come last on the screen.

    Examples:  loh status   ·   loh status --live   ·   loh status --all   ·   loh status --settings
    """
    if show_settings:
        _status_of_settings(settings, as_json)
        return
    from lambda_over_https import show
    from lambda_over_https.deployment.deployments import known_journal, sandbox_has_ended
    from lambda_over_https.report.picture import picture_of
    from lambda_over_https.report.status import standing, status_report
    from lambda_over_https.show.status import print_status

    journal = known_journal(settings)
    ended = sandbox_has_ended(journal)
    now = _look(settings) if live else None
    report = status_report(journal, ended, now)
    if as_json:
        show.print_json(report)
    else:
        picture = picture_of(now.state if now else standing(journal, ended))
        print_status(report, picture, everything=everything)


def _look(settings: Settings) -> "Live":
    from lambda_over_https.report.live import look_now

    with opening.reading(settings) as (stack, engine):
        return look_now(stack, engine)


@app.command(rich_help_panel=PANEL)
@with_settings
def verify(settings: Settings, as_json: AsJson = False) -> None:
    """Test the deployment: six operations, each sent in three ways.

    The ways: directly to Lambda, through API Gateway's own test, and over HTTPS.

    Example:  loh verify
    """
    from lambda_over_https import show
    from lambda_over_https.tutorial import checks
    from lambda_over_https.tutorial.steps.verify import verify as make_checks

    with opening.reading(settings) as (stack, engine):
        results = make_checks(stack)
        left = engine.next_step()
    passed = all(check.ok for check in results)
    if as_json:
        show.print_json({"passed": passed, "checks": [checks.as_json(check) for check in results]})
    else:
        good = sum(check.ok for check in results)
        show.print_line(f"{good} of {len(results)} checks passed.")
        if not passed:
            show.say(
                f"Next: `loh run` does the steps from {left.number} on."
                if left
                else "Next: `loh doctor` finds what is wrong, and the command that fixes it."
            )
    raise typer.Exit(0 if passed else 1)


@app.command("list", rich_help_panel=PANEL)
def list_(as_json: AsJson = False) -> None:
    """List all deployments that this machine knows: where each is, how far, how old.

    It reads the journals, the records of what was made, and asks AWS nothing.

    Examples:  loh list   ·   loh list --json
    """
    from lambda_over_https import show
    from lambda_over_https.deployment.deployments import all_known
    from lambda_over_https.report.reports import list_report
    from lambda_over_https.show.tables import print_deployments

    report = list_report(list(all_known()))
    if as_json:
        show.print_json(report)
    elif report["deployments"]:
        print_deployments(report)
    else:
        show.say("There is no deployment on this machine. `loh run` makes one.")


def _status_of_settings(settings: Settings, as_json: bool) -> None:
    from lambda_over_https import show
    from lambda_over_https.report.reports import settings_report
    from lambda_over_https.show.tables import print_settings

    report = settings_report(settings)
    show.print_json(report) if as_json else print_settings(report)
