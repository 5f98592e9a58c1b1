"""The sandbox's own commands: ``sandbox start``, ``stop``, ``status``."""

from typing import Annotated

import typer

from lambda_over_https.commands.shared import AsJson

app = typer.Typer(help="The sandbox: an AWS on this machine.", no_args_is_help=True)


@app.command("start")
def start(
    port: Annotated[int | None, typer.Option(help="Port for HTTP; the next one is for HTTPS.")] = None,
    as_json: AsJson = False,
) -> None:
    """Start the sandbox in the background (the other commands do it by themselves)."""
    from lambda_over_https.sandbox import daemon
    from lambda_over_https.settings import home

    daemon.start(home(), port=port)
    status(as_json)


@app.command("stop")
def stop() -> None:
    """Stop the sandbox; everything in it is gone then."""
    from lambda_over_https.sandbox import daemon
    from lambda_over_https.settings import home

    stopped = daemon.stop(home())
    typer.echo("The sandbox has ended." if stopped else "The sandbox was not running.")


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Tell whether the sandbox runs, and where."""
    from dataclasses import asdict

    from lambda_over_https import show
    from lambda_over_https.sandbox import daemon
    from lambda_over_https.settings import home

    found = daemon.find(home())
    blank = dict.fromkeys(("endpoint_url", "https_url", "ca_bundle", "pid", "boot_id"))
    report = {"running": found is not None, **(asdict(found) if found else blank)}
    show.print_json(report) if as_json else show.print_sandbox(report)
