"""Looking at a deployment: ``status``, ``verify``, ``call``."""

from typing import Annotated, Any

import typer

from lambda_over_https.commands import shared
from lambda_over_https.errors import UsageError
from lambda_over_https.options import with_settings
from lambda_over_https.settings import Settings

app = typer.Typer()
PANEL = "Looking at it"


@app.command(rich_help_panel=PANEL)
@with_settings
def status(settings: Settings, as_json: shared.AsJson = False) -> None:
    """Show the deployment: steps, things, URL. Reads the journal only.

    Example:  loh status
    """
    from lambda_over_https import reports, show
    from lambda_over_https.session import nothing_here, sandbox_has_ended
    from lambda_over_https.steps import STEPS

    session = shared.session(settings)
    journal = session.journal_on_disk()
    if journal is None:
        raise nothing_here(settings)
    report = reports.status_report(journal, STEPS, session.home, sandbox_has_ended(journal, session.home))
    show.print_json(report) if as_json else show.print_status(report)


@app.command(rich_help_panel=PANEL)
@with_settings
def verify(settings: Settings, as_json: shared.AsJson = False) -> None:
    """Test the deployment: six operations, each directly, through API Gateway's test, and over HTTPS.

    Example:  loh verify
    """
    from lambda_over_https import checks, show
    from lambda_over_https.steps.verify import verify as make_checks

    with shared.reading(settings) as (stack, _):
        results = make_checks(stack)
    passed = all(check.ok for check in results)
    if as_json:
        show.print_json({"passed": passed, "checks": [checks.as_json(check) for check in results]})
    else:
        good = sum(check.ok for check in results)
        show.print_line(f"{good} of {len(results)} checks passed.")
    raise typer.Exit(0 if passed else 1)


@app.command(rich_help_panel=PANEL)
@with_settings
def call(
    settings: Settings,
    operation: Annotated[str, typer.Argument(help="create, read, update, delete, list, echo or ping.")],
    payload: Annotated[str, typer.Argument(help="The payload as JSON.")] = "{}",
    item: Annotated[str | None, typer.Option(help='For create: the item, e.g. \'{"Id":"1"}\'.')] = None,
    key: Annotated[str | None, typer.Option(help="For read, update, delete: the Id of the item.")] = None,
    via: Annotated[str, typer.Option(help="https, test-invoke-method or invoke.")] = "https",
    as_json: shared.AsJson = False,
) -> None:
    """Call the function, over HTTPS unless told otherwise, and show its answer.

    Examples:  loh call ping   ·   loh call create --item '{"Id":"1"}'   ·   loh call read --key 1
    """
    from lambda_over_https import reports, show, ways

    body = _payload(payload, item, key)
    if via not in ways.WAYS:
        raise UsageError(f"There is no way {via!r}.", f"Choose --via {', '.join(ways.WAYS)}.")
    with shared.reading(settings) as (stack, _):
        event = ways.as_text(ways.request_event(operation, stack.names.table, body))
        with ways.way(stack, via) as chosen:
            reply = chosen.send(event)
        if not as_json and via == "https":
            show.say(reports.curl_line(stack.invoke_url, stack.place.ca_bundle, event))
    if as_json:
        show.print_json({"status": reply.status, "body": reply.body, "latency_ms": reply.seconds * 1000})
    else:
        show.print_reply(reply)
    raise typer.Exit(0 if reply.ok else 1)


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
