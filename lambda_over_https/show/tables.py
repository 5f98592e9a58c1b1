"""The answers of the commands that look, as tables."""

from typing import TYPE_CHECKING

from lambda_over_https.costs import age_of
from lambda_over_https.picture import Picture
from lambda_over_https.reports import Report
from lambda_over_https.show.basics import print_line
from lambda_over_https.show.console import console, print_prose, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambda_over_https.engine import Planned

ROOMY = 90
"""Columns from which on there is room for ids beside names."""

CHOSEN = 6
"""Characters that an id chosen by AWS has at least."""

STATES = {"done": "green", "failed": "bold red", "skipped": "cyan", "pending": "dim"}
ACTIONS = {"create": "green", "update": "magenta", "keep": "dim", "skip": "cyan", "blocked": "bold red"}


def print_status(report: Report, picture: Picture) -> None:
    """The deployment, its steps, the picture, its things, what it costs."""
    from rich.markup import escape

    from lambda_over_https.show.picture import print_picture

    out, deployment = console(), report["deployment"]
    age = age_of(deployment["created"])
    place = f"{deployment['target']}, account {deployment['account']}, {deployment['region']}"
    out.print(f"[bold]{escape(deployment['name'])}[/] ({place}), {age.text} old", soft_wrap=True)
    if report["gone"]:
        out.print("The sandbox that held it has ended, and everything in it is gone.", style="magenta")
    print_steps(report)
    print_picture(picture, out)
    print_resources(report)
    if report["invoke_url"]:
        out.print(f"\n[bold]POST[/] {escape(report['invoke_url'])}", soft_wrap=True)
        print_line(report["curl"])
    for line in report["cost"]["lines"]:
        out.print(f"[dim]{escape(line)}[/]")
    if report["reminder"]:
        out.print(f"[bold magenta]{escape(report['reminder'])}[/]")


def print_resources(report: Report) -> None:
    """The things of the deployment."""
    from rich.table import Table

    if not report["resources"]:
        return
    out = console()
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    headings = ("kind", "name", "id") if out.width >= ROOMY else ("kind", "name")
    for heading in headings:
        table.add_column(heading, overflow="fold", header_style="dim")
    for each in report["resources"]:
        state = "" if each["state"] == "made" else f" ({each['state']})"
        table.add_row(*(each["kind"], f"{each['name']}{state}", _short_id(each))[: len(headings)])
    out.print()
    print_table(table, out)


def _short_id(resource: Report) -> str:
    """The id that AWS chose; an ARN or a path, long and little more than the name, is in the JSON."""
    known = resource["id"]
    return known if known.isalnum() and known not in resource["name"] and len(known) >= CHOSEN else ""


def print_steps(report: Report) -> None:
    """The steps and how far each is."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    for each in report["steps"]:
        state = Text(each["state"], STATES.get(each["state"], ""))
        table.add_row(each["number"], each["title"], state)
    print_table(table, console())


def print_plan(planned: "Sequence[Planned]") -> None:
    """What ``run`` would do, step by step."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in ("step", "name", "action", "reason", "calls"):
        table.add_column(heading, overflow="fold", header_style="dim")
    for each in planned:
        action = Text(each.action, ACTIONS[each.action])
        table.add_row(each.number, each.name, action, Text(each.reason), ", ".join(each.calls))
    print_table(table, console())


def print_settings(report: Report) -> None:
    """Each setting with its source."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("setting", "value", "from", "variable"):
        table.add_column(heading, overflow="fold", header_style="dim")
    for each in report["settings"]:
        style = "" if each["source"] == "default" else "bold"
        table.add_row(each["name"], Text(each["value"] or "-", style), each["source"], each["variable"])
    print_table(table, console())


def print_faults(faults: "Sequence[Report]") -> None:
    """Each fault of the sandbox: what it does, what the class sees, how it is found."""
    out = console()
    for each in faults:
        out.print(
            f"[bold]{each['name']}[/] ({'on' if each['on'] else 'off'}): {each['summary']}", soft_wrap=True
        )
        print_prose(f"What the class sees: {each['symptom']}", out)
        print_prose(f"How to find it: {each['search']}", out)
        out.print()
