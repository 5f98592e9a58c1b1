"""A request, its answer, and the function's log lines for it."""

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lambda_over_https.show.basics import print_line
from lambda_over_https.show.canvas.page import Line as Spans
from lambda_over_https.show.canvas.page import Page
from lambda_over_https.show.canvas.screen import Screen
from lambda_over_https.show.code import code_lines
from lambda_over_https.tutorial.logs import Line
from lambda_over_https.tutorial.ways import Reply


def print_request(line: str, headers: Mapping[str, str], event: str) -> None:
    """Show what is sent: to be read, so on a narrow terminal it is broken between words."""
    screen = Screen(stderr=True)
    screen.print((line, "bold"))
    _print_headers(headers, screen)
    screen.write(list(each) for each in code_lines(event, "json", screen))
    screen.print()


def print_reply(reply: Reply) -> None:
    """Write status, time and headers to standard error, and the body, as it is, to standard output."""
    screen = Screen(stderr=True)
    style = "bold green" if reply.ok else "bold red"
    screen.print((f"HTTP {reply.status} in {reply.seconds * 1000:.1f} ms", style))
    _print_headers(reply.headers, screen)
    print_body(reply.body)


def print_body(body: str) -> None:
    """Write a body as an answer: in colour on a terminal if it is JSON, into a pipe exactly as it is."""
    if _is_json(body):
        print_source(body, "json")
    else:
        print_line(body)


def _is_json(body: str) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def print_source(text: str, language: str) -> None:
    """Write a program as an answer: in colour on a terminal, into a pipe exactly as it is."""
    screen = Screen()
    screen.write(code_lines(text, language, screen))


def _print_headers(headers: Mapping[str, str], screen: Screen) -> None:
    screen.write([(f"{name}: {value}", "dim")] for name, value in headers.items())


def print_log(heading: str, texts: Sequence[str]) -> None:
    """Show log lines that belong to an answer."""
    screen = Screen(stderr=True)
    screen.print()
    screen.prose(heading, "bold", screen.width)
    for line in "\n".join(texts).splitlines():
        screen.write(log_line(line, screen))


def log_line(text: str, page: Page, mark: str = "") -> Iterator[Spans]:
    """A line of the log, wrapped between words on a terminal, with the word that matters in bold."""
    folded = textwrap.wrap(text, page.width - 2, break_long_words=False, break_on_hyphens=False)
    for line in folded if page.is_terminal and folded else [text]:
        before, found, after = line.partition(mark) if mark else (line, "", "")
        yield [("  ", ""), (before, "dim"), (found, "bold red"), (after, "dim")]


def print_lines(found: Iterable[Line]) -> None:
    """Write the function's log lines as an answer, each with its time of day (UTC)."""
    from datetime import UTC, datetime

    for line in found:
        at = datetime.fromtimestamp(line.at / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]
        print_line(f"{at}  {line.text}")
