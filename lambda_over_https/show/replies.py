"""A request and its answer, and the function's lines about it."""

from collections.abc import Iterable, Mapping, Sequence

from lambda_over_https.logs import Line
from lambda_over_https.show.basics import print_line
from lambda_over_https.show.code import print_code
from lambda_over_https.show.console import console
from lambda_over_https.ways import Reply


def print_request(line: str, headers: Mapping[str, str], event: str) -> None:
    """What is sent."""
    out = console(stderr=True)
    out.print(line, style="bold", soft_wrap=True, markup=False)
    _print_headers(headers)
    print_code(event, "json", out)
    out.print()


def print_reply(reply: Reply) -> None:
    """Status, time and headers on standard error, the body as it is on standard output."""
    out = console(stderr=True)
    style = "bold green" if reply.ok else "bold red"
    out.print(f"HTTP {reply.status} in {reply.seconds * 1000:.1f} ms", style=style)
    _print_headers(reply.headers)
    print_line(reply.body)


def _print_headers(headers: Mapping[str, str]) -> None:
    out = console(stderr=True)
    for name, value in headers.items():
        out.print(f"{name}: {value}", style="dim", soft_wrap=True, markup=False)


def print_log(heading: str, texts: Sequence[str]) -> None:
    """Log lines that belong to an answer."""
    out = console(stderr=True)
    out.print()
    out.print(heading, style="bold", soft_wrap=True, markup=False)
    for line in "\n".join(texts).splitlines():
        out.print(f"  {line}", style="dim", soft_wrap=True, markup=False)


def print_lines(found: Iterable[Line]) -> None:
    """The function's lines as an answer, with the time of day (UTC)."""
    from datetime import UTC, datetime

    for line in found:
        at = datetime.fromtimestamp(line.at / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]
        print_line(f"{at}  {line.text}")
