"""Doing the tutorial: ``run``, ``next``, ``undo``, ``steps``, ``explain``, ``plan``."""

from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli import completion
from lambda_over_https.cli.options import AsJson, StepNumber, Yes, with_choices, with_settings
from lambda_over_https.cli.shared import farewell, finding, opening, own_source, questions, undoing
from lambda_over_https.errors import DeclinedError, UsageError
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.report import Report
    from lambda_over_https.show.code import Code
    from lambda_over_https.tutorial.parts.step import Step

app = typer.Typer()
PANEL = "The tutorial"


@app.command(rich_help_panel=PANEL)
@with_choices
def run(
    settings: Settings,
    to: Annotated[
        str | None,
        typer.Option(
            help="Stop after this step (number or name), or the last of a section (3).",
            autocompletion=completion.steps,
        ),
    ] = None,
    pause: Annotated[
        bool | None, typer.Option("--pause/--no-pause", help="Wait before each step (default at a terminal).")
    ] = None,
    yourself: Annotated[
        bool,
        typer.Option("--yourself", help="Make each step's AWS calls yourself; this program checks them."),
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Do all remaining steps; an interrupted run continues.

    At a terminal it walks: it explains each step, shows the calls and waits for a key. Otherwise, or with
    --no-pause, it does everything at once. Resources that are as they should be stay as they are.

    With --yourself you make the calls, in another terminal or at the walk's own prompt. The program looks
    every second, says what is right and what differs, and gives hints.

    Examples:  loh run   ·   loh run --yourself   ·   loh run --to 3.2   ·   loh run --name alice --no-pause
    """
    last = finding.find_step(to).number if to else None
    if yourself or questions.pauses(pause, as_json):
        _check_yourself(yourself, pause, as_json)
        from lambda_over_https.cli.walking.run import walk_on

        walk_on(settings, last, yes, yourself=yourself)
        return
    with opening.working(settings, create=True) as (stack, engine):
        own_source.check_source(stack)
        questions.confirm_place(stack, yes)
        untested = not stack.journal.state_of(farewell.TEST).is_over
        changed = engine.run(last, opening.WORKERS)
        farewell.take_leave(stack, as_json, tested=changed or untested)
        if last and not as_json:
            farewell.say_where_it_stopped(engine, farewell.AS_TO_SAYS.format(last))


@app.command("next", rich_help_panel=PANEL)
@with_choices
def next_(settings: Settings, yes: Yes = False, as_json: AsJson = False) -> None:
    """Do the next step.

    Examples:  loh next   ·   loh next --json
    """
    from lambda_over_https import show
    from lambda_over_https.report import reports
    from lambda_over_https.report.picture import picture_of
    from lambda_over_https.show.moving.walk import WalkPages

    pages = WalkPages()
    with opening.working(settings, create=True, narrator=pages) as (stack, engine):
        own_source.check_source(stack)
        questions.confirm_place(stack, yes)
        step = engine.next_step()
        if step:
            pages.page(step, finding.position(step), ())
            engine.do(step)
            pages.done(picture_of(stack.journal.state))
        following = engine.next_step()
    if as_json:
        show.print_json(reports.move_report(step, following))
    elif step is None:
        show.say("Every step is done. `loh verify` tests the deployment, `loh teardown` removes it.")


@app.command(rich_help_panel=PANEL)
@with_settings
def undo(settings: Settings, yes: Yes = False, as_json: AsJson = False) -> None:
    """Undo the last step: remove what it made.

    At a terminal it first shows what it will remove, and asks.

    Examples:  loh undo   ·   loh undo --json
    """
    from lambda_over_https import show
    from lambda_over_https.report import reports

    with opening.working(settings) as (stack, _):
        if not undoing.agreed_to_undo(stack, ask=not yes):
            raise DeclinedError
        step = undoing.take_back(stack)
        left = step.without(stack)[0] if step and step.without else stack
        following = opening.engine_for(left).next_step()
    if as_json:
        show.print_json(reports.move_report(step, following))
    elif step is None:
        show.say("No step has been done.")
    elif step.without:
        show.say(f"The chapter {step.name} is off. `loh chapter on {step.name}` switches it on again.")
    else:
        show.say(f"Step {step.number} ({step.title}) is undone. `loh next` does it again.")


@app.command(rich_help_panel=PANEL)
@with_settings
def steps(settings: Settings, as_json: AsJson = False) -> None:
    """List the tutorial's steps and the state of each.

    Example:  loh steps
    """
    from lambda_over_https import show
    from lambda_over_https.deployment.deployments import journal_on_disk, sandbox_has_ended
    from lambda_over_https.deployment.recorded.logbook import read
    from lambda_over_https.report.progress import progress_of
    from lambda_over_https.report.status import steps_report
    from lambda_over_https.show.tables import print_steps

    journal = journal_on_disk(settings)
    known = journal is not None and not sandbox_has_ended(journal)
    learnt = progress_of(read(journal.path.parent)) if journal else {}
    report = steps_report(journal.state if journal and known else None, learnt)
    show.print_json(report) if as_json else print_steps(report)


@app.command(rich_help_panel=PANEL)
@with_settings
def explain(
    settings: Settings,
    step: StepNumber,
    language: Annotated[
        str | None,
        typer.Option("--as", help="Also as infrastructure as code: sam or terraform."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain a step: why it is there, what it costs, its AWS calls.

    The calls have real names and ids once the step is done.

    Examples:  loh explain 3.6   ·   loh explain permission   ·   loh explain 2   ·
    loh explain 3.4 --as terraform
    """
    from lambda_over_https import show

    found = finding.find_steps(step, chapters=True)
    if not as_json:
        for each in found:
            _print_explanation(settings, each, language)
        return
    reports = [_explanation(settings, each, language) for each in found]
    show.print_json(reports[0] if len(reports) == 1 else {"steps": reports})


def _print_explanation(settings: Settings, step: "Step", language: str | None) -> None:
    from lambda_over_https.cli.shared.kept import calls_of_step
    from lambda_over_https.show.lesson.pages import print_explanation

    parts = _part_of(step, settings, language) if language else []
    print_explanation(step.lesson, finding.position(step), *calls_of_step(settings, step), parts)


def _explanation(settings: Settings, step: "Step", language: str | None) -> "Report":
    from lambda_over_https.cli.shared.kept import calls_of_step
    from lambda_over_https.report.reports import explain_report

    report = explain_report(step.lesson, *calls_of_step(settings, step))
    if language:
        report["as"] = {language: _part_of(step, settings, language)[0].text}
    return report


def _part_of(step: "Step", settings: Settings, name: str) -> "list[Code]":
    """What of the deployment's description in a language belongs to the step."""
    from lambda_over_https.cli.shared.templates import parts_of_step
    from lambda_over_https.deployment.choices import Choices
    from lambda_over_https.deployment.deployments import journal_on_disk
    from lambda_over_https.infrastructure.languages import language
    from lambda_over_https.names import names_for

    language(name)
    journal = journal_on_disk(settings)
    choices = Choices.remembered(journal.state.choices if journal else {})
    return parts_of_step(step, names_for(settings.name), choices, [name])


@app.command(rich_help_panel=PANEL)
@with_choices
def plan(settings: Settings, as_json: AsJson = False) -> None:
    """Show what `run` would do, without changing anything.

    Example:  loh plan --json
    """
    from lambda_over_https import show
    from lambda_over_https.report import reports
    from lambda_over_https.show.tables import print_plan

    with opening.reading(settings, create=True) as (stack, engine):
        planned = engine.plan()
        opening.forget_if_empty(stack)
    show.print_json(reports.plan_report(planned)) if as_json else print_plan(planned)


def _check_yourself(yourself: bool, pause: bool | None, as_json: bool) -> None:
    """Whoever works by hand needs the pages: raises UsageError for options that leave them out."""
    if yourself and (as_json or pause is False):
        left_out = "--json" if as_json else "--no-pause"
        raise UsageError(f"--yourself does not go with {left_out}.", "Leave one of them out.")
