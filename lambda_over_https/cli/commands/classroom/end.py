"""The end of a class: ``class sweep`` and ``class report``."""

from pathlib import Path
from typing import Annotated

import typer

from lambda_over_https.cli.commands.classroom.options import PANEL, ClassName, Only, at_interrupt
from lambda_over_https.cli.options import AsJson, Yes, with_place
from lambda_over_https.cli.shared import questions
from lambda_over_https.errors import UsageError
from lambda_over_https.settings import Settings

app = typer.Typer()


@app.command("sweep", rich_help_panel=PANEL)
@with_place
def sweep(
    settings: Settings,
    class_: ClassName = None,
    only: Only = None,
    older_than: Annotated[
        str | None,
        typer.Option(help="Only students with whom nothing has changed for this long: 4h, 30m, 2d."),
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="Write the plan to this file, and remove nothing.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file of --save if it exists already.")
    ] = False,
    plan: Annotated[
        Path | None, typer.Option(help="Remove exactly what this plan names, and nothing newer.")
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Remove everything that the class has left in the account, and prove that it is gone.

    It shows its plan, asks, and removes only what has a student's name and our tag. AWS lets an account
    delete one REST API in 30 seconds; all else goes beside them. After ^C the same command goes on.

    Examples:  loh class sweep   ·   loh class sweep --older-than 4h --save plan.json   ·   loh class sweep
    --plan plan.json --yes
    """
    from lambda_over_https import show
    from lambda_over_https.classroom.account import resources_of
    from lambda_over_https.classroom.meeting import meeting
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.classroom.sweeping import plan as plans
    from lambda_over_https.classroom.sweeping.ending import end_of, new_plan
    from lambda_over_https.classroom.sweeping.sweep import Sweep
    from lambda_over_https.deployment.lock import locked
    from lambda_over_https.settings import home
    from lambda_over_https.show.classes import print_plan, print_proof

    taught = book.load(home(), class_)
    students = taught.only(only or [])
    folder = book.folder_of(home(), taught.name) / "sweep"
    go_on = "Give the same command again: it goes on with what is left."
    with at_interrupt(go_on) as begin, meeting(settings, taught) as (cloud, place), locked(folder):
        work = Sweep(place, cloud, folder, show.say)
        chosen = plans.read(plan, taught) if plan else new_plan(taught, work, students, cloud, older_than)
        if save:
            plans.write(save, chosen, replace=force)
            again = f"`loh class sweep --class {taught.name} --plan {save}`"
            show.say(f"The plan is in {save}: {again} removes exactly that.")
        if save or not as_json:
            print_plan(chosen, students)
        if save:
            return
        if chosen.entries and not yes:
            questions.ask("Remove all of this?")
        begin()
        swept = work.apply(chosen, students)
        proof = end_of(taught, swept, resources_of(cloud, students), home())
    if as_json:
        show.print_json(proof)
    else:
        print_proof(proof)
    if proof["left"]:
        raise typer.Exit(3)


@app.command("report", rich_help_panel=PANEL)
@with_place
def report(
    settings: Settings,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where the students' reports are, as JSON.")
    ],
    class_: ClassName = None,
    form: Annotated[str, typer.Option("--format", help="md, csv or json.")] = "md",
    look: Annotated[
        bool, typer.Option("--look/--no-look", help="Compare with what is in the account now.")
    ] = True,
) -> None:
    """Put the students' own reports together, a line each, and say which do not fit the account.

    A student's report is what `loh report -o NAME.json` writes. Columns of the CSV: name, email, display,
    steps_done, steps_by_hand, hints, mistakes, predictions, predictions_right, repairs, verified, first,
    last, minutes, removed, left, note.

    Examples:  loh class report reports   ·   loh class report reports --format csv > grades.csv
    """
    from lambda_over_https import show
    from lambda_over_https.classroom.account import resources_of
    from lambda_over_https.classroom.meeting import meeting
    from lambda_over_https.classroom.papers.handed_in import not_of, read_reports
    from lambda_over_https.classroom.papers.reports import FORMS, lines_of
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.settings import home

    if form not in FORMS:
        raise UsageError(f"There is no format {form!r}.", f"Choose one of {', '.join(FORMS)}.")
    taught = book.load(home(), class_)
    handed_in = read_reports(folder)
    there = None
    if look:
        with at_interrupt(), meeting(settings, taught) as (cloud, _):
            listed = resources_of(cloud, taught.students)
        there = listed.resources
        if listed.gap:
            show.say(listed.gap)
    lines = lines_of(taught, handed_in.reports, there)
    show.print_file(FORMS[form](taught, lines).rstrip("\n"))
    names = {each.deployment for each in taught.students}
    for each in (*handed_in.refused, *not_of(names, handed_in.reports)):
        show.say(each)
