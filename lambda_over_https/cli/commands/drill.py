"""Breaking a deployment on purpose, to learn from it: ``drill``."""

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli import completion
from lambda_over_https.cli.options import AsJson, Yes, with_settings
from lambda_over_https.cli.process.endings import heard_once, must_end_soon
from lambda_over_https.cli.shared import finding, opening, questions
from lambda_over_https.cli.walking.predicting import Predict, exercising, explained, foresee, prediction
from lambda_over_https.errors import LohError
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.cli.walking.repairing import Repairing
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.practice.drills.drill import Drill, Seen
    from lambda_over_https.show.moving.drilling import DrillPages

app = typer.Typer()
PANEL = "The tutorial"


@app.command(rich_help_panel=PANEL)
@with_settings
def drill(
    settings: Settings,
    which: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A drill of `loh drill list`.",
            autocompletion=completion.drills,
        ),
    ] = "list",
    predict: Predict = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Break the deployment on purpose, see why it fails, repair it.

    At a terminal you may repair it yourself. It is repaired at the end in any case, also
    after an error, ^C or a closed terminal.

    Examples:  loh drill list   ·   loh drill permission   ·   loh drill policy --predict b
    """
    from lambda_over_https import show
    from lambda_over_https.practice.drills.registry import DRILLS
    from lambda_over_https.show.drill import print_drills
    from lambda_over_https.show.moving.drilling import DrillPages

    if which == "list":
        listed = [
            {"name": each.name, "title": each.title, "chapter": each.chapter or None} for each in DRILLS
        ]
        show.print_json({"drills": listed}) if as_json else print_drills(DRILLS)
        return
    chosen = _find(which)
    pages = DrillPages()
    with opening.working(settings, narrator=pages) as (stack, engine):
        if engine.next_step() is not None:
            raise LohError("A drill needs a complete deployment.", "Run `loh run` first.")
        _check_chapter(chosen, stack)
        questions.confirm_place(stack, yes)
        asks = chosen.breaks and not yes and questions.pauses(None, as_json)
        repairing = _repairing(chosen, stack, pages, settings) if asks else None
        with exercising("drill", chosen.name, chosen, stack.run.emit):
            with questions.before_any_change():
                predicted = foresee(chosen, predict, as_json=as_json)
            stack.run.emit(prediction("drill", chosen.name, predicted, chosen))
            seen, repaired = play(chosen, stack, as_json, repairing)
            stack.run.emit(explained("drill", chosen.name, chosen))
    _tell(chosen, predicted, seen, as_json)
    if not as_json:
        show.say(_end(chosen, repaired=repaired))
    raise typer.Exit(0 if chosen.foretold(seen) else 1)


def _end(chosen: "Drill", *, repaired: bool) -> str:
    """How it ended; ``repaired`` says whether the program had anything to repair."""
    if repaired:
        return "It is repaired, and every check passes."
    return "You have repaired it." if chosen.breaks else "Nothing was changed."


def _check_chapter(chosen: "Drill", stack: "Stack") -> None:
    if chosen.chapter and chosen.chapter not in stack.choices.chapters:
        raise LohError(
            f"The drill {chosen.name} needs the chapter {chosen.chapter}, which is off.",
            f"`loh chapter on {chosen.chapter}` switches it on.",
        )


def _find(name: str) -> "Drill":
    from lambda_over_https.practice.drills.registry import DRILLS

    known = {drill.name: drill for drill in DRILLS}
    if name in known:
        return known[name]
    raise finding.unknown("drill", name, known, "loh drill list")


def _repairing(chosen: "Drill", stack: "Stack", pages: "DrillPages", settings: Settings) -> "Repairing":
    """What lets the learner repair it."""
    from lambda_over_https.cli.keys import read_key_or_line
    from lambda_over_https.cli.walking.aws_prompt import COMMAND, environment_for, other_terminal
    from lambda_over_https.cli.walking.repairing import Repairing

    def typed(seconds: float | None) -> str:
        return read_key_or_line(f"{COMMAND} ", seconds)

    return Repairing(
        chosen,
        stack,
        pages,
        typed,
        lambda: environment_for(settings, stack.place.region),
        other_terminal(settings),
    )


def play(
    chosen: "Drill", stack: "Stack", as_json: bool, repairing: "Repairing | None" = None
) -> "tuple[list[Seen], bool]":
    """What is seen, and whether there was something to repair; ``repairing`` lets the learner do it.

    The deployment is repaired afterwards, even after an error, ^C or the loss of the terminal.
    """
    from lambda_over_https.events import at_step

    seen, repaired = [], False
    with at_step("drill"), heard_once() as ignore_endings:
        try:
            try:
                # A call, no loop: Python 3.13 leaves some jumps of a loop out of the ``try`` around it.
                seen = _watch(chosen, stack, as_json, repairing)
            finally:
                ignore_endings()
        finally:
            repaired = chosen.breaks and repair(stack, repairing)
    return seen, repaired


def _watch(chosen: "Drill", stack: "Stack", as_json: bool, repairing: "Repairing | None") -> "list[Seen]":
    from lambda_over_https.practice.drills.registry import play
    from lambda_over_https.show.drill import print_seen

    seen = []
    for each in play(chosen, stack):
        seen.append(each)
        if repairing:
            repairing.show_change()
        if not as_json:
            print_seen(each, chosen.mark)
    if repairing:
        repairing.offer()
    return seen


def repair(stack: "Stack", repairing: "Repairing | None") -> bool:
    """Repair everything; if that took a change, step 3.7 makes every check again, unless nobody waits for it.

    Where the learner has repaired it (``repairing``), nothing should be left to do.
    """
    from lambda_over_https import show
    from lambda_over_https.tutorial.checks import SETTLE

    by_hand = repairing is not None and repairing.by_hand
    rest = "to be sure that nothing else is left …" if by_hand else "and repairing what is wrong …"
    show.say(f"\nChecking every step, {rest}")
    engine = opening.engine_for(stack)
    if not must_end_soon() and engine.run("3.6", opening.WORKERS):
        spread = partial(_ends_waiting, stack)
        stack.run.wait_until(spread, "AWS is spreading the repair", SETTLE)
    if must_end_soon():
        return opening.engine_for(stack, tries=False).run(None, opening.WORKERS)
    return engine.run(None, opening.WORKERS)


def _ends_waiting(stack: "Stack") -> bool:
    """Whether the repair has spread, or nobody waits for that."""
    from lambda_over_https.practice.drills.whole import is_whole

    return must_end_soon() or is_whole(stack)


def _tell(chosen: "Drill", predicted: int | None, seen: "list[Seen]", as_json: bool) -> None:
    from lambda_over_https import show
    from lambda_over_https.show.drill import LETTERS, print_truth

    if not as_json:
        print_truth(chosen, predicted, chosen.repair)
        return
    show.print_json(
        {
            "drill": chosen.name,
            "predicted": None if predicted is None else LETTERS[predicted],
            "truth": LETTERS[chosen.right],
            "as_foretold": chosen.foretold(seen),
            "seen": [asdict(each) for each in seen],
            "why": chosen.why,
        }
    )
