"""The command line: puts the groups of commands together, and turns every ending into an exit code.

Each command is settings → engine → show → exit code. A group of commands is loaded when one of it is asked
for, and boto3, rich and the sandbox inside the commands that need them: nobody should wait for the rest.
"""

import os
import sys
import threading
import traceback
from collections.abc import Iterator
from typing import Annotated, Any, NoReturn, cast

import typer

from lambda_over_https import __version__
from lambda_over_https.cli.commands import OnDemand, overview
from lambda_over_https.cli.help import Entry, Grouped
from lambda_over_https.cli.process.endings import code_of, end_as_after_interrupt, leave
from lambda_over_https.cli.process.streams import deliver, settle
from lambda_over_https.errors import InterruptedRunError, LohError, from_the_machine, interrupted
from lambda_over_https.hints import put_in_force
from lambda_over_https.settings import ENV_PREFIX

DEBUG = f"{ENV_PREFIX}DEBUG"
INTERRUPTED = InterruptedRunError.exit_code


class Program(Grouped):
    """All commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = cast("Any", OnDemand())

    def overview(self) -> Iterator[Entry]:
        """The commands as their modules define them: none is built for it."""
        return overview()


app = typer.Typer(
    name="lambda-over-https",
    cls=Program,
    help="The AWS tutorial 'Using AWS Lambda with Amazon API Gateway' as a command: on a sandbox on this "
    "machine, or on AWS with --target aws.",
    epilog="To read about one command, type help before it, or --help after it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lambda-over-https {__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
]


Debug = Annotated[
    bool,
    typer.Option("--debug", envvar=DEBUG, show_envvar=False, help="Show the traceback of what goes wrong."),
]


@app.callback()
def options(version: Version = False, debug: Debug = False) -> None:  # noqa: ARG001 - it has a callback
    """Take the options that come before a command."""
    if debug:
        os.environ[DEBUG] = "1"


def main() -> None:
    """Be the process: its settings are the program's to make."""
    settle()
    end_as_after_interrupt()
    try:
        run()
    except KeyboardInterrupt:  # once more, while the first one was told
        _end(INTERRUPTED)
    except SystemExit as end:
        _end(end.code)


def _end(code: int | str | None) -> NoReturn:
    """End the process: after a signal with that signal's code, also where all went well in spite of it.

    Calls that are still under way after ^C are not waited for: somebody has pressed it twice.
    """
    ended = code_of(code or 0) if code in (None, 0, INTERRUPTED) else code
    if code == INTERRUPTED and threading.active_count() > 1:
        leave(code_of(INTERRUPTED))
    _deliver(well=not ended)
    sys.exit(ended)


def _deliver(*, well: bool) -> None:
    """Send off the answer; where that fails after all went ``well``, that is what went wrong."""
    refused = deliver()
    lost = from_the_machine(refused) if refused and well else None
    if lost:
        sys.exit(_explain(LohError(f"The answer cannot be written. {lost.message}", lost.hint)))


def run() -> None:
    """Run the program; raises SystemExit with its exit code."""
    put_in_force({})
    try:
        app()
    except LohError as error:
        sys.exit(_explain(error))
    except SystemExit as end:
        if isinstance(end.__context__ and end.__context__.__cause__, KeyboardInterrupt):
            _explain(interrupted())
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: a bug becomes a report, not a traceback
        known = _from_outside(error)
        sys.exit(_explain(known) if known else _report(error))


def _from_outside(error: Exception) -> LohError | None:
    """The error for what is no fault of this program; None for a bug."""
    known = None
    if "botocore" in sys.modules:
        from lambda_over_https.aws.errors.explanations import explain_stranger

        known = explain_stranger(error)
    return known or from_the_machine(error)


def _report(error: Exception) -> int:
    from lambda_over_https.cli.process.bugs import report_bug

    _trace()
    return report_bug(error)


def _explain(error: LohError) -> int:
    from lambda_over_https.show import print_error

    _trace()
    print_error(error)
    return error.exit_code


def _trace() -> None:
    """With --debug, show where the error at hand comes from."""
    if os.environ.get(DEBUG):
        traceback.print_exc()
