"""The chapters: ``chapter list``, ``on``, ``try``, ``off``."""

import shlex
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lambda_over_https.cli import completion
from lambda_over_https.cli.help import Grouped
from lambda_over_https.cli.options import AsJson, Yes, with_settings
from lambda_over_https.cli.shared import finding, opening, questions
from lambda_over_https.cli.walking.predicting import Predict, exercising, explained, foresee, prediction
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.hints import command
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.practice.experiments.experiment import Experiment, Seen
    from lambda_over_https.show.moving.narrator import Narrator
    from lambda_over_https.tutorial.chapter_lessons import Outline


class Chapters(Grouped):
    """The commands of chapters; a chapter's name in the place of a command gets the command for it."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is asked for. UsageError for a chapter's name."""
        from lambda_over_https.tutorial.chapter_lessons import OUTLINES

        if args[0] in {each.name for each in OUTLINES}:
            meant = shlex.join(args)  # with its options: none of them is in force yet
            raise UsageError(
                f"{args[0]} is a chapter: say what to do with it.",
                f"`loh chapter on {meant}` switches it on, and `loh chapter try {meant}` tries it.",
            )
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="chapter",
    cls=Chapters,
    help="Go on after the tutorial, in small chapters: on, try, off.",
    no_args_is_help=True,
    rich_help_panel="The tutorial",
)
PANEL = "Chapters"
TRYING = "try"
"""What calls of an experiment are recorded under: they belong to no step, and no script repeats them."""

ChapterName = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="A chapter of `loh chapter list`.", autocompletion=completion.chapters
    ),
]


@app.command("list", rich_help_panel=PANEL)
@with_settings
def list_chapters(settings: Settings, as_json: AsJson = False) -> None:
    """List the chapters: what each shows, how long it takes, what it costs, and whether it is on.

    Example:  loh chapter list
    """
    from lambda_over_https import show
    from lambda_over_https.deployment.deployments import standing_journal
    from lambda_over_https.report.reports import chapters_report
    from lambda_over_https.show.chapters import print_chapters

    journal = standing_journal(settings)
    report = chapters_report(journal.state if journal else None)
    if as_json:
        show.print_json(report)
        return
    print_chapters(report)
    show.say(f"\nSwitch one on: {command('loh chapter on NAME')}")
    show.say("At a terminal it explains the chapter first, and Enter switches it on.")


@app.command(rich_help_panel=PANEL)
@with_settings
def on(
    settings: Settings,
    chapter: ChapterName,
    pause: Annotated[
        bool | None,
        typer.Option("--pause/--no-pause", help="Show the calls and wait for a key (default at a terminal)."),
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Switch a chapter on: why it is there, its calls, what AWS answers.

    Examples:  loh chapter on throttle   ·   loh chapter on keys --name alice --no-pause
    """
    from lambda_over_https import show
    from lambda_over_https.cli.walking import switching
    from lambda_over_https.show.moving.walk import WalkPages
    from lambda_over_https.show.moving.watch import UpdatesOnly
    from lambda_over_https.tutorial.course import parts_of, switched

    chosen = _find(chapter)
    walks = questions.pauses(pause, as_json)
    pages = WalkPages(kept=False)
    narrator: Narrator = pages if walks else UpdatesOnly()
    with opening.working(settings, narrator=narrator) as (stack, _):
        _check_complete(stack)
        questions.confirm_place(stack, yes)
        on_stack = switched(_agreed(chosen, stack, yes), chapter, on=True)
        engine = opening.engine_for(on_stack)
        engine.check_free(parts_of(chapter, on_stack))
        if walks and not switching.shown(chapter, stack, pages):
            show.say("Nothing was changed.")
            return
        changed = engine.run(workers=opening.WORKERS)
        if walks:
            switching.show_picture(on_stack, chapter, pages)
        report = _report(chapter, on_stack, on=True)
    if as_json:
        show.print_json(report)
        return
    state = "is on" if changed else "was on already, and is as it should be"
    show.say(f"The chapter {chapter} {state}.")
    show.say(f"Try it:         {command(f'loh chapter try {chapter}')}")
    show.say(f"Switch it off:  {command(f'loh chapter off {chapter}')}")


@app.command("try", rich_help_panel=PANEL)
@with_settings
def try_(
    settings: Settings,
    chapter: ChapterName,
    predict: Predict = None,
    fast: Annotated[
        bool, typer.Option("--fast", help="With schedule, in the sandbox: fire it now, do not wait for it.")
    ] = False,
    page: Annotated[
        bool, typer.Option("--page", help="With cors: serve a page for your browser that calls the API.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Try a chapter: send requests, and see what comes back; before it is switched on, and after.

    The exit code is 0 if what comes back is what was expected, 1 if not.

    Examples:  loh chapter try throttle   ·   loh chapter try cors --page   ·   loh chapter try keys --json
    """
    from lambda_over_https import show
    from lambda_over_https.show.chapters import print_experiment, print_verdict
    from lambda_over_https.show.drill import print_truth
    from lambda_over_https.show.moving.watch import UpdatesOnly

    _find(chapter)
    if page:
        _serve_page(chapter, settings)
        return
    with opening.working(settings, narrator=UpdatesOnly()) as (stack, _):
        _check_complete(stack)
        experiment = _experiment(chapter, stack, fast=fast)
        questions.confirm_place(stack, yes)
        with exercising("chapter", chapter, experiment, stack.run.emit):
            with questions.before_any_change():
                predicted = foresee(experiment, predict, as_json=as_json, heading="Try it:")
            stack.run.emit(prediction("chapter", chapter, predicted, experiment))
            seen = _play(experiment, stack)
            stack.run.emit(explained("chapter", chapter, experiment))
    foretold, summary = experiment.foretold(seen), experiment.summary(seen)
    if as_json:
        report = {"chapter": chapter, "foretold": foretold, "seen": [each.as_json() for each in seen]}
        show.print_json({**report, "summary": summary})
    else:
        print_experiment(seen, summary)
        print_verdict(experiment, foretold=foretold)
        print_truth(experiment, predicted)
    raise typer.Exit(0 if foretold else 1)


@app.command(rich_help_panel=PANEL)
@with_settings
def off(settings: Settings, chapter: ChapterName, yes: Yes = False, as_json: AsJson = False) -> None:
    """Switch a chapter off: what it added goes, and what it changed is as it was.

    Examples:  loh chapter off throttle   ·   loh chapter off cache --name alice --json
    """
    from lambda_over_https import show
    from lambda_over_https.engine.undo import leave_out
    from lambda_over_https.show.moving.watch import UpdatesOnly
    from lambda_over_https.tutorial.course import steps_of, switched

    _find(chapter)
    with opening.working(settings, narrator=UpdatesOnly()) as (stack, _):
        questions.confirm_place(stack, yes)
        without = switched(stack, chapter, on=False)
        changed = leave_out(chapter, without, steps_of(without), opening.WORKERS)
        report = _report(chapter, without, on=False)
    if as_json:
        show.print_json(report)
    else:
        show.say(f"The chapter {chapter} is off." if changed else f"The chapter {chapter} was off already.")


def _find(name: str) -> "Outline":
    from lambda_over_https.tutorial.chapter_lessons import OUTLINES

    known = {each.name: each for each in OUTLINES}
    if name in known:
        return known[name]
    raise finding.unknown("chapter", name, known, "loh chapter list")


def _check_complete(stack: "Stack") -> None:
    from lambda_over_https.tutorial.steps import STEPS

    state_of = stack.journal.state_of
    following = next((step for step in STEPS if not state_of(step.number).is_over), None)
    if following:
        raise LohError(
            f"A chapter needs the finished tutorial; step {following.number} is not done yet.",
            "Run `loh run` first.",
        )


def _agreed(chosen: "Outline", stack: "Stack", yes: bool) -> "Stack":
    """Elsewhere than on this machine, what costs by the hour needs a yes of its own; ``--yes`` is one.

    What the chapter can do without is left out without a yes; else that ends the command.
    """
    from dataclasses import replace

    from lambda_over_https import show

    if not chosen.asks or stack.place.on_this_machine or (chosen.optional and stack.choices.firewall):
        return stack
    show.say(f"{chosen.lesson.costs} It costs that until `loh chapter off {chosen.name}`, used or not.")
    if not chosen.optional:
        if not yes:
            questions.ask("Switch it on?")
        return stack
    wanted = yes or questions.answered("Make the firewall as well?")
    return replace(stack, choices=replace(stack.choices, firewall=wanted))


def _serve_page(name: str, settings: Settings) -> None:
    """Serve the chapter's page until ^C, and open it where there is somebody to see it."""
    import webbrowser

    from lambda_over_https import show
    from lambda_over_https.practice.experiments.cors_page import page, served

    if name != "cors":
        raise UsageError(f"The chapter {name} has no page.", "Leave out --page.")
    with opening.reading(settings) as (stack, _):
        _check_complete(stack)
        with served(page(stack)) as address:
            show.print_line(address)
            show.say("Open this page in a browser of this machine; it goes on asking. ^C ends.")
            show.say(f"In another terminal: {command('loh chapter on cors')}")
            if sys.stdout.isatty():
                webbrowser.open(address)
            try:
                while True:
                    stack.run.wait(3600)
            except KeyboardInterrupt:
                show.say("Ended.")


def _experiment(name: str, stack: "Stack", *, fast: bool) -> "Experiment[Any]":
    from lambda_over_https.practice.experiments.registry import EXPERIMENTS

    is_on = name in stack.choices.chapters
    found = EXPERIMENTS[name](stack, on=is_on)
    if not fast:
        return found
    if found.fast is None:
        while_off = "" if is_on else f" while the chapter {name} is off"
        raise UsageError(f"Nothing waits when {name} is tried{while_off}.", "Leave out --fast.")
    return found.fast


def _play(experiment: "Experiment[Any]", stack: "Stack") -> "list[Seen[Any]]":
    from lambda_over_https.aws.errors.explanations import explained
    from lambda_over_https.events import at_step

    with at_step(TRYING), explained():
        return list(experiment.play(stack))


def _report(name: str, stack: "Stack", *, on: bool) -> dict[str, object]:
    from lambda_over_https.report.status import resource_report
    from lambda_over_https.tutorial.course import parts_of

    records = [stack.record(part.kind, part.name(stack)) for part in parts_of(name, stack)]
    return {"chapter": name, "on": on, "resources": [resource_report(each) for each in records if each]}
