"""Doing the tutorial: ``run``, ``next``, ``undo``, ``steps``, ``explain``, ``plan``."""

from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli import completion, finding, opening, own_source, questions, undoing
from lambda_over_https.cli.options import AsJson, StepNumber, Yes, with_choices, with_settings
from lambda_over_https.errors import DeclinedError, UsageError
from lambda_over_https.hints import command
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.cli.walking.walk import Walk
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.engine.engine import Engine
    from lambda_over_https.report.reports import Report
    from lambda_over_https.show.canvas.fitting import Code
    from lambda_over_https.tutorial.parts.step import Step

app = typer.Typer()
PANEL = "The tutorial"
TEST = "3.7"
"""The step that tests the deployment."""


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
        _walk(settings, last, yes, yourself=yourself)
        return
    with opening.working(settings, create=True) as (stack, engine):
        own_source.check_source(stack)
        questions.confirm_place(stack, yes)
        untested = not stack.journal.state_of(TEST).is_over
        changed = engine.run(last, opening.WORKERS)
        _farewell(stack, as_json, tested=changed or untested)
        if last and not as_json:
            _say_where_it_stopped(engine, AS_TO_SAYS.format(last))


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
    from lambda_over_https.deployment.logbook import read
    from lambda_over_https.report import reports
    from lambda_over_https.report.learning import progress_of
    from lambda_over_https.show.tables import print_steps

    journal = journal_on_disk(settings)
    known = journal is not None and not sandbox_has_ended(journal)
    learnt = progress_of(read(journal.path.parent)) if journal else {}
    report = reports.steps_report(journal.state if journal and known else None, learnt)
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
    from lambda_over_https.cli.kept import calls_of_step
    from lambda_over_https.show.lesson.pages import print_explanation

    parts = _part_of(step, settings, language) if language else []
    print_explanation(step.lesson, finding.position(step), *calls_of_step(settings, step), parts)


def _explanation(settings: Settings, step: "Step", language: str | None) -> "Report":
    from lambda_over_https.cli.kept import calls_of_step
    from lambda_over_https.report.reports import explain_report

    report = explain_report(step.lesson, *calls_of_step(settings, step))
    if language:
        report["as"] = {language: _part_of(step, settings, language)[0].text}
    return report


def _part_of(step: "Step", settings: Settings, name: str) -> "list[Code]":
    """What of the deployment's description in a language belongs to the step."""
    from lambda_over_https.cli.templates import parts_of_step
    from lambda_over_https.deployment.deployments import journal_on_disk
    from lambda_over_https.deployment.stack import Choices
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


def _walk(settings: Settings, last: str | None, yes: bool, *, yourself: bool = False) -> None:
    from lambda_over_https import show
    from lambda_over_https.cli.aws_prompt import COMMAND, environment_for, other_terminal
    from lambda_over_https.cli.keys import read_key_or_line
    from lambda_over_https.cli.walking.walk import Walk
    from lambda_over_https.show.moving.walk import WalkPages

    pages = WalkPages()
    with opening.working(settings, create=True, narrator=pages) as (stack, engine):
        own_source.check_source(stack)
        questions.confirm_place(stack, yes)
        walk = Walk(
            stack,
            lambda: opening.engine_for(stack, by_hand=True),
            pages,
            lambda seconds: read_key_or_line(f"{COMMAND} ", seconds),
            lambda: environment_for(settings, stack.place.region),
            yourself=yourself,
            ask=not yes,
            elsewhere=other_terminal(settings),
        )
        if engine.next_step() is None:
            # Nothing to walk through; but the source may have changed, or something at AWS.
            changed = engine.run(last)
            _farewell(stack, as_json=False, tested=changed)
        elif _walked(walk, last, stack):
            _farewell(stack, as_json=False)
            _say_where_it_stopped(opening.engine_for(stack), AS_TO_SAYS.format(last), yourself=yourself)
        elif not stack.journal.state.steps:
            show.say(f"Nothing was made. Begin with: {_run_again(yourself)}")
        else:
            _say_what_is_not_taken_in(stack)
            show.say(f"To remove what was made: {command('loh teardown')}")
            why = "Stopped; what was made is recorded."
            _say_where_it_stopped(opening.engine_for(stack), why, yourself=yourself)


def _say_what_is_not_taken_in(stack: "Stack") -> None:
    """Name what the learner made by hand, and has not said to be the deployment's."""
    from lambda_over_https import show
    from lambda_over_https.engine.begun import TAKES_IT_UP, Begun
    from lambda_over_https.tutorial.course import steps_of

    for what, step in Begun(stack).there(steps_of(stack)):
        show.say(
            f"You made {what} by hand in step {step}, and it is no part of the deployment yet: it stays, also"
            f" at a teardown. {TAKES_IT_UP}."
        )


AS_TO_SAYS = "Stopped after step {}, as --to says."


def _walked(walk: "Walk", last: str | None, stack: "Stack") -> bool:
    """Walk on; True if all was done up to step ``last``. A ^C may come before anything was made."""
    with questions.before_any_change(lambda: not stack.journal.state.records):
        return walk.go(last)


def _run_again(yourself: bool) -> str:
    return command("loh run --yourself" if yourself else "loh run")


def _say_where_it_stopped(engine: "Engine", why: str, *, yourself: bool = False) -> None:
    """If there is more to do: that this is the end for now, which step comes next, and how to go on."""
    from lambda_over_https import show

    following = engine.next_step()
    if following:
        show.say(why)
        show.say(f"Step {following.number} comes next. Continue with: {_run_again(yourself)}")


def _farewell(stack: "Stack", as_json: bool, *, tested: bool = True) -> None:
    from lambda_over_https import show
    from lambda_over_https.deployment.deployments import sandbox_has_ended
    from lambda_over_https.report import reports
    from lambda_over_https.show.tables import OWN_CALL

    report = reports.status_report(stack.journal, sandbox_has_ended(stack.journal))
    if as_json:
        show.print_json(report)
    elif report["invoke_url"]:
        own = command(f"loh call {OWN_CALL}")
        call = own if stack.choices.source else command("loh call create Id=1 name=Bob")
        show.say(f"{_readiness(stack, tested=tested)} Try it: {call}")
        show.say("Or with any client, for example:")
        show.print_command(report["curl"])
        if not stack.choices.source:
            show.say("Both answer {}: the item is stored, and DynamoDB's PutItem returns nothing.")
            show.say("Or with a mistake, no Id, to see HTTP 400:")
            show.say_command(command("loh call create name=Bob"))
        show.say(f"\nLook at it:  {command('loh status')}")
        show.say(f"Break it:    {command('loh drill permission')} (it shows what step 3.6 is for)")
        if stack.journal.state_of(TEST).is_over:
            show.say(f"Go on:       {command('loh chapter list')}")
        show.say(f"Remove it:   {command('loh teardown')}")


def _readiness(stack: "Stack", *, tested: bool) -> str:
    """Ready is only what step 3.7 has tested this time."""
    if not stack.journal.state_of(TEST).is_over:
        return f"Deployed, and not tested yet: `loh run` does step {TEST}."
    if not tested:
        return "Nothing was changed, so nothing was tested again: `loh verify` does."
    return "Ready."
