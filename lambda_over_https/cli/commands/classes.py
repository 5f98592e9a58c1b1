"""A class in one account: ``class new``, ``policy`` and ``status``, and the other commands of the group."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli.commands.classroom import end, lesson, users
from lambda_over_https.cli.commands.classroom.options import PANEL, ClassName, at_interrupt
from lambda_over_https.cli.help import Grouped
from lambda_over_https.cli.options import AsJson, with_place
from lambda_over_https.cli.process import garbage
from lambda_over_https.cli.shared import finding, policies
from lambda_over_https.errors import UsageError
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.classroom.roll.book import Class

app = typer.Typer(
    name="class",
    cls=Grouped,
    help="Teach a class in one account: a roster, one policy, one look, one sweep.",
    no_args_is_help=True,
    rich_help_panel="The tutorial",
)


@app.command("new", rich_help_panel=PANEL)
@with_place
def new(
    settings: Settings,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call the class.")],
    roster: Annotated[
        Path | None, typer.Option(help="CSV file with the columns name, email and display.")
    ] = None,
    count: Annotated[int | None, typer.Option(min=1, help="How many students; they are numbered.")] = None,
    prefix: Annotated[
        str | None, typer.Option(help="What comes before each student's name.", show_default="class")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Take the whole roster anew, where somebody has joined or left.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a class from a roster, and say what it implies; nothing is made at AWS.

    The roster needs only the column name. Each name becomes part of the name of the student's deployment:
    class-alice. E-mail addresses and displayed names stay on this machine. With --again, whoever is no longer
    in the roster must have nothing in the account; `class users create` removes their IAM users.

    Examples:  loh class new monday --count 30   ·   loh class new monday --roster students.csv --target aws
    """
    from lambda_over_https import show
    from lambda_over_https.classroom.changing import check_nothing_lost
    from lambda_over_https.classroom.forecast import forecast
    from lambda_over_https.classroom.meeting import found_class, meeting
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.classroom.roll.roster import numbered, read_roster
    from lambda_over_https.settings import home
    from lambda_over_https.show.classes import print_class

    before = _taught_before(name, again)
    prefix = prefix or (before.prefix if before else "class")
    for each in (name, prefix):
        book.check_name(each)
    if (roster is None) == (count is None):
        raise UsageError("A class needs students.", "Pass either --roster FILE.csv or --count 30.")
    students = read_roster(roster, prefix) if roster else numbered(count or 0, prefix)
    with at_interrupt(), meeting(settings, before) as (cloud, place):
        taught = found_class(name, prefix, students, place)
        for each in book.check_alone(home(), taught):
            show.say(each)
        if before:
            check_nothing_lost(before, taught, cloud)
        implied = forecast(taught, cloud)
    book.save(home(), taught)
    if as_json:
        show.print_json(implied)
    else:
        print_class(taught, implied)


def _taught_before(name: str, again: bool) -> "Class | None":
    """The class as it was, which is to get another roster; raises UsageError if it is not to."""
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.settings import home

    if again:
        return book.load(home(), name)
    if name in book.known_classes(home()):
        raise UsageError(
            f"There is a class {name} already.",
            "Choose another name; or pass --again, if somebody has joined or left.",
        )
    return None


@app.command("policy", rich_help_panel=PANEL)
def policy(
    class_: ClassName = None,
    boundary: Annotated[
        bool, typer.Option("--boundary", help="Print the permissions boundary that the policy asks for.")
    ] = False,
    session: Annotated[
        bool, typer.Option("--session", help="For assumed roles: a tag says whose session it is.")
    ] = False,
    tag: Annotated[
        str, typer.Option(help="That tag's key; its value is the name of the deployment.")
    ] = "lambda-over-https-name",
    chapter: Annotated[
        list[str] | None, typer.Option(help="Also for this chapter, or all; may be repeated.")
    ] = None,
    part: Annotated[
        int | None, typer.Option(min=1, help="Print only this part of a policy that is too long for one.")
    ] = None,
) -> None:
    """Print one IAM policy for everybody in the class.

    With it, each student can do the tutorial, but only under their own name: policy variables stand for the
    caller. An IAM user must have the name of the deployment (class-alice); with --session a tag of the role's
    session holds that name. Roles can only be made with the permissions boundary that --boundary prints.

    Examples:  loh class policy --boundary > boundary.json   ·   loh class policy > policy.json   ·   loh
    class policy --chapter all --part 1
    """
    from lambda_over_https import show
    from lambda_over_https.classroom.access.rights import class_boundary, class_policy, how_to_give
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.settings import home
    from lambda_over_https.tutorial.course import calls_of

    taught = book.load(home(), class_)
    chapters = finding.known_chapters(chapter or [])
    variable = f"${{aws:PrincipalTag/{tag}}}" if session else "${aws:username}"
    rights = class_policy(taught, variable, calls_of(chapters))
    if boundary:
        show.print_json(class_boundary(taught))
    else:
        show.print_json(policies.one_part(rights.document, part))
        for line in policies.limits(rights.boundary, "", chapters):
            show.say(line)
        for line in policies.attaching(rights.document, rights.scope, part):
            show.say(line)
    for line in how_to_give(rights, boundary=boundary, session=session, tag=tag):
        show.say(line)


@app.command("status", rich_help_panel=PANEL)
@with_place
def status(
    settings: Settings,
    class_: ClassName = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="Also send an echo to each student's URL; it runs their functions.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Look again every 20 seconds, until ^C.")] = False,
    everybody: Annotated[
        bool, typer.Option("--all", help="Show everybody, also those for whom the terminal has no room.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show how everybody gets on, those who need help first.

    It reads the account, with one listing for each kind of resource, however many students there are. Of
    more than 100 students, a schedule or firewall that was just made may show one look later.

    The last change is that of a role, function, API or group. AWS keeps no dates of what is inside an API, so
    work on steps 3.2 to 3.4 does not show. Ask before you help; `loh class look NAME` shows what is there.

    Examples:  loh class status   ·   loh class status --ask --watch
    """
    from lambda_over_https import show
    from lambda_over_https.classroom.following.status import LOOK_EVERY, status_of
    from lambda_over_https.classroom.meeting import meeting
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.settings import home
    from lambda_over_https.show.classes import print_rows

    if watch and as_json:
        raise UsageError("--watch does not go with --json.", "Leave one of them out.")
    taught = book.load(home(), class_)
    with at_interrupt(), meeting(settings, taught) as (cloud, place):
        if watch:
            garbage.stay()
        while True:
            now = status_of(taught, cloud, place, ask=ask)
            if as_json:
                show.print_json(now.as_json())
            else:
                print_rows(taught, now.rows, now.listed.gap, everybody=everybody)
            if not watch:
                return
            cloud.run.wait(LOOK_EVERY)


app.add_typer(lesson.app)
app.add_typer(end.app)
app.add_typer(users.app)
