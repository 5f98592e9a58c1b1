"""The sandbox's own commands: ``sandbox start``, ``stop``, ``status``, ``env``, ``fire``, ``fault``."""

from typing import Annotated, Any

import typer

from lambda_over_https.cli import completion
from lambda_over_https.cli.help import Grouped
from lambda_over_https.cli.options import AsJson
from lambda_over_https.cli.shared.finding import unknown
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.settings import ENV_PREFIX, home

app = typer.Typer(
    name="sandbox", cls=Grouped, help="The sandbox: an AWS on this machine.", no_args_is_help=True
)
fault_app = typer.Typer(
    cls=Grouped, help="Faults for a class to find; switch them on and off at any time.", no_args_is_help=True
)
app.add_typer(fault_app, name="fault")

FaultName = Annotated[
    str, typer.Argument(help="A fault of `sandbox fault list`.", autocompletion=completion.faults)
]
_HARMLESS = ("AWS_EC2_METADATA_DISABLED", "AWS_PAGER", "AWS_DEFAULT_OUTPUT")
"""Variables that a shell may keep: they do not change which AWS is used."""

TIMINGS = {"none": 0.0, "aws": 1.0}
LAST_PORT = 65534
"""One below the highest port: HTTPS needs the next one."""


@app.command()
def start(
    port: Annotated[int | None, typer.Option(help="Port for HTTP; HTTPS uses the next one.")] = None,
    timing: Annotated[
        str | None, typer.Option(help="none, or aws: make callers wait, and limit their calls, as AWS does.")
    ] = None,
    timing_factor: Annotated[
        float | None, typer.Option(help="Scale AWS's waits: 0.1 makes them a tenth as long.", min=0)
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            help="Start with this fault switched on; may be repeated.", autocompletion=completion.faults
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Start the sandbox in the background.

    Other commands start it too, when they need it.

    Examples:  loh sandbox start   ·   loh sandbox start --timing aws   ·   loh sandbox start --port 9000
    """
    from lambda_over_https.sandbox.client import daemon

    if timing is not None and timing not in TIMINGS:
        raise UsageError(f"There is no timing {timing!r}.", "Choose --timing none or aws.")
    if port is not None and not 0 <= port <= LAST_PORT:
        raise UsageError(f"{port} cannot be the port.", f"Choose one up to {LAST_PORT}, or 0 for any.")
    for name in fault or ():
        _check_fault(name)
    factor = timing_factor if timing_factor is not None else TIMINGS.get(timing or "")
    daemon.start(home(), port=port, timing_factor=factor, faults=fault or ())
    status(as_json)


@app.command()
def stop() -> None:
    """Stop the sandbox, and lose everything in it."""
    from lambda_over_https import show
    from lambda_over_https.sandbox.client import daemon

    stopped = daemon.stop(home())
    show.print_line("The sandbox has stopped." if stopped else "The sandbox was not running.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show whether the sandbox is running, and where."""
    from lambda_over_https import show
    from lambda_over_https.sandbox.client import daemon

    found = daemon.find(home())
    blank = dict.fromkeys(("endpoint_url", "https_url", "ca_bundle", "pid", "boot_id"))
    report = {"running": found is not None, **(found.public() if found else blank)}
    show.print_json(report) if as_json else show.print_sandbox(report)


@app.command()
def env(
    name: Annotated[
        str | None,
        typer.Option(help="Deployment whose invoke URL API_URL gets.", autocompletion=completion.deployments),
    ] = None,
    shell: Annotated[str, typer.Option(help="bash, zsh, fish or powershell.")] = "bash",
    as_json: AsJson = False,
) -> None:
    r"""Print variables that make the `aws` command, SDKs and other clients use the sandbox.

    They then trust the sandbox's certificate authority as well as all that they trust already. API_URL is the
    invoke URL of your deployment.

    Examples:  eval "$(loh sandbox env)"; aws lambda list-functions
    ·   eval "$(loh sandbox env)"; curl -d '{"operation": "ping"}' -w '\n' "$API_URL"
    ·   loh sandbox env --shell fish | source   ·   loh sandbox env --shell powershell | Out-String | iex
    """
    from lambda_over_https import show
    from lambda_over_https.cli.shells import SHELLS, script
    from lambda_over_https.sandbox.client import daemon
    from lambda_over_https.sandbox.client.environment import environment

    if shell not in SHELLS:
        raise UsageError(f"There is no shell {shell!r}.", f"Choose one of {', '.join(SHELLS)}.")
    found = daemon.find(home())
    if found is None:
        raise LohError("The sandbox is not running.", "`loh sandbox start` starts it.")
    variables = {**environment(found), **_deployed(name)}
    if as_json:
        show.print_json(variables)
        return
    for line in script(shell, variables, _in_the_way(variables)):
        show.print_file(line)


def _deployed(name: str | None) -> dict[str, str]:
    """A deployment's region, and as ``API_URL`` its URL if it has one; LohError for an unknown name."""
    import os

    from lambda_over_https.cli.options import DEFAULTS
    from lambda_over_https.deployment.deployments import standing_journal
    from lambda_over_https.report.status import invoke_url
    from lambda_over_https.sandbox.client.environment import region_variables
    from lambda_over_https.settings import Settings

    meant = name or os.environ.get(f"{ENV_PREFIX}NAME") or DEFAULTS["name"]
    journal = standing_journal(Settings(name=meant))
    if journal is not None:
        url = invoke_url(journal)
        return {**region_variables(journal.deployment.region), **({"API_URL": url} if url else {})}
    if name:
        raise LohError(
            f"There is no deployment named {name} on the sandbox, so it has no URL.",
            f"`loh run --name {name}` deploys it.",
        )
    return {}


@app.command()
def fire(
    name: Annotated[
        str,
        typer.Argument(
            help="The name of a schedule or rule, GROUP/NAME, or its ARN.",
            autocompletion=completion.schedules,
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Fire an EventBridge schedule or rule of the sandbox now.

    It calls its functions as on AWS: asynchronously, and only if it has the permission.

    Examples:  loh sandbox fire every-minute   ·   loh sandbox fire my-group/every-minute
    """
    from lambda_over_https import show
    from lambda_over_https.sandbox.client import daemon

    listed = daemon.schedules(home())
    known = [each["name"] for each in listed]
    if name not in known and not any(name in _other_names(each) for each in listed):
        raise unknown("schedule or rule", name, known, "aws scheduler list-schedules")
    fired = daemon.fire(home(), name)
    if as_json:
        show.print_json(fired)
        return
    functions = " and ".join(arn.rpartition(":function:")[2] for arn in fired["targets"]) or "nothing"
    show.print_line(f"Fired the {fired['kind']} {fired['name']}: its event goes to {functions}.")
    show.say("Without the permission nothing runs, and no error is shown. The function's log shows what ran.")


def _other_names(listed: dict[str, Any]) -> tuple[str, str]:
    return f"{listed['group']}/{listed['name']}", listed["arn"]


def _in_the_way(variables: dict[str, str]) -> list[str]:
    """What the shell says of AWS besides: a profile or an endpoint of one service would win over ours."""
    import os
    import re

    known = (name for name in os.environ if re.fullmatch(r"AWS_\w+", name))
    return sorted(name for name in known if name not in variables and name not in _HARMLESS)


@fault_app.command("list")
def list_faults(as_json: AsJson = False) -> None:
    """List the faults: what each does, what the class sees, and how to find it."""
    from lambda_over_https import show
    from lambda_over_https.sandbox.client import daemon
    from lambda_over_https.show.tables import print_faults

    faults = daemon.faults(home())
    if as_json:
        show.print_json({"faults": faults})
        return
    print_faults(faults)
    show.say("`loh sandbox fault on NAME` switches one on.")


@fault_app.command("on")
def fault_on(name: FaultName) -> None:
    """Switch a fault on.

    Example:  loh sandbox fault on role-never-assumable
    """
    _switch(name, on=True)


@fault_app.command("off")
def fault_off(name: FaultName) -> None:
    """Switch a fault off."""
    _switch(name, on=False)


def _switch(name: str, *, on: bool) -> None:
    from lambda_over_https import show
    from lambda_over_https.sandbox.client import daemon

    _check_fault(name)
    daemon.set_fault(home(), name, on=on)
    show.print_line(f"{name} is {'on' if on else 'off'}.")


def _check_fault(name: str) -> None:
    from lambda_over_https.sandbox.client.faults import FAULTS

    known = [fault.name for fault in FAULTS]
    if name not in known:
        raise unknown("fault", name, known, "loh sandbox fault list")
