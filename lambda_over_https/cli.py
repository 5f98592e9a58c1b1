"""The command line: each command is settings → engine → show → exit code.

boto3, rich and the sandbox are imported inside the commands that need them: ``--help`` should not wait.
"""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lambda_over_https.errors import InterruptedRunError, LohError, UsageError
from lambda_over_https.options import with_choices, with_settings
from lambda_over_https.settings import SANDBOX, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lambda_over_https.engine import Engine
    from lambda_over_https.session import Session
    from lambda_over_https.stack import Stack
    from lambda_over_https.steps.step import Step

app = typer.Typer(
    name="lambda-over-https",
    help="The AWS tutorial 'Using AWS Lambda with Amazon API Gateway' as a command: on a sandbox on this "
    "machine, or on AWS with --target aws.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
sandbox_app = typer.Typer(help="The sandbox: an AWS on this machine.", no_args_is_help=True)
app.add_typer(sandbox_app, name="sandbox")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", envvar="LAMBDA_OVER_HTTPS_YES", help="Ask nothing.")]
StepNumber = Annotated[str, typer.Argument(help="A step's number or name, for example 3.2 or resource.")]

WORKERS = 4
"""Steps or removals side by side: the API, the table, the role and function, and one to spare."""


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)
    ] = False,
) -> None:
    """Take the options that come before a command."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"lambda-over-https {installed('lambda-over-https')}")
        raise typer.Exit


# --- the tutorial ---


@app.command(rich_help_panel="The tutorial")
@with_choices
def run(
    settings: Settings,
    to: Annotated[str | None, typer.Option(help="Stop after this step (number or name).")] = None,
    pause: Annotated[
        bool | None, typer.Option("--pause/--no-pause", help="Wait before each step (default at a terminal).")
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Do all remaining steps: a finished deployment stays as it is, an interrupted one goes on.

    Examples:  loh run   ·   loh run --to 3.2   ·   loh run --name alice --no-pause
    """
    last = _step(to).number if to else None
    with _working(settings, create=True) as (_, stack, engine):
        _confirm_place(stack, yes)
        if _pauses(pause, as_json):
            _walk(engine, last)
        else:
            engine.up(last, WORKERS)
        _farewell(settings, stack, as_json)


@app.command("next", rich_help_panel="The tutorial")
@with_choices
def next_(settings: Settings, yes: Yes = False) -> None:
    """Do the next step that is not done.

    Example:  loh next
    """
    from lambda_over_https import show

    with _working(settings, create=True) as (_, stack, engine):
        _confirm_place(stack, yes)
        step = engine.next_step()
        if step is None:
            show.say("Every step is done. `loh verify` tests it, `loh teardown` removes it.")
            return
        show.print_step(step, ())
        engine.up(step.number)


@app.command(rich_help_panel="The tutorial")
@with_settings
def undo(settings: Settings) -> None:
    """Take back the last step that was done.

    Example:  loh undo
    """
    from lambda_over_https import show, teardown
    from lambda_over_https.aws_errors import explained
    from lambda_over_https.steps import STEPS

    with _working(settings) as (_, stack, _engine):
        states = stack.journal.state.steps
        step = next((each for each in reversed(STEPS) if states.get(each.number)), None)
        if step is None:
            show.say("No step has been done.")
            return
        teardown.undo(step, stack, explained)
        show.say(f"Step {step.number} ({step.title}) is taken back. `loh next` does it again.")


@app.command(rich_help_panel="The tutorial")
@with_settings
def steps(settings: Settings, as_json: AsJson = False) -> None:
    """List the tutorial's steps and how far each is.

    Example:  loh steps
    """
    from lambda_over_https import reports, show
    from lambda_over_https.session import sandbox_has_ended
    from lambda_over_https.steps import STEPS

    session = _session(settings)
    journal = session.journal_on_disk()
    known = journal is not None and not sandbox_has_ended(journal, session.home)
    report = reports.steps_report(STEPS, dict(journal.state.steps) if journal and known else {})
    show.print_json(report) if as_json else show.print_steps(report)


@app.command(rich_help_panel="The tutorial")
def explain(step: StepNumber) -> None:
    """Say why a step is there and what it costs.

    Example:  loh explain 3.6
    """
    from lambda_over_https import show

    show.print_step(_step(step), ())


@app.command(rich_help_panel="The tutorial")
@with_choices
def plan(settings: Settings, as_json: AsJson = False) -> None:
    """Show what `run` would do, changing nothing.

    Example:  loh plan --json
    """
    from lambda_over_https import reports, show

    with _reading(settings, create=True) as (stack, engine):
        planned = engine.plan()
        _forget_if_empty(stack)
    show.print_json(reports.plan_report(planned)) if as_json else show.print_plan(planned)


# --- looking at it ---


@app.command(rich_help_panel="Looking at it")
@with_settings
def status(settings: Settings, as_json: AsJson = False) -> None:
    """Show the deployment: steps, things, URL. Reads the journal only.

    Example:  loh status
    """
    from lambda_over_https import reports, show
    from lambda_over_https.session import nothing_here, sandbox_has_ended
    from lambda_over_https.steps import STEPS

    session = _session(settings)
    journal = session.journal_on_disk()
    if journal is None:
        raise nothing_here(settings)
    report = reports.status_report(journal, STEPS, session.home, sandbox_has_ended(journal, session.home))
    show.print_json(report) if as_json else show.print_status(report)


@app.command(rich_help_panel="Looking at it")
@with_settings
def verify(settings: Settings, as_json: AsJson = False) -> None:
    """Test the deployment: six operations, each directly, through API Gateway's test, and over HTTPS.

    Example:  loh verify
    """
    from lambda_over_https import checks, show
    from lambda_over_https.steps.verify import verify as make_checks

    with _reading(settings) as (stack, _):
        results = make_checks(stack)
    passed = all(check.ok for check in results)
    if as_json:
        show.print_json({"passed": passed, "checks": [checks.as_json(check) for check in results]})
    else:
        good = sum(check.ok for check in results)
        show.print_line(f"{good} of {len(results)} checks passed.")
    raise typer.Exit(0 if passed else 1)


@app.command(rich_help_panel="Looking at it")
@with_settings
def call(
    settings: Settings,
    operation: Annotated[str, typer.Argument(help="create, read, update, delete, list, echo or ping.")],
    payload: Annotated[str, typer.Argument(help="The payload as JSON.")] = "{}",
    item: Annotated[str | None, typer.Option(help='For create: the item, e.g. \'{"Id":"1"}\'.')] = None,
    key: Annotated[str | None, typer.Option(help="For read, update, delete: the Id of the item.")] = None,
    via: Annotated[str, typer.Option(help="https, test-invoke-method or invoke.")] = "https",
    as_json: AsJson = False,
) -> None:
    """Call the function, over HTTPS unless told otherwise, and show its answer.

    Examples:  loh call ping   ·   loh call create --item '{"Id":"1"}'   ·   loh call read --key 1
    """
    from lambda_over_https import reports, show, ways

    body = _payload(payload, item, key)
    if via not in ways.WAYS:
        raise UsageError(f"There is no way {via!r}.", f"Choose --via {', '.join(ways.WAYS)}.")
    with _reading(settings) as (stack, _):
        event = ways.as_text(ways.request_event(operation, stack.names.table, body))
        reply = ways.way(stack, via).send(event)
        if not as_json and via == "https":
            show.say(reports.curl_line(stack.invoke_url, stack.place.ca_bundle, event))
    if as_json:
        show.print_json({"status": reply.status, "body": reply.body, "latency_ms": reply.seconds * 1000})
    else:
        show.print_reply(reply)
    raise typer.Exit(0 if reply.ok else 1)


# --- taking it away ---


@app.command(rich_help_panel="Taking it away")
@with_settings
def teardown(settings: Settings, yes: Yes = False, as_json: AsJson = False) -> None:
    """Remove everything the deployment made, and nothing else; then look whether it is gone.

    Examples:  loh teardown   ·   loh teardown --name alice --yes
    """
    from lambda_over_https import journal as journals
    from lambda_over_https import reports, show
    from lambda_over_https.session import nothing_here, sandbox_has_ended
    from lambda_over_https.teardown import Removal

    session = _session(settings)
    journal = session.journal_on_disk()
    if journal is None:
        raise nothing_here(settings)
    if sandbox_has_ended(journal, session.home):
        with journals.locked(journal.path):
            aside = journals.set_aside(journal.path)
        show.say(
            f"The sandbox that held it has ended, and all of it is gone. The journal is kept in {aside}."
        )
        removal = Removal()
    else:
        removal = _tear_down(settings, yes)
    if as_json:
        show.print_json(reports.teardown_report(removal))
    elif not removal.left:
        show.print_line(f"Nothing is left: {len(removal.deleted)} things deleted.")
    if removal.left:
        names = ", ".join(f"{each['kind']} {each['name']}" for each in removal.left)
        show.say(f"Still there: {names}. `loh teardown` tries again.")
        raise typer.Exit(3)


def _tear_down(settings: Settings, yes: bool) -> Any:
    from lambda_over_https import show
    from lambda_over_https.aws_errors import explained
    from lambda_over_https.steps import STEPS
    from lambda_over_https.steps.strays import strays
    from lambda_over_https.teardown import Teardown

    with _working(settings) as (_, stack, _engine):
        work = Teardown(STEPS, stack, explained, strays)
        show.say(f"Teardown of {settings.name}: {stack.place.caller} in {stack.place.region}")
        show.print_inventory(work.inventory())
        if not yes:
            _ask("Remove all of this?")
        return work.down(WORKERS)


# --- the sandbox ---


@sandbox_app.command("start")
def sandbox_start(
    port: Annotated[int | None, typer.Option(help="Port for HTTP; the next one is for HTTPS.")] = None,
    as_json: AsJson = False,
) -> None:
    """Start the sandbox in the background (the other commands do it by themselves)."""
    from lambda_over_https.sandbox import daemon
    from lambda_over_https.settings import home

    daemon.start(home(), port=port)
    sandbox_status(as_json)


@sandbox_app.command("stop")
def sandbox_stop() -> None:
    """Stop the sandbox; everything in it is gone then."""
    from lambda_over_https.sandbox import daemon
    from lambda_over_https.settings import home

    stopped = daemon.stop(home())
    typer.echo("The sandbox has ended." if stopped else "The sandbox was not running.")


@sandbox_app.command("status")
def sandbox_status(as_json: AsJson = False) -> None:
    """Tell whether the sandbox runs, and where."""
    from dataclasses import asdict

    from lambda_over_https import show
    from lambda_over_https.sandbox import daemon
    from lambda_over_https.settings import home

    found = daemon.find(home())
    blank = dict.fromkeys(("endpoint_url", "https_url", "ca_bundle", "pid", "boot_id"))
    report = {"running": found is not None, **(asdict(found) if found else blank)}
    show.print_json(report) if as_json else show.print_sandbox(report)


# --- what the commands share ---


def _session(settings: Settings, emit: Any = None) -> "Session":
    from lambda_over_https.session import open_session
    from lambda_over_https.show import Narrator

    return open_session(settings, emit or Narrator())


@contextmanager
def _reading(settings: Settings, *, create: bool = False) -> "Iterator[tuple[Stack, Engine]]":
    """A stack to look at; no lock, no change."""
    from lambda_over_https.aws_errors import explained
    from lambda_over_https.engine import Engine
    from lambda_over_https.steps import STEPS

    with explained():
        stack = _session(settings).open(create=create)
        yield stack, Engine(STEPS, stack, explained)


@contextmanager
def _working(settings: Settings, *, create: bool = False) -> "Iterator[tuple[Session, Stack, Engine]]":
    """A stack to change, under the deployment's lock, with its events told in the tutorial's order."""
    from dataclasses import asdict

    from lambda_over_https import journal as journals
    from lambda_over_https.aws_errors import explained
    from lambda_over_https.engine import Engine
    from lambda_over_https.show import InOrder, Narrator
    from lambda_over_https.steps import STEPS

    narrator = Narrator()
    ordered = InOrder([step.number for step in STEPS], narrator)
    session = _session(settings, ordered)
    with explained():
        stack = session.open(create=create)
    with journals.locked(stack.journal.path):
        stack = session.reload(stack)
        try:
            stack.journal.choose(asdict(stack.choices))
            yield session, stack, Engine(STEPS, stack, explained)
        finally:
            ordered.flush()
            narrator.rest()


def _walk(engine: "Engine", last: str | None) -> None:
    """Step by step: say what comes and why, wait for Enter, do it."""
    from lambda_over_https import show

    planned = {each.number: each for each in engine.plan()}
    while (step := engine.next_step()) is not None:
        show.print_step(step, planned[step.number].calls)
        answer = typer.prompt("Enter to go on, q to leave", default="", show_default=False, err=True)
        if answer.strip().lower() == "q":
            show.say("Left. `loh run` goes on from here; `loh teardown` removes what there is.")
            raise typer.Exit(0)
        engine.up(step.number)
        if step.number == last:
            return


def _pauses(pause: bool | None, as_json: bool) -> bool:
    return not as_json and (sys.stdin.isatty() and sys.stderr.isatty() if pause is None else pause)


def _farewell(settings: Settings, stack: "Stack", as_json: bool) -> None:
    from lambda_over_https import reports, show, ways
    from lambda_over_https.session import sandbox_has_ended
    from lambda_over_https.steps import STEPS

    session = _session(settings)
    ended = sandbox_has_ended(stack.journal, session.home)
    report = reports.status_report(stack.journal, STEPS, session.home, ended)
    if as_json:
        show.print_json(report)
    elif report["invoke_url"]:
        item = {"Item": {"Id": "1", "name": "Bob"}}
        event = ways.as_text(ways.request_event("create", stack.names.table, item))
        show.say("Ready. Try it:")
        show.print_line(reports.curl_line(report["invoke_url"], report["ca_bundle"], event))
        name = "" if settings.name == "tutorial" else f" --name {settings.name}"
        show.say(f"Remove it: loh teardown{name}{_target(settings)}")


def _target(settings: Settings) -> str:
    return "" if settings.target == SANDBOX else f" --target {settings.target}"


def _confirm_place(stack: "Stack", yes: bool) -> None:
    """Before the first change on a real account, say who and where, and ask."""
    from lambda_over_https import show

    if stack.place.target == SANDBOX or yes:
        return
    show.say(
        f"This will change account {stack.place.account} in {stack.place.region} as {stack.place.caller}."
    )
    _ask("Go on?")


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError("There is nobody to ask: this is not a terminal.", "Pass --yes if you are sure.")
    if not typer.confirm(question, err=True):
        raise InterruptedRunError("Nothing was changed.")


def _forget_if_empty(stack: "Stack") -> None:
    """A plan leaves no trace."""
    if not stack.journal.path.exists() and stack.journal.path.parent.exists():
        stack.journal.path.parent.rmdir()


def _step(text: str) -> "Step":
    import difflib

    from lambda_over_https.steps import STEPS

    for step in STEPS:
        if text in (step.number, step.name):
            return step
    known = [each for step in STEPS for each in (step.number, step.name)]
    close = difflib.get_close_matches(text, known, 1)
    hint = f"Did you mean {close[0]}?" if close else "`loh steps` lists them."
    raise UsageError(f"There is no step {text!r}.", hint)


def _payload(payload: str, item: str | None, key: str | None) -> dict[str, Any]:
    import json

    try:
        body = json.loads(payload)
        if item is not None:
            body["Item"] = json.loads(item)
    except (ValueError, TypeError) as error:
        raise UsageError(f"That is not JSON: {error}", 'An example: \'{"Item": {"Id": "1"}}\'') from error
    if not isinstance(body, dict):
        raise UsageError("The payload must be a JSON object.", 'An example: \'{"Key": {"Id": "1"}}\'')
    if key is not None:
        body["Key"] = {"Id": key}
    return body


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
