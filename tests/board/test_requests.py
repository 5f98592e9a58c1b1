"""Real requests on the board, wherever they come from: how far each got, and the reason in a sentence."""

import http.client
import json
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from lambda_over_https.board.sources.reasons import reason
from lambda_over_https.board.vocabulary import REQUESTS_KEPT
from tests.board.test_vocabulary import described
from tests.kit.board.boards import Board, Stream, board
from tests.kit.program.support import Account, done


def send(snapshot: dict[str, Any], body: Any, account: Account, path: str = "") -> int:
    """POST to the invoke URL, as a student's program would; gives the status."""
    url = urlsplit(snapshot["invoke_url"])
    trust = ssl.create_default_context(cafile=account.sandbox.ca_bundle)
    connection = http.client.HTTPSConnection(url.netloc, context=trust, timeout=20)
    text = body if isinstance(body, str) else json.dumps(body)
    connection.request("POST", url.path + path, text, {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def answered(stream: Stream) -> dict[str, Any]:
    """The next request that has its answer."""
    while True:
        told = stream.until("request")
        if told.data["status"] is not None:
            found: dict[str, Any] = told.data
            return found


def seeing(running: Board) -> tuple[Stream, dict[str, Any]]:
    """A reader, once the board follows the sandbox, and its snapshot."""
    stream = running.stream()
    snapshot: dict[str, Any] = stream.next().data
    if not snapshot["sandbox_runs"]:
        stream.until("sandbox", sandbox_runs=True)
    return stream, snapshot


@pytest.fixture
def half(account: Account, name: str) -> Iterator[str]:
    """A deployment that API Gateway may not invoke yet."""
    done("run", "--to", "3.5", "--name", name, "--no-pause", "--yes")
    yield name
    done("teardown", "--name", name, "--yes")


def test_before_3_6_a_request_stops_at_the_permission_and_afterwards_it_comes_back_with_200(
    half: str, account: Account
) -> None:
    echo = {"operation": "echo", "payload": {"a": 1}}
    with board(half) as running:
        stream, snapshot = seeing(running)
        assert send(snapshot, echo, account) == 500
        stopped = answered(stream)
        assert stopped["hops"][-1]["name"] == "permission"
        assert stopped["reason"].startswith("500: API Gateway knocked, Lambda did not open")
        assert (stopped["good"], stopped["log"]) == (False, "")
        done("run", "--to", "3.6", "--name", half, "--no-pause", "--yes")
        assert send(snapshot, echo, account) == 200
        passed = answered(stream)
        assert passed["hops"][-1]["name"] == "function"
        assert (passed["good"], json.loads(passed["answer"])) == (True, {"a": 1})
        assert json.loads(passed["body"]) == echo
        assert "REPORT RequestId" in passed["log"]
        assert set(passed) <= described("request")
        create = {"operation": "create", "tableName": f"{half}-LambdaTable", "payload": {"Item": {"Id": "1"}}}
        assert send(snapshot, create, account) == 200
        assert answered(stream)["hops"][-1]["name"] == "table"
        later = running.stream().next().data["requests"]
        assert [each["id"] for each in later][:2] == [stopped["id"], passed["id"]]


def test_requests_to_other_apis_are_not_shown_and_only_the_latest_are_kept(
    half: str, account: Account
) -> None:
    other = f"{half}x"
    done("run", "--to", "3.5", "--name", other, "--no-pause", "--yes")
    with board(half) as running, board(other) as beside:
        stream, snapshot = seeing(running)
        for number in range(REQUESTS_KEPT + 5):
            assert send(seeing(beside)[1], "{}", account) == 500
            assert send(snapshot, {"number": number}, account) == 500
            assert json.loads(answered(stream)["body"]) == {"number": number}
        kept = running.stream().next().data["requests"]
        assert [json.loads(each["body"])["number"] for each in kept] == list(range(5, REQUESTS_KEPT + 5))
    done("teardown", "--name", other, "--yes")


HOPS = ("gateway", "method", "integration", "permission", "function")


def _note(last: str = "function", status: int | None = 200, **more: Any) -> dict[str, Any]:
    hops = [{"name": name, "ms": 1.0} for name in HOPS[: HOPS.index(last) + 1]]
    return {"status": status, "hops": hops, "ms": 3.2, "stopped": "", "detail": "", "failed": "", **more}


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (_note(status=None), "running"),
        (_note(), "200: the function answered"),
        (_note(status=400, failed="{}"), "400: the function ran and failed"),
        (_note("integration"), "200: API Gateway answered by itself"),
        (_note("gateway", 403, stopped="ACCESS_DENIED"), "no deployed stage"),
        (_note("method", 403, stopped="ACCESS_DENIED"), "policy"),
        (_note("method", 429, stopped="THROTTLED"), "429: too many requests"),
        (_note("method", 429, stopped="QUOTA_EXCEEDED"), "quota"),
        (_note("gateway", 403, stopped="WAF_FILTERED"), "WAF"),
        (_note("function", 504, stopped="INTEGRATION_TIMEOUT"), "longer than API Gateway waits"),
        (_note("permission", 500, stopped="API_CONFIGURATION_ERROR", detail="x"), "settings are wrong. x"),
        (_note("method", 418, stopped="A_NEW_TYPE", detail="new words"), "418: new words"),
    ],
)
def test_the_reason_says_where_it_ended_and_why(note: dict[str, Any], words: str) -> None:
    assert words in reason(note)
