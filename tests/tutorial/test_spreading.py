"""A change of the API counts as made when clients get it, not when AWS has taken it in."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lambda_over_https.aws.http import Answer
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.errors import LohError
from lambda_over_https.events import Waiting
from lambda_over_https.kinds import Kind
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.checks import SETTLE
from lambda_over_https.tutorial.spreading import wait_until_served
from tests.kit.in_memory.memory import Desk

BEFORE, AFTER = 404, 200


class Clients:
    """A deployment in memory whose clients get these statuses, and the last one for ever."""

    def __init__(self, folder: Path, statuses: Iterable[int], body: str = "", *kinds: str) -> None:
        self.desk = Desk(folder)
        self._statuses, self._body = list(statuses), body
        self.asked: list[tuple[str, Any]] = []
        stack = self.desk.stack()
        cloud: Any = SimpleNamespace(http=SimpleNamespace(ask=self._ask), run=stack.run)
        records = tuple(Record(kind, kind, "x", RecordState.MADE, "id") for kind in (Kind.REST_API, *kinds))
        journal = type(stack.journal)(stack.journal.path, replace(stack.journal.state, records=records))
        self.stack = replace(stack, cloud=cloud, journal=journal)

    def wait(self) -> None:
        wait_until_served(self.stack, "GET", {"a": "b"}, lambda answer: answer.status == AFTER)

    def _ask(self, verb: str, _: str, headers: Any, __: bytes) -> Answer:
        self.asked.append((verb, headers))
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        return Answer(status, {}, self._body.encode(), 0.001)


def test_the_old_api_is_waited_out(tmp_path: Path) -> None:
    clients = Clients(tmp_path, [BEFORE, BEFORE, AFTER])
    clients.wait()
    assert clients.asked == [("GET", {"a": "b"})] * 3
    assert any("new deployment" in each.reason for each in clients.desk.events if isinstance(each, Waiting))


def test_what_is_served_already_takes_one_request_and_no_waiting(tmp_path: Path) -> None:
    clients = Clients(tmp_path, [AFTER])
    clients.wait()
    assert len(clients.asked) == 1
    assert not [each for each in clients.desk.events if isinstance(each, Waiting)]


def test_an_api_that_stays_as_it_was_is_an_error_with_the_next_command(tmp_path: Path) -> None:
    clients = Clients(tmp_path, [BEFORE])
    with pytest.raises(
        LohError, match=f"After {SETTLE} seconds .* as it was before: GET answers 404"
    ) as error:
        clients.wait()
    assert "loh doctor" in str(error.value.hint)


def test_a_firewall_that_holds_requests_back_ends_the_waiting(tmp_path: Path) -> None:
    """Its 403 says nothing of the API behind it."""
    held_back = [403], '{"message":"Forbidden"}'
    Clients(tmp_path, *held_back, Kind.WEB_ACL_ASSOCIATION).wait()
    with pytest.raises(LohError):
        Clients(tmp_path, *held_back).wait()


def test_a_throttle_of_the_deployments_own_is_no_answer(tmp_path: Path) -> None:
    clients = Clients(tmp_path, [429, 429, AFTER], "", Kind.METHOD_SETTINGS)
    clients.wait()
    assert len(clients.asked) == 3
