"""Removing and repairing a deployment: ``teardown``, ``recover`` and ``doctor``."""

from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli.options import AsJson, Yes, with_choices, with_settings
from lambda_over_https.cli.shared import opening, questions, undoing, verdict
from lambda_over_https.hints import completed
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lambda_over_https.deployment.journal.journal import Journal
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.doctor import Finding
    from lambda_over_https.engine.remove.removal import Removal

app = typer.Typer()
PANEL = "Removing and repairing"


@app.command(rich_help_panel=PANEL)
@with_settings
def teardown(
    settings: Settings,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Also remove resources of ours that somebody has protected or added policies to.",
        ),
    ] = False,
    untagged: Annotated[
        bool,
        typer.Option("--untagged", help="Also remove resources with the recorded id that have lost our tag."),
    ] = False,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait/--no-wait",
            help="Wait for the REST API's turn, or leave it to the next teardown: AWS deletes one in 30 s.",
        ),
    ] = True,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Remove everything the deployment made; verify that it is gone.

    It shows what it will remove, asks, and removes nothing that is not this deployment's.

    Where this machine knows no such deployment, it looks for resources of its names and says what there is.

    Examples:  loh teardown   ·   loh teardown --name alice --yes   ·   loh teardown --no-wait
    """
    from dataclasses import replace

    from lambda_over_https import show
    from lambda_over_https.deployment.deployments import journal_on_disk
    from lambda_over_https.engine.remove.removal import Removal
    from lambda_over_https.report import reports

    settings = replace(settings, turns=wait)
    journal = journal_on_disk(settings)
    if journal is None:
        removal = _look_for_remains(settings)
    elif aside := _set_aside_if_ended(journal):
        show.say(
            "The sandbox that held this deployment has stopped, so all of it is gone. The journal is kept in "
            f"{aside}."
        )
        removal = Removal()
    else:
        removal = _tear_down(settings, yes, force=force, untagged=untagged)
    if as_json:
        show.print_json(reports.teardown_report(removal))
    elif not removal.left:
        show.print_line(f"Nothing is left of {settings.name}.")
    if removal.left:
        _say_what_is_left(removal)
        raise typer.Exit(3)


def _set_aside_if_ended(journal: "Journal") -> "Path | None":
    """Move the journal of an ended sandbox aside; None if its sandbox runs, or another run was quicker."""
    from lambda_over_https.deployment.deployments import sandbox_has_ended
    from lambda_over_https.deployment.journal.places import set_aside_if
    from lambda_over_https.deployment.lock import locked

    if not sandbox_has_ended(journal):
        return None
    with locked(journal.path):
        return set_aside_if(journal.path, sandbox_has_ended)


def _say_what_is_left(removal: "Removal") -> None:
    """Name it; what only the user can decide about, another teardown would leave again."""
    from lambda_over_https import show
    from lambda_over_https.engine.remove.removal import Cause

    for each in removal.left:
        show.say(f"Still there: {each}")
    if any(each.cause is not Cause.UNDECIDED for each in removal.left):
        show.say("Run `loh teardown` again to try once more.")


def _look_for_remains(settings: Settings) -> "Removal":
    """What there is of a deployment that this machine does not know; nothing is changed."""
    from lambda_over_https import show
    from lambda_over_https.aws.errors.explanations import explained
    from lambda_over_https.deployment.deployments import other_names, running_sandbox, sandbox_is_meant
    from lambda_over_https.engine.remove.removal import Removal
    from lambda_over_https.engine.remove.teardown import remains
    from lambda_over_https.files import private_folder
    from lambda_over_https.settings import home
    from lambda_over_https.tutorial.course import steps_of

    private_folder(home())  # where no state can be, nothing is known of what there is
    known = other_names(settings)
    show.say(f"This machine knows no deployment named {settings.name}.{known}")
    if sandbox_is_meant(settings) and not running_sandbox():
        return Removal()
    with explained():
        stack = opening.session(settings).open_for_recovery()
        try:
            return remains(steps_of(stack), stack)
        finally:
            opening.forget_if_empty(stack)


def _tear_down(settings: Settings, yes: bool, *, force: bool, untagged: bool) -> "Removal":
    from lambda_over_https import show
    from lambda_over_https.engine.remove.teardown import Teardown
    from lambda_over_https.tutorial.course import steps_of

    with opening.working(settings) as (stack, _):
        work = Teardown(steps_of(stack), stack, force=force, untagged=untagged)
        show.say(f"Teardown of {settings.name} as {stack.place.caller} in {stack.place.region}")
        questions.name_other_endpoints(stack)
        show.print_inventory(work.inventory.records())
        if not yes:
            undoing.name_what_hangs_on(work.inventory)
            questions.ask("Remove all of this?")
        return work.remove_all(opening.WORKERS)


@app.command(rich_help_panel=PANEL)
@with_settings
def recover(
    settings: Settings,
    deployment_id: Annotated[
        str | None, typer.Option("--id", help="The deployment's id, if several are found.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild a lost journal, the record of what was made, from AWS.

    It reads names and tags, changes nothing at AWS, and says how sure it is of each resource.

    Examples:  loh recover   ·   loh recover --name alice --target aws
    """
    from lambda_over_https import show
    from lambda_over_https.aws.errors.explanations import explained
    from lambda_over_https.deployment.lock import locked
    from lambda_over_https.engine.recover.recover import recover as rebuild
    from lambda_over_https.report import reports
    from lambda_over_https.tutorial.course import steps_of, steps_of_everything

    with explained():
        stack = opening.session(settings).open_for_recovery()
    with locked(stack.journal.path):
        recovery = rebuild(stack, steps_of_everything(stack), deployment_id, steps_of)
    if as_json:
        show.print_json(reports.recovery_report(recovery))
        return
    for found in recovery.found:
        show.print_line(completed(f"{found.sure:9} {found.kind} {found.name} {found.id}: {found.reason}"))
    if recovery.backup:
        show.say(f"The old journal is kept in {recovery.backup}.")
    if recovery.skipped:
        show.say(
            f"Not looked for, because that is not allowed: {', '.join(recovery.skipped)}. If a chapter was"
            f" on, `loh policy --chapter all` prints the permissions to find what it made."
        )
    if recovery.own_source:
        show.say(
            "The function's code is not the tutorial's, and AWS does not record which file it came from."
            " `loh run --source YOUR_FILE` keeps it; without --source, the tutorial's"
            " code replaces it."
        )
    if recovery.state.records:
        show.say(
            "The journal is rebuilt. `loh status` shows the deployment, `loh run` completes it, `loh"
            " teardown` removes it."
        )
    elif not recovery.begun:
        show.say(f"Nothing of {settings.name} exists, so no journal is needed.")


@app.command(rich_help_panel=PANEL)
@with_choices
def doctor(
    settings: Settings,
    everything: Annotated[bool, typer.Option("--all", help="Show what each check saw.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find what is wrong, and show the command that fixes it.

    Before the first run it checks credentials, clock, disk, quota and names; afterwards each resource, and
    at the end what `loh verify` tests. What is wrong comes last on the screen.

    Examples:  loh doctor   ·   loh doctor --all   ·   loh doctor --target aws --region eu-west-1
    """
    with opening.reading(settings, create=True) as (stack, _):
        findings = list(_examine(stack))
        opening.forget_if_empty(stack)
    verdict.end_with(findings, everything=everything, as_json=as_json)


def _examine(stack: "Stack") -> "Iterator[Finding]":
    from datetime import UTC, datetime
    from itertools import chain

    from lambda_over_https.doctor import examine
    from lambda_over_https.doctor.after import After
    from lambda_over_https.doctor.before import Before
    from lambda_over_https.doctor.progress import progress
    from lambda_over_https.settings import home
    from lambda_over_https.tutorial.course import steps_of

    steps = steps_of(stack)
    before = Before(stack, steps, home())
    after = After(stack, steps, datetime.now(UTC).date())
    if not stack.journal.state.records:
        return examine(chain(before.place(), before.names()))
    return examine(chain(before.place(), after.probes(), [progress(stack.journal.state, steps)]))
