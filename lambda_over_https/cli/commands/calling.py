"""Using the deployment: ``call``, ``logs``, ``watch``."""

import sys
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from lambda_over_https.cli import completion
from lambda_over_https.cli.options import AsJson, with_settings
from lambda_over_https.cli.shared import opening
from lambda_over_https.errors import InterruptedRunError, LohError, UsageError
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.tutorial.logs import Line
    from lambda_over_https.tutorial.ways import Reply

app = typer.Typer()
PANEL = "Using it"


@app.command(rich_help_panel=PANEL)
@with_settings
def call(
    settings: Settings,
    operation: Annotated[
        str | None,
        typer.Argument(
            help="create, read, update, delete, list, echo or ping; or the whole event as JSON.",
            autocompletion=completion.operations,
        ),
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FIELD…]", help="NAME=TEXT or NAME:=JSON; or the payload as JSON."),
    ] = None,
    event: Annotated[
        str | None, typer.Option("--event", help="The whole event as JSON, in place of an operation.")
    ] = None,
    item: Annotated[str | None, typer.Option(help='For create: the item, e.g. \'{"Id":"1"}\'.')] = None,
    key: Annotated[str | None, typer.Option(help="For read, update, delete: the Id of the item.")] = None,
    via: Annotated[str, typer.Option(help="How to send it: https, test-invoke-method or invoke.")] = "https",
    log: Annotated[bool, typer.Option(help="Show the function's log lines for this request.")] = True,
    as_json: AsJson = False,
) -> None:
    """Send one request; show the request, the answer and its log lines.

    Fields become what the operation needs: the item to create, the key of one to read.

    Examples:  loh call ping   ·   loh call create Id=1 name=Bob n:=1.5   ·   loh call read Id=1   ·
    loh call list '{"Limit": 5}'
    """
    from lambda_over_https import show
    from lambda_over_https.tutorial import ways
    from lambda_over_https.tutorial.logs import moment, request_in
    from lambda_over_https.tutorial.request import as_text, request_event

    asked = _asked(operation, event)
    body = _payload(asked if isinstance(asked, str) else "", fields or [], item, key)
    if via not in ways.WAYS:
        raise UsageError(f"{via!r} is not a way to send a request.", f"Choose --via {', '.join(ways.WAYS)}.")
    with opening.reading(settings) as (stack, _):
        whole = request_event(asked, stack.names.table, body) if isinstance(asked, str) else asked
        text = as_text(whole)
        if not as_json:
            _show_request(stack, via, text)
        begin = moment()
        with ways.way(stack, via) as chosen:
            reply = chosen.send(text)
        if not as_json:
            _show_reply(reply, via)
        extra = _log_of(stack, begin, reply) if log else Logged(request_in(reply.log))
    if as_json:
        show.print_json(_report(text, reply, extra))
    else:
        _show_log(extra, via)
    raise typer.Exit(0 if reply.ok else 1)


def _payload(operation: str, fields: list[str], item: str | None, key: str | None) -> dict[str, Any]:
    from lambda_over_https.tutorial.fields import payload_of

    whole = len(fields) == 1 and fields[0].lstrip().startswith(("{", "["))
    body = _json(fields[0]) if whole else payload_of(operation, fields)
    if item is not None:
        body["Item"] = _json(item)
    if key is not None:
        body["Key"] = {"Id": key}
    return body


ITEM = 'An example: \'{"Id": "1", "name": "Bob"}\''
EVENT = 'An example: \'{"operation": "ping"}\''


def _json(text: str, example: str = ITEM) -> dict[str, Any]:
    import json

    try:
        value = json.loads(text)
    except ValueError as error:
        raise UsageError(f"That is not JSON: {error}.", example) from error
    if not isinstance(value, dict):
        raise UsageError("It must be a JSON object.", example)
    return value


def _asked(operation: str | None, event: str | None) -> str | dict[str, Any]:
    """The operation, or the whole event if that was given; raises UsageError if neither was."""
    if event is not None:
        return _json(event, EVENT)
    if operation is None:
        raise UsageError(
            "No operation was given.", "For example `loh call ping`, or a whole event with --event."
        )
    return _json(operation, EVENT) if operation.startswith("{") else operation


class Logged(NamedTuple):
    """Lambda's id of a request, the lines about it, and ``why`` there are none: a sentence or two."""

    request: str
    lines: "Sequence[Line]" = ()
    why: str = ""


ERROR_TYPE = "x-amzn-errortype"
"""The header, in lower case, of an answer that API Gateway gives itself ("Gateway response types")."""
TIMED_OUT = 504
"""The status of an answer that API Gateway gives while the function may still be at work."""

OF_THE_GATEWAY = "API Gateway made this answer itself, so no log line of the function is looked for. {}"
NOTHING_WRITTEN = "The function has written nothing for this request. {}"
FINDS = "`loh doctor` finds what is wrong."


def _log_of(stack: "Stack", begin: int, reply: "Reply") -> Logged:
    """What the function printed; the answer is there already, so nothing that goes wrong here is an error."""
    from lambda_over_https.kinds import Kind
    from lambda_over_https.tutorial import logs

    request = logs.request_in(reply.log)
    if not request and _is_of_the_gateway(reply):
        return Logged(request, why=OF_THE_GATEWAY.format(FINDS))
    if not stack.record(Kind.LOG_GROUP):
        return Logged(request)
    try:
        lines = logs.wait_for_request(stack, begin, logs.moment(), request)
    except InterruptedRunError:
        raise
    except LohError as error:
        reason = f"{error.message} {error.hint}".strip()
        return Logged(request, why=f"The function's log lines cannot be shown: {reason}")
    if not lines:
        return Logged(request, why=NOTHING_WRITTEN.format("" if reply.ok else FINDS).strip())
    return Logged(request or logs.request_in(lines[0].text if lines else ""), lines)


def _is_of_the_gateway(reply: "Reply") -> bool:
    """Whether no function ran: the answer's header or, of a test, API Gateway's own log shows it."""
    own = any(name.lower() == ERROR_TYPE for name in reply.headers)
    return reply.status != TIMED_OUT and (own or (bool(reply.log) and not reply.ok))


def _show_request(stack: "Stack", via: str, text: str) -> None:
    from lambda_over_https.kinds import Kind
    from lambda_over_https.show.basics import say_command
    from lambda_over_https.show.replies import print_request
    from lambda_over_https.tutorial.request import curl_line

    if via == "https":
        key = stack.record(Kind.API_KEY) is not None
        say_command(curl_line(stack.invoke_url, stack.place.ca_bundle, text, key=key))
        print_request(f"\nPOST {stack.invoke_url}", {"Content-Type": "application/json"}, text)
    else:
        print_request(f"{via} {stack.names.function}", {}, text)


def _show_reply(reply: "Reply", via: str) -> None:
    from lambda_over_https.show.replies import print_log, print_reply

    print_reply(reply)
    if via == "test-invoke-method":
        print_log("API Gateway's execution log", reply.log.rstrip().splitlines())


def _show_log(logged: Logged, via: str) -> None:
    from lambda_over_https import show
    from lambda_over_https.show.replies import print_log

    if logged.why:
        show.say_aside(logged.why)
    if logged.lines:
        how = " (the answer does not name it: we found it by the time)" if via == "https" else ""
        texts = [line.text for line in logged.lines]
        print_log(f"The function's log for request {logged.request}{how}", texts)


def _report(text: str, reply: "Reply", logged: Logged) -> dict[str, Any]:
    return {
        "request": text,
        "status": reply.status,
        "headers": dict(reply.headers),
        "body": reply.body,
        "latency_ms": round(reply.seconds * 1000, 1),
        "request_id": logged.request or None,
        "log": [line.text for line in logged.lines],
        "log_missing": logged.why or None,
    }


@app.command(rich_help_panel=PANEL)
@with_settings
def logs(
    settings: Settings,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep showing lines as they come.")] = False,
    minutes: Annotated[float, typer.Option(help="How many minutes to look back.", min=0)] = 60,
    request: Annotated[str, typer.Option(help="Only the lines of the request with this id.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what the function wrote to its log.

    Examples:  loh logs   ·   loh logs --follow   ·   loh logs --request 7c751ee5-0d81-41c0-8806-15a3c611fd16
    """
    from dataclasses import asdict

    from lambda_over_https import show
    from lambda_over_https.show.replies import print_lines
    from lambda_over_https.tutorial import logs as log_lines

    if follow and (as_json or request):
        other = "--json" if as_json else "--request"
        raise UsageError(f"--follow does not go with {other}.", "Leave one of them out.")
    since = log_lines.moment() - int(minutes * 60_000)
    with opening.reading(settings, record=not follow) as (stack, _):
        if follow:
            _follow(stack, since)
            return
        found = log_lines.lines(stack, since)
    found = log_lines.of_request(found, request) if request else found
    if not found:
        whose = f"for the request {request} " if request else ""
        show.say(f"No log lines {whose}in the last {minutes:g} minutes. Look further back with --minutes.")
    show.print_json({"lines": [asdict(line) for line in found]}) if as_json else print_lines(found)


def _follow(stack: "Stack", since: int) -> None:
    from lambda_over_https.show.replies import print_lines
    from lambda_over_https.tutorial import logs as log_lines

    every = 0.3 if stack.place.on_this_machine else 2.0
    try:
        for line in log_lines.follow(stack, since, every):
            print_lines([line])
            sys.stdout.flush()  # into a pipe or a file too, each line goes out as it comes
    except KeyboardInterrupt:
        return
