"""What the class commands show: the class, how everybody gets on, the plan of a sweep and its proof."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lambda_over_https.aws.prices import PRICES_OF
from lambda_over_https.classroom.following.progress import DEPLOYED, STUCK, TESTED, Row
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.classroom.sweeping.plan import Plan
from lambda_over_https.report.costs import age_of
from lambda_over_https.show.canvas.page import Span, plain
from lambda_over_https.show.canvas.screen import Screen
from lambda_over_https.words import about_minutes, counted

LISTED = 12
"""Students whose names a summary lists."""

AROUND = 7
"""Lines of a terminal around the rows of a class: its name, headings, what is left out, costs, the prompt."""


def print_class(taught: Class, implied: dict[str, Any]) -> None:
    """Show a new class: who, where, room, time, cost."""
    screen = Screen()
    names = [each.deployment for each in taught.students]
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    screen.print(
        (taught.name, "bold"),
        (f": {counted(len(names), 'student')} in account {taught.account}, {taught.region}", ""),
    )
    screen.prose(f"Deployments: {', '.join(names[:LISTED])}{more}.")
    screen.print()
    screen.table([_room(each) for each in implied["quotas"]], ("quota", "there", "class", "", ""))
    minutes = implied["minutes"]
    screen.print()
    screen.prose(
        f"If all run at once it takes about {counted(minutes['run'], 'minute')}, and the sweep"
        f" {minutes['sweep']:g}: AWS limits the calls for REST APIs in the whole account."
    )
    for line in implied["cost"]:
        screen.prose(line, "dim")


def _room(quota: Mapping[str, Any]) -> list[Span]:
    """A quota: how many there are, how many more the class takes, and whether they fit."""
    verdicts = {True: ("fits", "green"), False: ("too many", "bold red"), None: ("unknown", "dim")}
    there, wanted, most = _known(quota["there"]), f"+ {quota['wanted']}", f"of {quota['most']:,}"
    return [*plain(quota["what"], there, wanted, most), verdicts[quota["fits"]]]


def _known(count: int | None) -> str:
    return "?" if count is None else f"{count:,}"


def print_rows(taught: Class, rows: Sequence[Row], gap: str = "", *, everybody: bool = True) -> None:
    """Show how the students get on, a line each; ``gap`` says what could not be seen.

    Without ``everybody`` those who need help first stay in view: a terminal gets as many lines as fit.
    """
    screen = Screen()
    shown = rows if everybody or not screen.is_terminal else rows[: max(LISTED, screen.height - AROUND)]
    _print_summary(screen, taught, rows)
    heading = ("student", "step", "answers", "last change", "", "chapters", "resources", "USD an hour")
    screen.table([_cells(row) for row in shown], heading)
    if rest := rows[len(shown) :]:
        stuck = sum(row.stuck_minutes >= STUCK for row in rest)
        everyone = f"`loh class status --class {taught.name} --all`"
        screen.prose(f"And {len(rest)} more, {stuck or 'none'} of them stuck: {everyone} shows all.", "dim")
    _print_cost(screen, taught, rows)
    if gap:
        screen.prose(gap, "yellow")


def _print_summary(screen: Screen, taught: Class, rows: Sequence[Row]) -> None:
    """How many have begun, and how many are through: those who answer, if they were asked."""
    asked = any(row.answers is not None for row in rows)
    far = sum(row.step in ((TESTED,) if asked else (TESTED, DEPLOYED)) for row in rows)
    begun = sum(bool(row.resources) for row in rows)
    have = "has" if begun == 1 else "have"
    what = f"answer{'s' if far == 1 else ''}" if asked else "deployed"
    clock = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
    screen.print(
        (taught.name, "bold"),
        (f" at {clock}: {counted(len(rows), 'student')}, {begun} {have} begun, {far} {what}", ""),
    )


def _cells(row: Row) -> list[Span]:
    return [
        (row.student.called, "bold"),
        (row.step or "-", ""),
        ({True: "yes", False: "no", None: "-"}[row.answers], "green" if row.answers else ""),
        (_since(row), "dim"),
        _trouble(row),
        *plain(", ".join(row.chapters) or "-", str(row.resources)),
        (f"{row.usd_per_hour:g}" if row.usd_per_hour else "-", "yellow" if row.usd_per_hour else "dim"),
    ]


def _print_cost(screen: Screen, taught: Class, rows: Sequence[Row]) -> None:
    """What the class costs by the hour, if it does."""
    if total := sum(row.usd_per_hour for row in rows):
        where = "Free here; on AWS firewalls" if taught.on_this_machine else "Firewalls"
        screen.prose(
            f"{where} cost {total:g} USD an hour, used or not ({PRICES_OF}). "
            "Caches are in no listing and not counted."
        )


def _since(row: Row) -> str:
    return f"{age_of(row.changed.isoformat()).text} ago" if row.changed else "-"


def _trouble(row: Row) -> Span:
    if row.stuck_minutes >= STUCK:
        return f"stuck for {counted(row.stuck_minutes, 'minute')}", "bold magenta"
    return "", ""


def print_plan(plan: Plan, students: Sequence[Student]) -> None:
    """Show what a sweep removes, whose it is, and how long it takes."""
    screen = Screen(stderr=True)
    called = {each.name: each.called for each in students}
    for name in plan.students():
        kinds = Counter(each.kind for each in plan.of(name))
        what = ", ".join(kind if count == 1 else f"{kind} ({count})" for kind, count in kinds.items())
        screen.prose(f"{called.get(name, name)}: {what}")
    for each in plan.kept:
        screen.prose(f"stays: {_entry(each)}", "dim")
    if not plan.entries:
        screen.print(("There is nothing to remove.", "bold"))
        return
    screen.print(
        (f"{counted(len(plan.entries), 'resource')} of {counted(len(plan.students()), 'student')}", "bold"),
        (f", {counted(plan.apis, 'REST API')} among them: {about_minutes(plan.minutes)} at AWS's rate.", ""),
    )


def _entry(each: Mapping[str, str]) -> str:
    """Whose it is, what, and why; of a student whose resources cannot be told apart, only why."""
    what = f"{each['kind']} {each['name']}: " if "kind" in each else ""
    return f"{each['student']}: {what}{each['reason']}"


def print_proof(proof: dict[str, Any]) -> None:
    """Show what became of everything, and what the account shows now."""
    screen = Screen()
    for each in proof["left"]:
        screen.prose(f"Still there: {_entry(each)}", "bold red")
    for each in proof["kept"]:
        screen.prose(f"Stays: {_entry(each)}", "dim")
    counts = [len(proof[each]) for each in ("deleted", "already_gone", "kept", "left")]
    text = "deleted: {}, gone already: {}, kept: {}, left: {}.".format(*counts)
    screen.print((text, "bold"))
    if proof["still_there"]:
        there = counted(len(proof["still_there"]), "resource")
        count = counted(len({each["student"] for each in proof["still_there"]}), "student")
        screen.prose(f"The account still shows {there} of {count}:", "yellow")
        for each in proof["still_there"]:
            screen.prose(f"  {each['student']}: {each['kind']} {each['name']} ({each['id']})", "yellow")
    else:
        screen.prose("The account was listed again: it shows nothing of these students.")
    if proof["unseen"]:
        screen.prose(f"Not listed, because AWS refuses it: {', '.join(proof['unseen'])}.", "yellow")
    screen.prose(f"The proof is kept in {proof['file']}.", "dim")
