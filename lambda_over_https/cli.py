"""The command line: puts the groups of commands together, and turns every ending into an exit code.

Each command is settings → engine → show → exit code. boto3, rich and the sandbox are imported inside the
commands that need them: ``--help`` should not wait.
"""

import sys
from typing import Annotated

import typer

from lambda_over_https.commands import calling, care, looking, recorded, sandbox, tutorial
from lambda_over_https.errors import InterruptedRunError, LohError

app = typer.Typer(
    name="lambda-over-https",
    help="The AWS tutorial 'Using AWS Lambda with Amazon API Gateway' as a command: on a sandbox on this "
    "machine, or on AWS with --target aws.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(tutorial.app)
app.add_typer(looking.app)
app.add_typer(calling.app)
app.add_typer(recorded.app)
app.add_typer(care.app)
app.add_typer(sandbox.app, name="sandbox")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lambda-over-https {version('lambda-over-https')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
]


@app.callback()
def options(version: Version = False) -> None:
    """Take the options that come before a command."""


def main() -> None:
    """Run the program and end the process with its exit code."""
    try:
        app()
    except LohError as error:
        from lambda_over_https.show import print_error

        print_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        from lambda_over_https.show import print_error

        print_error(InterruptedRunError("Interrupted.", "What was made is written down; `loh run` goes on."))
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last resort: a bug becomes a report, not a traceback
        from lambda_over_https.bugs import report_bug

        sys.exit(report_bug(error))
