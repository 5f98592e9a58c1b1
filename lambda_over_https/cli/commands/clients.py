"""Calling the API from elsewhere: ``url`` and ``snippets``."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from lambda_over_https.cli.options import AsJson, with_settings
from lambda_over_https.cli.shared import finding
from lambda_over_https.errors import LohError
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.transcript.snippets import Client

app = typer.Typer()
PANEL = "Using it"


@app.command(rich_help_panel=PANEL)
@with_settings
def url(settings: Settings, as_json: AsJson = False) -> None:
    r"""Print the invoke URL and nothing else.

    Examples:  loh url   ·   curl --cacert "$SANDBOX_CA" -d '{"operation": "ping"}' -w '\n' "$(loh url)"
    """
    from lambda_over_https import show

    found = _deployed(settings)["invoke_url"]
    show.print_json({"url": found}) if as_json else show.print_line(found)


@app.command(rich_help_panel=PANEL)
@with_settings
def snippets(
    settings: Settings,
    language: Annotated[
        str, typer.Argument(help="curl, python, requests, javascript or browser; list names them.")
    ] = "list",
    as_json: AsJson = False,
) -> None:
    """Print a client of your API, ready to run: it sends one request and shows the answer.

    python needs only the standard library, requests the package of that name, javascript Node.js; browser is
    a page, which may read the answers while the chapter cors is on.

    Examples:  loh snippets python > client.py   ·   loh snippets javascript   ·   loh snippets curl
    """
    from lambda_over_https import show
    from lambda_over_https.show.replies import print_source
    from lambda_over_https.transcript.snippets import LANGUAGES, SNIPPETS

    if language == "list":
        show.print_json({"languages": list(SNIPPETS)}) if as_json else show.print_line(" ".join(SNIPPETS))
        return
    if language not in SNIPPETS:
        raise finding.unknown("language", language, SNIPPETS, "loh snippets list")
    text = SNIPPETS[language](_client(settings))
    if as_json:
        show.print_json({"language": language, "text": text})
    else:
        print_source(text.rstrip("\n"), LANGUAGES[language])


def _deployed(settings: Settings) -> dict[str, Any]:
    """The status of a deployment that has a URL; raises LohError if it has none."""
    from lambda_over_https.deployment.deployments import known_journal, sandbox_has_ended
    from lambda_over_https.report.status import status_report

    journal = known_journal(settings)
    report = status_report(journal, sandbox_has_ended(journal))
    if not report["invoke_url"]:
        raise LohError("The API is not deployed, so it has no URL.", "`loh run` deploys it (step 3.5).")
    return report


def _client(settings: Settings) -> "Client":
    from lambda_over_https import show
    from lambda_over_https.deployment.deployments import known_journal
    from lambda_over_https.kinds import Kind
    from lambda_over_https.names import names_for
    from lambda_over_https.transcript.snippets import Client
    from lambda_over_https.tutorial.request import as_text, first_event

    report, journal = _deployed(settings), known_journal(settings)
    names = names_for(settings.name)
    key = journal.find(Kind.API_KEY, names.api_keys[1]) is not None
    found, own = report["invoke_url"], report["own_handler"]
    event = first_event(names.table, own=own)
    if own:
        show.say(f"Only you know what your handler expects: put that in the place of {as_text(event)}.")
    return Client(found, _page_url(found, report["ca_bundle"]), report["ca_bundle"], event, key)


def _page_url(invoke_url: str, ca_bundle: str | None) -> str:
    """The URL for a browser: of the sandbox, whose authority no browser knows, over HTTP."""
    from lambda_over_https.sandbox.client import record
    from lambda_over_https.settings import home

    sandbox = record.recorded(home()) if ca_bundle else None
    if sandbox is None:
        return invoke_url
    return invoke_url.replace(sandbox.https_url, sandbox.endpoint_url, 1)
