"""IAM users for a class, if there is no better way: ``class users create`` and ``remove``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli.commands.classroom.options import PANEL, ClassName, at_interrupt
from lambda_over_https.cli.help import Grouped
from lambda_over_https.cli.options import Yes, with_place
from lambda_over_https.cli.shared import finding, questions
from lambda_over_https.settings import Settings
from lambda_over_https.words import counted

if TYPE_CHECKING:
    from lambda_over_https.classroom.access.users import LeftUser

app = typer.Typer()
users = typer.Typer(
    name="users",
    cls=Grouped,
    help="Make IAM users for a class, and remove exactly them.",
    no_args_is_help=True,
    rich_help_panel=PANEL,
)


@users.command("create", rich_help_panel=PANEL)
@with_place
def create(
    settings: Settings,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write each one's access key.")],
    class_: ClassName = None,
    chapter: Annotated[
        list[str] | None, typer.Option(help="Let them do this chapter too, or all; may be repeated.")
    ] = None,
    renew: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Give this student a new key, and end the old; may be repeated."),
    ] = None,
    yes: Yes = False,
) -> None:
    """Make the boundary, the policy, a group, and a user with an access key for each student.

    The users of those who have left the class (`class new --again`) are removed.

    Each secret is written once, into a file that only you can read: credentials-DEPLOYMENT. Nothing else
    keeps it: whoever loses the file needs a new key (--renew).
    Where there is IAM Identity Center, or a Learner Lab, that is the better way, and no users are needed.

    Examples:  loh class users create keys   ·   loh class users create keys --renew alice
    """
    from lambda_over_https import show
    from lambda_over_https.classroom.access.users import Users
    from lambda_over_https.classroom.meeting import meeting
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.settings import home
    from lambda_over_https.tutorial.course import calls_of

    taught = book.load(home(), class_)
    again = [taught.student(name).deployment for name in renew or ()]
    more = calls_of(finding.known_chapters(chapter or []))
    show.say("Where there is IAM Identity Center, it is the better way: its keys end by themselves.")
    go_on = (
        "Give the same command again to go on;"
        f" `loh class users remove --class {taught.name}` removes what was made."
    )
    with at_interrupt(go_on) as begin, meeting(settings, taught) as (cloud, place):
        work = Users(taught, cloud)
        leaving = work.leaving()
        if not yes:
            rest = f", and remove {', '.join(leaving)}" if leaving else ""
            made = counted(len(taught.students), "IAM user")
            questions.ask(f"Make {made} in account {place.account}{rest}?")
        begin()
        left = work.remove_users(leaving)
        keys = work.create(folder, more, again)
    show.say(f"Written to {folder}: {counted(keys.written, 'key')}, each in a file for its owner alone.")
    if keys.replaced:
        show.say(
            f"New keys for {', '.join(keys.replaced)}: a run that was killed had not written down the old"
            " ones, and they are deleted."
        )
    if keys.elsewhere:
        show.say(
            f"These have a key whose file is not in {folder}: {', '.join(keys.elsewhere)}. If a file is"
            " lost, --renew NAME makes a new key."
        )
    if leaving:
        show.say(
            f"Removed, as they are not in the class any more: {counted(len(leaving) - len(left), 'user')}."
        )
    _end_with(left, f"`loh class users create {folder} --class {taught.name}`")


@users.command("remove", rich_help_panel=PANEL)
@with_place
def remove(settings: Settings, class_: ClassName = None, yes: Yes = False) -> None:
    """Remove the users, their keys, the group and the policies that `create` made, and nothing else.

    Sweep first: while a role has the boundary, the boundary cannot go.

    Example:  loh class users remove
    """
    from lambda_over_https import show
    from lambda_over_https.classroom.access.users import Users
    from lambda_over_https.classroom.meeting import meeting
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.settings import home

    taught = book.load(home(), class_)
    go_on = "Give the same command again: it goes on with what is left."
    with at_interrupt(go_on) as begin, meeting(settings, taught) as (cloud, place):
        work = Users(taught, cloud)
        names = work.there()
        if names and not yes:
            questions.ask(
                f"Remove {counted(len(names), 'IAM user')} from account {place.account}: {', '.join(names)}?"
            )
        begin()
        left = work.remove()
    gone = len(names) - len(left)
    show.print_line(f"Removed: {counted(gone, 'user')}, and nothing is left of their group and policies.")
    _end_with(left, f"`loh class users remove --class {taught.name}`")


def _end_with(left: "list[LeftUser]", again: str) -> None:
    """Say which users are still there, and that the command is to be given ``again``; exit code 3 then."""
    from lambda_over_https import show

    for each in left:
        _show_left(each)
    if left:
        show.say(f"Then give the same command again: {again}.")
        raise typer.Exit(3)


def _show_left(user: "LeftUser") -> None:
    """Say why a user is still there, and what to type."""
    from lambda_over_https import show

    if not user.commands:
        show.say(f"{user.name} is still there, without its keys: {user.error.message} {user.error.hint}")
        return
    show.say(f"{user.name} is still there, without its keys: others gave it more. To take that off:")
    for command in user.commands:
        show.say(f"  {command}")


app.add_typer(users, rich_help_panel=PANEL)
