"""On AWS the board shows the requests that the program itself sends: nothing there tells of others."""

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lambda_over_https.board.sources.own_requests import NOT_CALLED, described
from lambda_over_https.deployment.journal import Deployment
from lambda_over_https.deployment.request_log import FILE, LONGEST, RequestLog
from lambda_over_https.events import Event, Note, Requested
from tests.board.test_vocabulary import described as documented
from tests.kit.between import Between
from tests.kit.boards import board
from tests.kit.support import Account, done, loh

DEPLOYMENT = Deployment(
    "one-1", "one", "aws", "123456789012", "us-east-1", "", "", "2026-01-01T00:00:00+00:00"
)


def _requested(id_: str = "r1", status: int = 200, answer: str = "{}", body: str = "{}") -> Requested:
    url = "https://abc.execute-api.us-east-1.amazonaws.com/prod/DynamoDBManager"
    return Requested("3.7", id_, "POST", url, body, status, answer, 12.5)


def test_t_call_and_verify_appear_on_the_board_as_they_are_answered(
    on_aws: Between, account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ("--target", "aws", "--name", name)
    done("run", "--to", "3.5", "--no-pause", "--yes", *where)
    assert loh("call", "list", *where).code == 1
    with board(name, target="aws") as running:
        stream = running.stream()
        assert stream.next().data["requests"] == [], "what was sent before the board was there"
        monkeypatch.setattr(sys, "stdin", io.StringIO("t\nq\n"))
        loh("run", "--pause", "--yes", *where)
        tried = stream.until("request").data
        assert (tried["status"], tried["hops"][-1]["name"], tried["reason"]) == (
            500,
            "permission",
            f"500: {NOT_CALLED}",
        )
        assert set(tried) <= documented("request")
        done("run", "--no-pause", "--yes", *where)
        stream.until("request", status=200)
        assert loh("call", "create", "Id=from-call", *where).code == 0
        called = stream.until("request", status=200)
        while "from-call" not in called.data["body"]:
            called = stream.until("request", status=200)
        assert called.data["hops"][-1]["name"] == "function"
        done("verify", *where)
        assert len({stream.until("request", status=200).data["id"] for _ in range(6)}) == 6
    done("teardown", "--yes", *where)


@pytest.mark.parametrize(
    ("status", "answer", "stopped", "last"),
    [
        (200, '{"Items": []}', "", "function"),
        (400, '{"message": "[BadRequest] …"}', "", "function"),
        (403, '{"message":"Missing Authentication Token"}', "MISSING_AUTHENTICATION_TOKEN", "gateway"),
        (403, '{"Message":"User: anonymous is not authorized to perform"}', "ACCESS_DENIED", "method"),
        (429, '{"message":"Too Many Requests"}', "THROTTLED", "gateway"),
        (429, '{"message":"Limit Exceeded"}', "QUOTA_EXCEEDED", "gateway"),
        (500, '{"message": "Internal server error"}', "API_CONFIGURATION_ERROR", "permission"),
    ],
)
def test_how_far_it_came_is_told_by_its_answer(status: int, answer: str, stopped: str, last: str) -> None:
    entry = {"at": "now", "id": "1", "verb": "POST", "url": "https://a/b", "body": "", "ms": 1}
    told = described({**entry, "status": status, "answer": answer}, "api")
    assert (told["stopped"], told["hops"][-1]["name"]) == (stopped, last)
    assert told["reason"].startswith(f"{status}: ")


def test_the_file_is_made_for_the_first_request_is_private_and_does_not_grow(tmp_path: Path) -> None:
    heard: list[Event] = []
    kept, path = RequestLog(heard.append), tmp_path / FILE
    kept.open(tmp_path, DEPLOYMENT)
    kept(Note("", "no request"))
    assert not path.exists()
    for number in range(60):
        kept(_requested(f"r{number}", body="x" * 20_000))
    assert path.stat().st_size < LONGEST + 25_000
    assert path.stat().st_mode & 0o077 == 0
    assert b'"id":"r59"' in path.read_bytes().splitlines()[-1]
    assert len(heard) == 61


def test_requests_of_an_earlier_deployment_are_not_this_ones(tmp_path: Path) -> None:
    for id_ in ("one-1", "two-2"):
        kept = RequestLog(lambda _: None)
        kept.open(tmp_path, replace(DEPLOYMENT, id=id_))
        kept(_requested(id_))
    assert b"one-1" not in (tmp_path / FILE).read_bytes()
