"""The answer of ``status``: drawn without rich, which takes long to load."""

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lambda_over_https.report import Report
from lambda_over_https.report.costs import age_of
from lambda_over_https.report.picture import Picture
from lambda_over_https.show.canvas.page import plain
from lambda_over_https.show.canvas.screen import Screen
from lambda_over_https.show.picture import drawn
from lambda_over_https.show.tables import print_steps
from lambda_over_https.states import RecordState, StepState
from lambda_over_https.tutorial.request import OWN_EVENT, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOMY = 90
"""Columns from which there is room for ids beside names."""

CHOSEN = 6
"""The least number of characters in an id that AWS chose."""


def print_status(report: Report, picture: Picture, *, everything: bool = False) -> None:
    """Show the deployment: steps, resources, URL and cost; last the picture and what to do next.

    A terminal keeps the end in view, so there stands what matters most. ``everything`` shows each resource.
    """
    screen, deployment = Screen(), report["deployment"]
    place = f"{_where(report)}, account {deployment['account']}, {deployment['region']}"
    age = age_of(deployment["created"]).text
    screen.prose(f"{deployment['name']} ({place}), {age} old", "bold", screen.width)
    print_steps(report)
    _print_resources(report, screen, everything=everything)
    _print_client(report, screen)
    for line in report["cost"]["lines"]:
        screen.prose(line, "dim", screen.width)
    if report["gone"]:
        screen.print()
        screen.prose("The sandbox that held this deployment has stopped, so all of it is gone.", "magenta")
    _print_picture(picture, report, screen)
    if report["reminder"]:
        screen.prose(report["reminder"], "bold magenta", screen.width)
    if not report["gone"]:
        screen.prose(f"Next: {_next(report)}", "bold")


def _print_client(report: Report, screen: Screen) -> None:
    """The URL, and the line that sends a request to it."""
    if not report["invoke_url"]:
        return
    screen.print()
    screen.print(("POST", "bold"), (f" {report['invoke_url']}", ""))
    screen.command(report["curl"])
    if report["key_command"]:
        screen.print(("API_KEY", "bold"), (" is set by:", ""))
        screen.command(report["key_command"])


OWN_CALL = f"'{as_text(OWN_EVENT)}'"
"""What ``call`` sends to a handler of the user's own, as the shell takes it."""


def _next(report: Report) -> str:
    """The command to type next: on with the steps, or what can be done with all of them."""
    waiting = next((each for each in report["steps"] if not StepState(each["state"]).is_over), None)
    if waiting:
        return f"`loh run` goes on with step {waiting['number']}, {waiting['title']}."
    event = OWN_CALL if report["own_handler"] else "list"
    return (
        f"`loh call {event}` sends a request, `loh drill list` names what to break, `loh chapter list` how to"
        " go on, `loh teardown` removes it."
    )


def _where(report: Report) -> str:
    """The target; or the endpoint, where it is neither AWS nor our sandbox (which alone has its own CA)."""
    deployment = report["deployment"]
    elsewhere = deployment["endpoint_url"] and not report["ca_bundle"]
    return str(deployment["endpoint_url"] if elsewhere else deployment["target"])


def _print_picture(picture: Picture, report: Report, screen: Screen) -> None:
    """The drawing, and what a client gets: as recorded, or as it is now."""
    screen.print()
    screen.write(drawn(picture, screen))
    if report["gone"]:
        screen.prose("A client reaches nothing now. `loh run` makes it again.")
        return
    if report["live"] is None:
        screen.prose(f"As recorded {_moment(report['recorded'])}: {picture.answer}")
        screen.prose("`loh status --live` asks what is so now.", "dim")
        return
    screen.prose(report["live"]["answer"], "bold")
    for each in report["live"]["differences"]:
        screen.prose(f"Not as it was made: {each['kind']} {each['name']}: {each['reason']}", "magenta")
    if report["live"]["differences"]:
        screen.prose("`loh run` puts it right, `loh plan` shows how.")


def _moment(at: str) -> str:
    """A moment in words, in this machine's own time."""
    moment = datetime.fromisoformat(at).astimezone()
    today = moment.date() == datetime.now(UTC).astimezone().date()
    return f"at {moment:%H:%M}" if today else f"on {moment:%Y-%m-%d} at {moment:%H:%M}"


def _print_resources(report: Report, screen: Screen, *, everything: bool) -> None:
    """Show the resources of the deployment: a line for each service, or each by its name."""
    if not report["resources"]:
        return
    screen.print()
    if not everything:
        screen.table([plain(*each) for each in _by_service(report["resources"])])
        screen.prose("`loh status --all` shows each with its name.", "dim")
        return
    headings = ("kind", "name", "id") if screen.width >= ROOMY else ("kind", "name")
    rows = []
    for each in report["resources"]:
        state = "" if each["state"] is RecordState.MADE else f" ({each['state']})"
        cells = (each["kind"], f"{each['name']}{state}", _short_id(each))
        rows.append(plain(*cells[: len(headings)]))
    screen.table(rows, headings, gap=1)


def _by_service(resources: "Sequence[Report]") -> "Iterator[tuple[str, str]]":
    """Each service with its kinds of resources: how many of each, and which are not as they should be."""
    counted: dict[str, Counter[str]] = {}
    for each in resources:
        service, _, kind = each["kind"].partition(":")
        state = "" if each["state"] is RecordState.MADE else f"{each['state']} "
        counted.setdefault(service, Counter())[f"{state}{kind}"] += 1
    for service, kinds in counted.items():
        yield service, ", ".join(kind if count == 1 else f"{count} {kind}s" for kind, count in kinds.items())


def _short_id(resource: Report) -> str:
    """The id that AWS chose; an ARN or a path says little more than the name, and is in the JSON."""
    known = resource["id"]
    return known if known.isalnum() and known not in resource["name"] and len(known) >= CHOSEN else ""
