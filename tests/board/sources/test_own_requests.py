"""On AWS the board shows the requests that the program itself sends: nothing there tells of others."""

import io
import sys

import pytest

from lambda_over_https.board.sources.own_requests import NOT_CALLED, described
from tests.board.test_vocabulary import described as documented
from tests.kit.account.between import Between
from tests.kit.board.boards import board
from tests.kit.program.support import Account, done, loh


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
