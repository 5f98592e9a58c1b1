"""The live page for the projector: ``board``."""

import json
import os
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli.options import AsJson, with_settings
from lambda_over_https.cli.process import garbage
from lambda_over_https.errors import UsageError
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place
    from lambda_over_https.board.server import Serving

app = typer.Typer()
PANEL = "Looking at it"
PATIENCE = 1.0
"""Seconds that the end waits for a look at AWS which is under way."""


@app.command(rich_help_panel=PANEL)
@with_settings
def board(
    settings: Settings,
    port: Annotated[
        int | None,
        typer.Option(
            help="Port on this machine (default: 8480, or any free one); 0 for any.", min=0, max=65535
        ),
    ] = None,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
    class_: Annotated[
        str | None,
        typer.Option("--class", metavar="NAME", help="Show this class, with a tile for each student."),
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="With --class: send an echo to each student's URL at each look.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a live page for the projector: the parts as they are made, calls and requests as they happen.

    With --class it shows a tile for each student instead, those who are stuck first, and a sweep as it goes.
    A tile opens what `loh class look` finds; that sends an echo to the student's URL, as --ask does to all.

    Start it before, during or after a run, in a terminal of its own; it changes nothing. The page is served
    on this machine only, to whoever has its address. ^C ends it.

    Examples:  loh board   ·   loh board --name alice --port 8480   ·   loh board --class monday
    """
    from lambda_over_https.names import names_for

    def announce(url: str) -> None:
        _announce(url, as_json, open_)

    if class_ is not None:
        _show_class(settings, class_, port, announce, ask)
        return
    if ask:
        raise UsageError("--ask goes with --class.", "`loh board --class NAME --ask`")
    from lambda_over_https.board import server

    names_for(settings.name)
    _until_stopped(port, announce, lambda serving: server.serve(settings, serving))


def _show_class(
    settings: Settings, name: str, port: int | None, announce: Callable[[str], None], ask: bool
) -> None:
    from lambda_over_https.board import server
    from lambda_over_https.board.classes.account import ClassAccount
    from lambda_over_https.classroom.meeting import meeting
    from lambda_over_https.classroom.roll import book
    from lambda_over_https.settings import home

    taught = book.load(home(), name)

    def connect() -> "tuple[Cloud, Place]":
        with meeting(settings, taught) as found:
            return found

    account = ClassAccount(connect)
    _until_stopped(port, announce, lambda serving: server.serve_class(taught, account, serving, ask=ask))


def _until_stopped(
    port: int | None,
    announce: Callable[[str], None],
    serve: "Callable[[Serving], Coroutine[None, None, None]]",
) -> None:
    """Serve until ^C, or until the process is told to end."""
    import asyncio
    import signal

    from lambda_over_https.board.server import Serving
    from lambda_over_https.cli.process.endings import leave, others_have_ended

    async def run() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(Serving(port, announce, stop))

    garbage.stay()
    asyncio.run(run())
    if not others_have_ended(PATIENCE):
        leave(0)


def _announce(url: str, as_json: bool, wanted: bool) -> None:
    """Print the address at once, even into a pipe, and open the page where somebody sees it."""
    from lambda_over_https import show

    show.print_line(json.dumps({"url": url}) if as_json else url)
    sys.stdout.flush()
    if not as_json:
        show.say("The board is at this address, on this machine only. ^C ends it.")
    if wanted and not as_json and sys.stdout.isatty() and _has_windows():
        import webbrowser

        webbrowser.open(url)


def _has_windows() -> bool:
    """Whether a browser can open a window; without one, a browser in the terminal would take that over."""
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
