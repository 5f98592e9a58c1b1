"""Doing the tutorial: ``run``, ``next``, ``undo``, ``steps``, ``explain``, ``plan``."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.commands import shared
from lambda_over_https.options import with_choices, with_settings
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.engine import Engine
    from lambda_over_https.stack import Stack

app = typer.Typer()
PANEL = "The tutorial"


@app.command(rich_help_panel=PANEL)
@with_choices
def run(
    settings: Settings,
    to: Annotated[str | None, typer.Option(help="Stop after this step (number or name).")] = None,
    pause: Annotated[
        bool | None, typer.Option("--pause/--no-pause", help="Wait before each step (default at a terminal).")
    ] = None,
    yes: shared.Yes = False,
    as_json: shared.AsJson = False,
) -> None:
    """Do all remaining steps: a finished deployment stays as it is, an interrupted one goes on.

    Examples:  loh run   ·   loh run --to 3.2   ·   loh run --name alice --no-pause
    """
    last = shared.find_step(to).number if to else None
    with shared.working(settings, create=True) as (stack, engine):
        shared.confirm_place(stack, yes)
        if _pauses(pause, as_json):
            _walk(engine, last)
        else:
            engine.up(last, shared.WORKERS)
        _farewell(settings, stack, as_json)


@app.command("next", rich_help_panel=PANEL)
@with_choices
def next_(settings: Settings, yes: shared.Yes = False) -> None:
    """Do the next step that is not done.

    Example:  loh next
    """
    from lambda_over_https import show

    with shared.working(settings, create=True) as (stack, engine):
        shared.confirm_place(stack, yes)
        step = engine.next_step()
        if step is None:
            show.say("Every step is done. `loh verify` tests it, `loh teardown` removes it.")
            return
        show.print_step(step, ())
        engine.only(step)


@app.command(rich_help_panel=PANEL)
@with_settings
def undo(settings: Settings) -> None:
    """Take back the last step that was done.

    Example:  loh undo
    """
    from lambda_over_https import show, teardown
    from lambda_over_https.aws_errors import explained
    from lambda_over_https.steps import STEPS

    with shared.working(settings) as (stack, _):
        states = stack.journal.state.steps
        step = next((each for each in reversed(STEPS) if states.get(each.number)), None)
        if step is None:
            show.say("No step has been done.")
            return
        teardown.undo(step, stack, explained)
        show.say(f"Step {step.number} ({step.title}) is taken back. `loh next` does it again.")


@app.command(rich_help_panel=PANEL)
@with_settings
def steps(settings: Settings, as_json: shared.AsJson = False) -> None:
    """List the tutorial's steps and how far each is.

    Example:  loh steps
    """
    from lambda_over_https import reports, show
    from lambda_over_https.session import sandbox_has_ended
    from lambda_over_https.steps import STEPS

    session = shared.session(settings)
    journal = session.journal_on_disk()
    known = journal is not None and not sandbox_has_ended(journal, session.home)
    report = reports.steps_report(STEPS, dict(journal.state.steps) if journal and known else {})
    show.print_json(report) if as_json else show.print_steps(report)


@app.command(rich_help_panel=PANEL)
def explain(step: shared.StepNumber) -> None:
    """Say why a step is there and what it costs.

    Example:  loh explain 3.6
    """
    from lambda_over_https import show

    show.print_step(shared.find_step(step), ())


@app.command(rich_help_panel=PANEL)
@with_choices
def plan(settings: Settings, as_json: shared.AsJson = False) -> None:
    """Show what `run` would do, changing nothing.

    Example:  loh plan --json
    """
    from lambda_over_https import reports, show

    with shared.reading(settings, create=True) as (stack, engine):
        planned = engine.plan()
        _forget_if_empty(stack)
    show.print_json(reports.plan_report(planned)) if as_json else show.print_plan(planned)


def _walk(engine: "Engine", last: str | None) -> None:
    """Step by step: say what comes and why, wait for Enter, do it."""
    from lambda_over_https import show

    planned = {each.number: each for each in engine.plan()}
    while (step := engine.next_step()) is not None:
        show.print_step(step, planned[step.number].calls)
        answer = typer.prompt("Enter to go on, q to leave", default="", show_default=False, err=True)
        if answer.strip().lower() == "q":
            show.say("Left. `loh run` goes on from here; `loh teardown` removes what there is.")
            raise typer.Exit(0)
        engine.only(step)
        if step.number == last:
            return


def _pauses(pause: bool | None, as_json: bool) -> bool:
    return not as_json and (sys.stdin.isatty() and sys.stderr.isatty() if pause is None else pause)


def _farewell(settings: Settings, stack: "Stack", as_json: bool) -> None:
    from lambda_over_https import reports, show, ways
    from lambda_over_https.session import sandbox_has_ended
    from lambda_over_https.steps import STEPS

    session = shared.session(settings)
    ended = sandbox_has_ended(stack.journal, session.home)
    report = reports.status_report(stack.journal, STEPS, session.home, ended)
    if as_json:
        show.print_json(report)
    elif report["invoke_url"]:
        item = {"Item": {"Id": "1", "name": "Bob"}}
        event = ways.as_text(ways.request_event("create", stack.names.table, item))
        show.say("Ready. Try it:")
        show.print_line(reports.curl_line(report["invoke_url"], report["ca_bundle"], event))
        show.say(f"Remove it: loh teardown{shared.options_of(settings)}")


def _forget_if_empty(stack: "Stack") -> None:
    """A plan leaves no trace."""
    if not stack.journal.path.exists() and stack.journal.path.parent.exists():
        stack.journal.path.parent.rmdir()
