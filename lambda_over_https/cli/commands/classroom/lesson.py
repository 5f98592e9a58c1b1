"""During a class: ``class handouts``, ``run``, ``look`` and ``fault``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli import completion
from lambda_over_https.cli.commands.classroom.options import PANEL, ClassName, Only, at_interrupt
from lambda_over_https.cli.options import AsJson, Yes, with_place
from lambda_over_https.cli.shared import finding, questions, verdict
from lambda_over_https.errors import UsageError
from lambda_over_https.settings import Settings
from lambda_over_https.words import counted

app = typer.Typer()

if TYPE_CHECKING:
    from lambda_over_https.practice.drills.drill import Drill

StudentName = Annotated[str, typer.Argument(metavar="NAME", help="A student of the class.")]


@app.command("handouts", rich_help_panel=PANEL)
def handouts(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write the pages.")],
    class_: ClassName = None,
    form: Annotated[str, typer.Option("--format", help="md, or html to be printed.")] = "html",
) -> None:
    """Write a page for each student, and one for the instructor.

    Each says who it is for, how to install, which credentials, the first command, which names to use, and
    where to find help. They hold no keys, but names: only you can read the files.

    Examples:  loh class handouts pages   ·   loh class handouts pages --format md
    """
    from lambda_over_https import show
    from lambda_over_https.classroom.papers.handout_forms import FORMS
    from lambda_over_https.classroom.papers.handouts import sheets_of
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.files import write_private
    from lambda_over_https.settings import home

    if form not in FORMS:
        raise UsageError(f"There is no format {form!r}.", f"Choose one of {', '.join(FORMS)}.")
    taught = book.load(home(), class_)
    sheets = sheets_of(taught)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for sheet in sheets:
            write_private(folder / f"{sheet.name}.{form}", FORMS[form](sheet).encode())
    except OSError as error:
        raise UsageError(f"Cannot write to {folder}: {error.strerror}.", "Choose another folder.") from error
    show.say(f"{counted(len(sheets), 'page')} in {folder}: instructor.{form}, and one for each student.")


@app.command("run", rich_help_panel=PANEL)
@with_place
def run(
    settings: Settings,
    class_: ClassName = None,
    to: Annotated[
        str | None,
        typer.Option(help="Stop after this step (number or name).", autocompletion=completion.steps),
    ] = None,
    only: Only = None,
    permissions_boundary: Annotated[
        str, typer.Option("--permissions-boundary", help="ARN of the boundary for the students' roles.")
    ] = "",
    yes: Yes = False,
) -> None:
    """Make the students' deployments from here, for a demonstration.

    Several are made at a time, as fast as AWS's rates for the account allow. What is there stays; after ^C
    the same command goes on.

    Examples:  loh class run --to 2.3   ·   loh class run --only 01 --only 02
    """
    from lambda_over_https import show
    from lambda_over_https.classroom.demonstration import Demonstration
    from lambda_over_https.classroom.meeting import meeting, settings_for
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.settings import home

    taught = book.load(home(), class_)
    students = taught.only(only or [])
    last = finding.find_step(to).number if to else None
    go_on = (
        "What was made is recorded: give the same command again to go on;"
        f" `loh class sweep --class {taught.name}` removes it."
    )
    with at_interrupt(go_on) as begin, meeting(settings, taught) as (cloud, place):
        if not place.on_this_machine and not yes:
            made = counted(len(students), "deployment")
            show.say(f"This makes {made} in account {place.account} as {place.caller}.")
            questions.ask("Continue?")
        begin()
        work = Demonstration(settings_for(settings, taught), permissions_boundary, cloud.run, show.say)
        failed = work.make(students, last)
    for name, error in failed.items():
        show.say(f"{name}: {error.message} {error.hint}")
    if failed:
        raise typer.Exit(1)


@app.command("look", rich_help_panel=PANEL)
@with_place
def look(
    settings: Settings,
    name: StudentName,
    class_: ClassName = None,
    everything: Annotated[bool, typer.Option("--all", help="Show what each check saw.")] = False,
    as_json: AsJson = False,
) -> None:
    """Examine one student's deployment as `loh doctor` does, from the account, and change nothing.

    It reads the account, and sends an echo to the student's URL, which runs the function. At the end it says
    who can type the fixes: they work where the deployment was made, or after `loh recover`.

    Example:  loh class look alice
    """
    from lambda_over_https.classroom.following.looking import findings_of, whose_fixes
    from lambda_over_https.classroom.meeting import meeting
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.settings import home

    taught = book.load(home(), class_)
    student = taught.student(name)
    with at_interrupt(), meeting(settings, taught) as (cloud, place):
        findings = findings_of(taught, student, cloud, place)
        whose = whose_fixes(taught, student, place, home(), findings)
    in_full = f"`loh class look {student.name} --all --class {taught.name}`"
    verdict.end_with(findings, everything=everything, as_json=as_json, in_full=in_full, after=whose)


def _faults(incomplete: str) -> list[tuple[str, str]]:
    """Completion: the drills that break something, with their titles."""
    from lambda_over_https.classroom.faults import FAULTS

    return [(each.name, each.title) for each in FAULTS.values() if each.name.startswith(incomplete)]


@app.command("fault", rich_help_panel=PANEL)
@with_place
def fault(
    settings: Settings,
    drill: Annotated[
        str,
        typer.Argument(
            metavar="DRILL", help="A drill of `loh drill list` that breaks something.", autocompletion=_faults
        ),
    ],
    for_: Annotated[str, typer.Option("--for", help="Whose deployment to break.")],
    class_: ClassName = None,
    as_json: AsJson = False,
) -> None:
    """Break one student's deployment on the sandbox, and print a card with the clue.

    The deployment must be whole, and have the chapter that the drill breaks.

    `loh class look NAME` says whether it is repaired.

    Example:  loh class fault permission --for 07
    """
    from lambda_over_https import show
    from lambda_over_https.classroom.faults import break_with
    from lambda_over_https.classroom.meeting import meeting
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.settings import home

    chosen = _fault_of(drill)
    taught = book.load(home(), class_)
    student = taught.student(for_)
    go_on = f"`loh class look {student.name} --class {taught.name}` says whether something is broken."
    with at_interrupt(go_on) as begin, meeting(settings, taught) as (cloud, place):
        if not place.is_sandbox:
            raise UsageError(
                "Faults are for the sandbox alone.", "On AWS, students practise with `loh drill`."
            )
        begin()
        card = break_with(chosen, taught, student, cloud, place)
    if as_json:
        show.print_json(card)
    else:
        show.print_line(f"{student.called}: {card['story']}")
        for each in card["seen"]:
            show.print_line(f"  {each['request']} -> {each['status']} {each['body']}")
        show.print_line("What is wrong? Find it, and repair it.")


def _fault_of(name: str) -> "Drill":
    """The drill of that name; raises UsageError if there is none, or if it breaks nothing."""
    from lambda_over_https.classroom.faults import FAULTS
    from lambda_over_https.practice.drills.registry import DRILLS

    if name in FAULTS:
        return FAULTS[name]
    if name in {each.name for each in DRILLS}:
        raise UsageError(
            f"The drill {name} breaks nothing, so there is nothing to find.",
            f"These break something: {', '.join(FAULTS)}.",
        )
    raise finding.unknown("drill", name, FAULTS, "loh drill list")
