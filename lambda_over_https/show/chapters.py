"""What the chapter commands show: the list, and what an experiment has seen."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from lambda_over_https.aws.prices import PRICES_OF
from lambda_over_https.report import Report
from lambda_over_https.show.canvas.page import Line, Page, Span, marks, plain
from lambda_over_https.show.canvas.screen import Screen
from lambda_over_https.show.drill import GOOD

if TYPE_CHECKING:
    from lambda_over_https.practice.experiments.experiment import Experiment, Seen

BAR = 14
"""Columns of the longest bar, where there is room."""

BESIDE = 31
"""Columns of a line beside request, bar and note."""

LEAST_NOTE = 20
"""Columns that a note has on the narrowest page."""


def print_chapters(report: Report) -> None:
    """List the chapters: on or off, what each shows, how long it takes, what it costs."""
    rows = [
        [
            (each["name"], "bold"),
            ("on", "bold green") if each["on"] else ("off", "dim"),
            *plain(each["shows"], f"{each['minutes']} min", _cost(each)),
        ]
        for each in report["chapters"]
    ]
    screen = Screen()
    screen.table(rows, ("chapter", "", "shows", "takes", "costs on AWS"))
    screen.prose(f"Costs are AWS's {PRICES_OF}.", "dim")


def _cost(chapter: Report) -> str:
    return f"{chapter['usd_per_hour']:g} USD/hour" if chapter["usd_per_hour"] else "-"


def print_experiment(seen: "Sequence[Seen[Any]]", summary: str) -> None:
    """Draw what was seen, a request a line, and say what it comes to."""
    screen = Screen(stderr=True)
    screen.print()
    screen.write(drawn(seen, screen))
    screen.print()
    screen.prose(summary, "bold")


def drawn(seen: "Sequence[Seen[Any]]", page: Page) -> Iterator[Line]:
    """A line a request: when, what, the status, how long it took as a bar, and a note.

    A note that is too long for the page goes on below itself.
    """
    slowest = max((each.latency_ms for each in seen), default=0.0) or 1.0
    widest = max((len(each.request) for each in seen), default=0)
    note = max((len(each.note) for each in seen), default=0)
    longest = max(0, min(BAR, page.width - widest - note - BESIDE))
    before = widest + longest + BESIDE - 1
    for each in seen:
        first, *more = wrap(each.note, max(LEAST_NOTE, page.width - before)) or [""]
        bar = marks(page).bar * max(1, round(longest * each.latency_ms / slowest)) if longest else ""
        line: list[Span] = [
            (f"{each.at:6.2f} s  ", "dim"),
            (f"{each.request:<{widest}}  ", ""),
            (f"{each.status}  ", "bold green" if each.status in GOOD else "bold red"),
            (f"{bar:<{longest}} ", "cyan"),
            (f"{each.latency_ms:7.1f} ms", "dim"),
            (f"  {first}" if first else "", ""),
        ]
        yield line
        yield from ([(" " * before + text, "")] for text in more)


def print_verdict(experiment: "Experiment[Any]", *, foretold: bool) -> None:
    """Say so if something else was seen than was expected."""
    if not foretold:
        Screen(stderr=True).prose(
            f"That is not what was expected ({experiment.choices[experiment.right]}).", "bold red"
        )
