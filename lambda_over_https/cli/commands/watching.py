"""Working on the handler: ``watch``, ``new-handler``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lambda_over_https.cli.options import with_choices
from lambda_over_https.cli.shared import opening, own_source
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.hints import command
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.deployment.stack import Stack

app = typer.Typer()
PANEL = "Using it"
POLL = 0.3
"""Seconds between two checks of a watched file."""


@app.command(rich_help_panel=PANEL)
@with_choices
def watch(settings: Settings) -> None:
    """Update the function each time you save its source file; ^C stops.

    Examples:  loh watch   ·   loh watch --source my_handler.py
    """
    from lambda_over_https import show
    from lambda_over_https.kinds import Kind
    from lambda_over_https.show.moving.watch import UpdatesOnly

    with opening.working(settings, narrator=UpdatesOnly()) as (stack, _):
        if stack.record(Kind.FUNCTION) is None:
            raise LohError("There is no function yet.", "`loh run --to 2.3` creates it.")
        source = stack.choices.source_path
        show.say(f"Watching {source}: save it, and the next request runs what you saved. ^C stops.")
        try:
            _watch(stack, source)
        except KeyboardInterrupt:
            show.say("Stopped.")


@app.command("new-handler", rich_help_panel=PANEL)
def new_handler(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="[FILE]", help="The file to write; its ending tells the language: .py or .js."
        ),
    ] = Path("my_handler.py"),
) -> None:
    """Write the first ten lines of a handler of your own, in Python or JavaScript.

    No file is ever overwritten.

    Examples:  loh new-handler   ·   loh new-handler my_handler.js
    """
    import shlex

    from lambda_over_https import show
    from lambda_over_https.deployment.handler.starting_point import write_starting_point

    write_starting_point(file)
    show.say(f"Written: {file}. Lambda calls its function `handler` with each request's JSON.")
    show.say(f"Deploy it:     {command(f'loh run --source {shlex.quote(str(file))}')}")
    show.say("Call it:       " + command('loh call \'{"name": "Bob"}\''))
    show.say(f"Then edit it:  {command('loh watch')} (the next request runs what you saved)")


def _watch(stack: "Stack", source: Path) -> None:
    known = None if stack.choices.source else _signature(source)
    while True:
        found = _signature(source)
        if found not in (known, ""):
            known = found
            _update(stack)
        stack.run.wait(POLL)


def _signature(source: Path) -> str:
    """What changes when the file is saved; empty while an editor is replacing it."""
    import hashlib

    from lambda_over_https.deployment.handler.sources import read_source

    try:
        return hashlib.sha256(read_source(source)).hexdigest()
    except UsageError:
        return ""


def _update(stack: "Stack") -> None:
    import time

    from lambda_over_https import show

    began = time.monotonic()
    try:
        own_source.check_source(stack)
        changed = opening.engine_for(stack).run("2.3")
    except LohError as error:
        show.print_error(error)
        return
    if changed:
        show.say(f"Updated in {time.monotonic() - began:.2f} s: the next request runs the new code.")
