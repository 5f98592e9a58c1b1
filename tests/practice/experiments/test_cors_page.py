"""The page of the chapter cors: what a browser is given, and what the API answers to its script."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from lambda_over_https.aws.http import Http
from lambda_over_https.cli.shared import opening
from lambda_over_https.practice.experiments.cors_page import browser_url, page, served
from tests.kit.board.browser import browser
from tests.kit.program.lesson import finished, settings
from tests.kit.program.support import Account, loh


def _scripted(html: str, name: str) -> Any:
    found = re.search(rf"{name} = (.+?)(?:, requests|;)", html)
    assert found
    return json.loads(found[1])


def _allowed(headers: Mapping[str, str]) -> str | None:
    return {name.lower(): value for name, value in headers.items()}.get("access-control-allow-origin")


@pytest.fixture
def html(account: Account) -> str:
    with opening.reading(settings(finished("paged"))) as (stack, _):
        return page(stack)


def test_it_is_served_on_this_machine_and_never_kept(html: str) -> None:
    with served(html) as address:
        assert address.startswith("http://127.0.0.1:")
        answer = Http(None, 5).ask("GET", address, {})
    assert (answer.status, answer.body.decode()) == (200, html)
    assert answer.headers["Cache-Control"] == "no-store"


def test_its_script_gets_what_a_browser_lets_it_read(html: str) -> None:
    url, requests = _scripted(html, "url"), _scripted(html, "requests")
    http = Http(None, 10)

    def asked() -> list[tuple[int, str | None]]:
        origin = {"Origin": "http://127.0.0.1:1"}
        answers = [
            http.post(url + each["path"], each["body"].encode(), {"Content-Type": each["type"], **origin})
            for each in requests
        ]
        return [(each.status, _allowed(each.headers)) for each in answers]

    assert asked() == [(200, None), (400, None), (403, None)]
    assert loh("chapter", "on", "cors", "--no-pause", "--name", "paged").code == 0
    assert asked() == [(200, "*"), (400, "*"), (403, "*")]
    assert loh("chapter", "off", "cors", "--name", "paged").code == 0


def test_a_real_browser_shows_nothing_and_then_every_answer(account: Account) -> None:
    """The errors too: of the function, and of API Gateway."""
    with opening.reading(settings(finished("paged"))) as (stack, _):
        html = page(stack)
    with browser() as window, served(html) as address:
        window.open(address)
        window.until(lambda: len(window.texts("li.blocked")) == 3, "that the browser blocks all three")
        assert all(": nothing (" in each for each in window.texts("li"))
        assert loh("chapter", "on", "cors", "--no-pause", "--name", "paged").code == 0
        window.until(lambda: len(window.texts("li.read")) == 3, "all three answers")
        statuses = [re.findall(r"HTTP (\d+)", each) for each in window.texts("li")]
        assert statuses == [["200"], ["400"], ["403"]]
        assert "Missing Authentication Token" in window.texts("li")[2]
    assert loh("chapter", "off", "cors", "--name", "paged").code == 0


def test_before_the_chapter_json_is_never_sent_to_the_function_and_curl_is_answered(account: Account) -> None:
    finished("paged")
    seen = loh("chapter", "try", "cors", "--json", "--name", "paged").json["seen"]
    assert [(each["request"], each["status"], each["note"]) for each in seen] == [
        ("OPTIONS /prod/DynamoDBManager", 403, "the browser does not send the JSON"),
        ("POST /prod/DynamoDBManager", 200, "the browser blocks it"),
        ("POST /prod/DynamoDBManager", 200, "curl reads it"),
    ]


def test_on_aws_it_asks_the_apis_own_address(account: Account) -> None:
    """Only the sandbox's certificate is one that no browser knows: there the page asks over HTTP."""
    with opening.reading(settings(finished("paged"))) as (stack, _):
        assert browser_url(stack).startswith(f"{account.sandbox.endpoint_url}/_aws/execute-api/")


def test_no_data_can_end_the_script(html: str) -> None:
    assert html.count("</script>") == 1


def test_other_chapters_have_no_page(account: Account) -> None:
    ran = loh("chapter", "try", "throttle", "--page", "--name", "paged")
    assert ran.code == 2
    assert "has no page" in ran.err
