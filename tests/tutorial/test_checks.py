"""The checks of step 3.7, tried on a right function and on some that answer wrongly but plausibly.

Whatever a function says, no item of a check stays in the table.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lambda_over_https.aws.http import Answer
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.events import Note, Waiting
from lambda_over_https.kinds import Kind
from lambda_over_https.sandbox.firewall.rates import RateCounter
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.chapters.protect.firewall.web_acl import LIMIT
from lambda_over_https.tutorial.checks import (
    FIREWALL_PATIENCE,
    FIREWALL_WINDOW,
    HELD_BACK,
    OPERATIONS,
    SETTLE,
    Check,
    as_json,
    checks_by,
    run_checks,
)
from tests.kit.in_memory.answers import Event, Handler, Table, Ways
from tests.kit.in_memory.memory import Desk

ALL = {"echo", "create", "read", "update", "list", "delete"}
WAYS = {"invoke", "test-invoke-method", "https"}
THEIRS = {"Id": "theirs", "name": "Alice"}


KINDS = (Kind.REST_API, Kind.RESOURCE, Kind.STAGE, Kind.PERMISSION)


def _record(kind: str, age: float) -> Record:
    at = (datetime.now(UTC) - timedelta(seconds=age)).isoformat()
    return Record(kind, kind, "3.5", RecordState.MADE, f"id of {kind}", at=at)


class Trial:
    """A deployment that is ``age`` seconds old but for the kinds in ``ages``, and the function behind it."""

    def __init__(
        self, folder: Path, age: float = 2 * SETTLE, ages: Mapping[str, float] | None = None
    ) -> None:
        self.table = Table()
        self.table.items["theirs"] = THEIRS
        self.ways = Ways(self.table)
        self.desk = Desk(folder)
        made = [_record(kind, (ages or {}).get(kind, age)) for kind in KINDS]
        stack = self.desk.stack()
        stack.journal.save()
        cloud: Any = SimpleNamespace(**vars(self.ways), run=stack.run)
        journal = type(stack.journal)(stack.journal.path, replace(stack.journal.state, records=tuple(made)))
        self.stack = replace(stack, cloud=cloud, journal=journal)

    def checks(self) -> list[Check]:
        """All checks; afterwards only what was in the table before is there."""
        done = list(run_checks(self.stack))
        assert self.table.items == {"theirs": THEIRS}
        return done

    def failing(self) -> set[str]:
        """The operations that are found wrong: over all ways the same."""
        checks = self.checks()
        by_way = [{each.name for each in checks if each.via == way and not each.ok} for way in WAYS]
        assert by_way == by_way[:1] * len(WAYS)
        assert all(bool(each.detail) is not each.ok for each in checks)
        return by_way[0]


def test_a_right_function_passes_every_check_over_every_way(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    checks = trial.checks()
    assert {(each.via, each.name) for each in checks} == {(way, name) for way in WAYS for name in ALL}
    assert len(checks) == 18
    assert all(each.ok and each.status == 200 and each.detail == "" for each in checks)
    assert trial.ways.removed == [], "its own delete was enough"


def _instead(operation: str, answer: Any) -> Callable[[Trial], Handler]:
    """A function that answers ``operation`` with ``answer``, without doing it, and all else rightly."""

    def made(trial: Trial) -> Handler:
        right = trial.table.handler
        return lambda event: answer if event["operation"] == operation else right(event)

    return made


def _besides(operation: str, answer: Any) -> Callable[[Trial], Handler]:
    """A function that does ``operation``, and answers something else."""

    def made(trial: Trial) -> Handler:
        def handler(event: Event) -> Any:
            right = trial.table.handler(event)
            return answer if event["operation"] == operation else right

        return handler

    return made


FAILS_WITH_200 = {"errorMessage": "it failed", "errorType": "Exception"}
ECHO = {"somekey1": "somevalue1", "somekey2": "somevalue2"}


@pytest.mark.parametrize(
    ("lie", "noticed"),
    [
        (_instead("echo", {"somekey1": "somevalue1"}), {"echo"}),
        (_instead("echo", {**ECHO, "more": "1"}), {"echo"}),
        (_instead("echo", "text"), {"echo"}),
        (_instead("echo", None), {"echo"}),
        (_instead("echo", b"<html>"), {"echo"}),
        (_instead("echo", b""), {"echo"}),
        (_besides("create", "created"), {"create"}),
        (_besides("create", None), {"create"}),
        (_besides("create", FAILS_WITH_200), {"create"}),
        (_instead("read", {}), {"read"}),
        (_instead("read", {"Item": THEIRS}), {"read"}),
        (_instead("read", FAILS_WITH_200), {"read"}),
        (_instead("read", [1]), {"read"}),
        (_besides("update", {}), {"update"}),
        (_besides("update", {"Attributes": THEIRS}), {"update"}),
        (_instead("list", {"Items": []}), {"list"}),
        (_instead("list", {"Items": [THEIRS]}), {"list"}),
        (_instead("list", {"Items": None}), {"list"}),
        (_instead("list", {}), {"list"}),
        (_instead("delete", {}), {"delete"}),
        (_instead("delete", {"Attributes": THEIRS}), {"delete"}),
        (_instead("delete", FAILS_WITH_200), {"delete"}),
        (_besides("delete", "gone"), {"delete"}),
    ],
)
def test_a_wrong_answer_is_noticed_and_no_other_check_fails(
    tmp_path: Path, lie: Callable[[Trial], Handler], noticed: set[str]
) -> None:
    trial = Trial(tmp_path)
    trial.ways.handler = lie(trial)
    assert trial.failing() == noticed


def test_a_function_that_stores_nothing_is_noticed_by_what_reads(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.ways.handler = lambda event: event["payload"] if event["operation"] == "echo" else {"Items": []}
    assert trial.failing() == {"read", "update", "list", "delete"}


def test_a_page_of_a_long_list_need_not_hold_the_item(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.ways.handler = _instead("list", {"Items": [THEIRS], "LastEvaluatedKey": {"Id": "x"}})(trial)
    assert trial.failing() == set()


def test_an_answer_of_a_function_that_failed_is_wrong_even_if_it_looks_right(tmp_path: Path) -> None:
    """Lambda answers 200 for a function that failed, and says so beside it."""
    trial = Trial(tmp_path)
    trial.ways.failed = True
    assert {each.name for each in trial.checks() if each.via == "invoke" and not each.ok} == ALL
    assert all(each.ok for each in trial.checks() if each.via != "invoke")


@pytest.mark.parametrize("status", [201, 204, 299, 302, 400, 404, 502])
def test_any_other_status_than_200_is_wrong_whatever_the_body(tmp_path: Path, status: int) -> None:
    trial = Trial(tmp_path)
    trial.ways.statuses = [status] * 12
    wrong = [each for each in trial.checks() if not each.ok]
    assert {each.via for each in wrong} == {"test-invoke-method", "https"}
    assert [each.status for each in wrong] == [status] * 12
    assert all(each.detail.startswith(f"HTTP {status}: ") for each in wrong)


def test_the_item_of_a_check_that_failed_is_removed_from_the_table_directly(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.ways.handler = _instead("delete", {})(trial)
    trial.checks()
    assert len(trial.ways.removed) == 3
    assert all(each.startswith("verify-") for each in trial.ways.removed)


def test_an_item_that_cannot_be_removed_is_told(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.ways.handler = _instead("delete", {})(trial)
    trial.ways.may_delete = False
    list(run_checks(trial.stack))
    left = [each for each in trial.table.items if each.startswith("verify-")]
    said = [event.text for event in trial.desk.emitted(Note) if isinstance(event, Note)]
    table = trial.stack.names.table
    assert said == [f"The item {each} may be left in {table}: You may not." for each in left]
    assert len(left) == 3


def test_a_table_that_is_missing_is_no_second_failure(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.ways.handler = lambda _: FAILS_WITH_200
    trial.ways.has_table = False
    assert trial.failing() == ALL


def test_a_way_without_any_answer_is_one_failed_check_and_the_others_are_tried(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.ways.silent = {"test-invoke-method"}
    checks = trial.checks()
    [unanswered] = [each for each in checks if each.via == "test-invoke-method"]
    assert (unanswered.name, unanswered.ok, unanswered.status) == ("connect", False, 0)
    assert unanswered.detail == "No answer by test-invoke-method."
    assert len([each for each in checks if each.ok]) == 12


def test_a_long_wrong_answer_is_told_in_part(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.ways.handler = _instead("echo", "x" * 5000)(trial)
    [wrong] = [each for each in trial.checks() if not each.ok and each.via == "https"]
    assert wrong.detail == f'HTTP 200: "{"x" * 299}…'


# --- what AWS needs a while to spread ---


@pytest.mark.parametrize("status", [403, 500])
def test_a_refusal_of_a_new_stage_is_waited_out(tmp_path: Path, status: int) -> None:
    trial = Trial(tmp_path, age=1)
    trial.ways.statuses = [status] * 3
    assert trial.failing() == set()
    assert trial.ways.sent.count(("test-invoke-method", "echo")) == 4
    assert any("spreading" in each.reason for each in trial.desk.events if isinstance(each, Waiting))


def test_an_old_answer_of_a_changed_stage_is_waited_out(tmp_path: Path) -> None:
    trial = Trial(tmp_path, age=1)
    stale = iter([{"message": "of the deployment before"}] * 4)

    def handler(event: Event) -> Any:
        over_api_gateway = trial.ways.sent[-1][0] != "invoke"
        old = next(stale, None) if over_api_gateway and event["operation"] == "echo" else None
        return old or trial.table.handler(event)

    trial.ways.handler = handler
    assert trial.failing() == set()


def test_a_host_that_lags_behind_is_waited_for_after_an_answer_too(tmp_path: Path) -> None:
    """What one of API Gateway's hosts knows, another may not: 403 alone says nothing of the function."""
    trial = Trial(tmp_path, age=1)
    trial.ways.statuses = [200, 403, 403]
    assert trial.failing() == set()
    assert trial.ways.sent.count(("test-invoke-method", "create")) == 3


def test_what_fails_after_an_answer_is_not_waited_for(tmp_path: Path) -> None:
    """The stage and the permission have answered: that is the function's own failure."""
    trial = Trial(tmp_path, age=1)
    trial.ways.statuses = [200, 500]
    [wrong] = [each for each in trial.checks() if not each.ok]
    assert (wrong.via, wrong.name, wrong.status) == ("test-invoke-method", "create", 500)


@pytest.mark.parametrize("age", [SETTLE + 1, 10 * SETTLE])
def test_an_old_stage_is_not_waited_for(tmp_path: Path, age: float) -> None:
    trial = Trial(tmp_path, age=age)
    trial.ways.statuses = [403]
    [wrong] = [each for each in trial.checks() if not each.ok]
    assert (wrong.name, wrong.status) == ("echo", 403)
    assert not [each for each in trial.desk.events if isinstance(each, Waiting)]


@pytest.mark.parametrize(
    ("new", "waits"), [(Kind.STAGE, True), (Kind.PERMISSION, True), (Kind.REST_API, False)]
)
def test_the_youngest_stage_or_permission_decides_whether_to_wait(
    tmp_path: Path, new: str, waits: bool
) -> None:
    trial = Trial(tmp_path, ages={new: 0})
    trial.ways.statuses = [403]
    assert [each.name for each in trial.checks() if not each.ok] == ([] if waits else ["echo"])


def test_where_every_change_takes_effect_at_once_nothing_is_waited_for(tmp_path: Path) -> None:
    trial = Trial(tmp_path, age=1)
    trial.stack = replace(trial.stack, place=replace(trial.stack.place, immediate=True))
    trial.ways.statuses = [403]
    assert [each.name for each in trial.checks() if not each.ok] == ["echo"]
    assert not [each for each in trial.desk.events if isinstance(each, Waiting)]


def test_a_stage_that_never_answers_is_given_up_when_it_is_not_new_any_more(tmp_path: Path) -> None:
    trial = Trial(tmp_path, age=SETTLE - 10)
    trial.ways.statuses = [403] * 1000
    wrong = [each for each in trial.checks() if not each.ok]
    assert [each.status for each in wrong] == [403] * 12
    waited = [each for each in trial.desk.events if isinstance(each, Waiting)]
    assert 0 < max(each.elapsed for each in waited) <= 10


def test_lambda_itself_is_never_waited_for(tmp_path: Path) -> None:
    trial = Trial(tmp_path, age=1)
    trial.ways.silent = WAYS - {"invoke"}
    trial.ways.handler = _instead("echo", "wrong")(trial)
    trial.checks()
    assert trial.ways.sent.count(("invoke", "echo")) == 1


# --- what the firewall of the chapter protect holds back ---


def _guarded(folder: Path, firewall: Callable[[float], bool]) -> Trial:
    """A deployment with a firewall, which is asked with the time of each request."""
    trial = Trial(folder)
    journal = trial.stack.journal
    guard = _record(Kind.WEB_ACL_ASSOCIATION, 2 * SETTLE)
    state = replace(journal.state, records=(*journal.state.records, guard))
    trial.stack = replace(trial.stack, journal=type(journal)(journal.path, state))
    trial.ways.firewall = lambda: firewall(trial.stack.run.clock())
    return trial


@pytest.mark.parametrize("room", [0, 3])
def test_a_firewall_that_counts_too_many_requests_is_waited_for(tmp_path: Path, room: int) -> None:
    """What is sent while we wait counts too, and must not keep the firewall closed."""
    counter = RateCounter(LIMIT, FIREWALL_WINDOW)
    trial = _guarded(tmp_path, lambda now: not counter.exceeds("us", now))
    for _ in range(LIMIT - room):
        counter.exceeds("us", trial.stack.run.clock())
    assert trial.failing() == set()
    waited = [each for each in trial.desk.events if isinstance(each, Waiting)]
    assert {each.reason for each in waited} == {HELD_BACK}
    assert waited[0].left == FIREWALL_WINDOW, "a countdown"
    assert trial.failing() == set(), "and the next checks need not wait again"
    assert len([each for each in trial.desk.events if isinstance(each, Waiting)]) == len(waited)


def test_a_firewall_that_never_lets_anything_in_is_waited_for_once(tmp_path: Path) -> None:
    trial = _guarded(tmp_path, lambda _: False)
    wrong = [each for each in trial.checks() if not each.ok]
    assert {(each.via, each.status) for each in wrong} == {("https", 403)}
    waited = [each for each in trial.desk.events if isinstance(each, Waiting)]
    assert max(each.elapsed for each in waited) <= FIREWALL_PATIENCE
    assert sum(each.elapsed == 0 for each in waited) == 1


def test_without_a_firewall_the_same_answer_is_not_waited_for(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.ways.firewall = lambda: False
    assert [each.status for each in trial.checks() if not each.ok] == [403] * 6
    assert not [each for each in trial.desk.events if isinstance(each, Waiting)]


# --- what is sent, and what is told of it ---


def test_a_check_tells_its_request_its_answer_and_how_long_that_took(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.ways.http.ask = lambda *_: Answer(200, {}, json.dumps(ECHO).encode(), 0.0123456)
    [check] = checks_by(trial.stack, "https", OPERATIONS[:1])
    event = {"operation": "echo", "tableName": trial.stack.names.table, "payload": ECHO}
    assert (json.loads(check.request), json.loads(check.body)) == (event, ECHO)
    assert check.latency_ms == 12.3


def test_only_the_chosen_operations_are_tried_over_every_way(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    assert [each.name for each in run_checks(trial.stack, OPERATIONS[:2])] == ["echo", "create"] * 3
    assert set(trial.table.items) == {"theirs"}
    assert all(re.fullmatch("verify-[0-9a-f]{16}", each) for each in trial.ways.removed)


def test_after_no_answer_the_item_is_removed_too_for_it_may_have_been_stored(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.ways.silent = {"https"}
    assert list(checks_by(trial.stack, "https")) == [
        Check("connect", "https", ok=False, status=0, latency_ms=0.0, detail="No answer by https.")
    ]
    assert len(trial.ways.removed) == 1


def test_lambda_can_be_tried_before_anything_else_was_made(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    empty = type(trial.stack.journal)(
        trial.stack.journal.path, replace(trial.stack.journal.state, records=())
    )
    assert all(each.ok for each in checks_by(replace(trial.stack, journal=empty), "invoke"))


def test_a_check_as_json_says_all_of_it() -> None:
    check = Check("read", "https", ok=False, status=500, latency_ms=12.3, detail="HTTP 500: x")
    told = {key: each for key, each in asdict(check).items() if key not in ("request", "body")}
    assert as_json(check) == told
