"""Taking care of a deployment: ``teardown``, ``recover``, ``policy`` and ``doctor``."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli.commands import shared
from lambda_over_https.cli.options import with_choices, with_settings
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.doctor import Finding
    from lambda_over_https.engine.removal import Removal

app = typer.Typer()
PANEL = "Taking it away"


@app.command(rich_help_panel=PANEL)
@with_settings
def teardown(
    settings: Settings,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Also remove what somebody has protected, or has added policies to. Only what is ours.",
        ),
    ] = False,
    yes: shared.Yes = False,
    as_json: shared.AsJson = False,
) -> None:
    """Remove everything the deployment made, and nothing else; then look whether it is gone.

    Examples:  loh teardown   ·   loh teardown --name alice --yes
    """
    from lambda_over_https import show
    from lambda_over_https.deployment import journal as journals
    from lambda_over_https.deployment.deployments import known_journal, sandbox_has_ended
    from lambda_over_https.deployment.lock import locked
    from lambda_over_https.engine.removal import Removal
    from lambda_over_https.report import reports

    journal = known_journal(settings)
    if sandbox_has_ended(journal):
        with locked(journal.path):
            aside = journals.set_aside(journal.path)
        show.say(
            f"The sandbox that held it has ended, and all of it is gone. The journal is kept in {aside}."
        )
        removal = Removal()
    else:
        removal = _tear_down(settings, force, yes)
    if as_json:
        show.print_json(reports.teardown_report(removal))
    elif not removal.left:
        show.print_line(f"Nothing is left of {settings.name}.")
    if removal.left:
        for each in removal.left:
            show.say(f"Still there: {each['kind']} {each['name']}: {each['reason']}")
        show.say("`loh teardown` tries again.")
        raise typer.Exit(3)


def _tear_down(settings: Settings, force: bool, yes: bool) -> "Removal":
    from lambda_over_https import show
    from lambda_over_https.engine.teardown import Teardown
    from lambda_over_https.tutorial.steps import STEPS

    with shared.working(settings) as (stack, _):
        work = Teardown(STEPS, stack, force=force)
        show.say(f"Teardown of {settings.name}: {stack.place.caller} in {stack.place.region}")
        show.print_inventory(work.inventory())
        if not yes:
            for addition in work.additions():
                show.say(f"     along goes {addition}")
            shared.ask("Remove all of this?")
        return work.remove_all(shared.WORKERS)


@app.command(rich_help_panel=PANEL)
@with_settings
def recover(
    settings: Settings,
    deployment_id: Annotated[
        str | None, typer.Option("--id", help="The deployment's id, where several are found.")
    ] = None,
    as_json: shared.AsJson = False,
) -> None:
    """Rebuild a lost or damaged journal from what AWS holds; nothing there is changed.

    Examples:  loh recover   ·   loh recover --name alice --target aws
    """
    from lambda_over_https import show
    from lambda_over_https.aws.explanations import explained
    from lambda_over_https.deployment.lock import locked
    from lambda_over_https.engine.recover import recover as rebuild
    from lambda_over_https.report import reports
    from lambda_over_https.tutorial.steps import STEPS

    with explained():
        stack = shared.session(settings).open_for_recovery()
    with locked(stack.journal.path):
        recovery = rebuild(stack, STEPS, deployment_id)
    if as_json:
        show.print_json(reports.recovery_report(recovery))
        return
    for found in recovery.found:
        show.print_line(f"{found.sure:9} {found.kind} {found.name} {found.id}: {found.reason}")
    if recovery.backup:
        show.say(f"The old journal is kept in {recovery.backup}.")
    if recovery.own_source:
        show.say(
            "The function's code is not the tutorial's, and AWS does not tell from which file it came."
            f" `loh run{settings.as_typed} --source YOUR_FILE` keeps it; without, the tutorial's takes over."
        )
    if recovery.state.records:
        show.say(
            "The journal is rebuilt. `loh status` shows it; `loh run` completes, `loh teardown` removes."
        )
    else:
        show.say(f"Nothing of {settings.name} is there: no journal is needed.")


@app.command(rich_help_panel=PANEL)
@with_settings
def policy(
    settings: Settings,
    prefix: Annotated[
        str | None, typer.Option(help="For all deployments whose names begin so; default: just this one.")
    ] = None,
    role_arn: Annotated[
        str, typer.Option("--role-arn", envvar="LAMBDA_OVER_HTTPS_ROLE_ARN", help="For a role that is lent.")
    ] = "",
) -> None:
    """Print the smallest IAM policy that lets somebody use this program.

    Examples:  loh policy --target aws > policy.json   ·   loh policy --prefix class-
    """
    from lambda_over_https import show
    from lambda_over_https.aws.operator_policy import operator_policy

    place = shared.session(settings).place()
    show.print_json(operator_policy(settings.name, prefix, place, role_arn))
    show.say(
        "Only REST APIs that carry this name's tag can be changed with it. One right IAM cannot narrow down:"
        " to set tags on any REST API."
    )


@app.command(rich_help_panel=PANEL)
@with_choices
def doctor(settings: Settings, as_json: shared.AsJson = False) -> None:
    """Find what is wrong, before or after a deployment is made, and the command that mends it.

    Examples:  loh doctor   ·   loh doctor --target aws --region eu-west-1
    """
    from lambda_over_https import show

    with shared.reading(settings, create=True) as (stack, _):
        findings = list(_examine(settings, stack))
        shared.forget_if_empty(stack)
    healthy = all(each.ok for each in findings)
    if as_json:
        show.print_json({"healthy": healthy, "findings": [asdict(each) for each in findings]})
    else:
        for each in findings:
            show.print_line(f"{'ok   ' if each.ok else 'WRONG'} {each.name}: {each.what}")
            if each.mend:
                show.print_line(f"      mend it: {each.mend}")
    raise typer.Exit(0 if healthy else 1)


def _examine(settings: Settings, stack: "Stack") -> "Iterator[Finding]":
    from datetime import UTC, datetime
    from itertools import chain

    from lambda_over_https.doctor import examine
    from lambda_over_https.doctor.after import After
    from lambda_over_https.doctor.before import Before
    from lambda_over_https.settings import home
    from lambda_over_https.tutorial.steps import STEPS

    run = f"loh run{settings.as_typed}"
    before = Before(stack, STEPS, home())
    after = After(stack, STEPS, run, datetime.now(UTC).date())
    names = not stack.journal.state.records
    return examine(chain(before.place(), before.names() if names else after.checks()))
