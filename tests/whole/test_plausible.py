"""An account that answers wrongly but plausibly: 200 with an error, lists of nothing, late, with wrong ids.

Whatever it says, a command ends with an explained error or well, never as a bug; and when the account speaks
the truth again, the same command completes and a teardown leaves the account as it was.
"""

import json
import re
from collections.abc import Callable
from threading import Event

import pytest

from lambda_over_https.errors import LohError
from tests.kit.account.between import Answer, Between, Call, Forward, Meddle, pass_on
from tests.kit.account.census import Census, census, difference
from tests.kit.program.bench import Bench
from tests.kit.program.support import Account

NOT_SPOILT = ("sts:", "execute-api:")
"""Who we are is asked before there is a deployment; the deployed API is the function's to answer."""


def _error_document(call: Call, _: Forward) -> Answer:
    """Status 200, and what a proxy says of an error."""
    if call.name.startswith(("iam:", "sts:")):
        text = b"<Response><Error><Code>Throttled</Code><Message>Slow down</Message></Error></Response>"
        return Answer(200, {"content-type": "text/xml"}, text)
    return Answer(200, {"content-type": "application/json"}, b'{"message": "Forbidden"}')


def _web_page(_: Call, __: Forward) -> Answer:
    """Status 200, and the page at which a hotel's network wants a room's number."""
    return Answer(200, {"content-type": "text/html"}, b"<html><body>Please sign in</body></html>")


def _nothing(_: Call, __: Forward) -> Answer:
    """Status 200, and no word."""
    return Answer(200, {"content-type": "application/json"}, b"")


class Spoilt:
    """Spoils, in each command, the first call of a name that was not spoilt yet, and all after it."""

    def __init__(self, between: Between, spoil: Meddle) -> None:
        self._between, self._spoil = between, spoil
        self.seen: set[str] = set()
        self._spoiling = False

    def all_of(self, command: Callable[[], object]) -> None:
        """Repeat the command until nothing is left to spoil; anything but a LohError gets out."""
        for _ in range(60):
            self._spoiling = False
            self._between.meddle = self._meddle
            error = _error_of(command)
            self._between.settle()
            self._between.meddle = pass_on
            if not self._spoiling:
                assert error is None
                return
            assert error is None or error.message
        pytest.fail(f"After sixty commands there are still calls to spoil: {sorted(self.seen)}")

    def _meddle(self, call: Call, forward: Forward) -> Answer | None:
        if call.name.startswith(NOT_SPOILT):
            return forward()
        if not self._spoiling and call.name in self.seen:
            return forward()
        self._spoiling = True
        self.seen.add(call.name)
        return self._spoil(call, forward)


def _error_of(command: Callable[[], object]) -> LohError | None:
    try:
        command()
    except LohError as error:
        return error
    return None


@pytest.mark.parametrize("spoil", [_error_document, _web_page, _nothing], ids=["error", "page", "nothing"])
def test_a_false_success_of_any_call_is_noticed_or_made_good_by_the_same_command_again(
    between: Between, bench: Bench, account: Account, before: Census, spoil: Meddle
) -> None:
    spoilt = Spoilt(between, spoil)
    spoilt.all_of(lambda: bench.run(workers=1))
    assert {"iam:CreateRole", "dynamodb:CreateTable", "apigateway:CreateDeployment"} <= spoilt.seen
    _assert_one_of_each(bench, account)
    spoilt.seen.clear()
    spoilt.all_of(lambda: bench.teardown(workers=1) if bench.journal_path.exists() else None)
    assert {"iam:DeleteRole", "dynamodb:DeleteTable", "apigateway:DeleteRestApi"} <= spoilt.seen
    if bench.journal_path.exists():  # what a false answer called deleted is named, and a run takes it in
        bench.run()
        assert bench.teardown().left == []
    assert difference(before, census(account)) == []


def _assert_one_of_each(bench: Bench, account: Account) -> None:
    [api] = [value for key, value in census(account).items() if key.startswith(f"api {bench.settings.name}-")]
    assert [len(api[part]) for part in ("resources", "stages", "deployments")] == [2, 1, 1]


LISTS = ("apigateway:GetRestApis", "apigateway:GetDeployments")


def _lists_nothing(call: Call, forward: Forward) -> Answer:
    answer = forward()
    if call.name not in LISTS:
        return answer
    listed = {key: [] if isinstance(each, list) else each for key, each in json.loads(answer.body).items()}
    return Answer(200, answer.headers, json.dumps(listed).encode())


def test_where_lists_are_empty_and_an_answer_is_lost_a_second_one_goes_with_the_first(
    between: Between, bench: Bench, account: Account, before: Census, name: str
) -> None:
    """A list may lag behind: then a create whose answer was lost is repeated, and nobody can know."""
    lost: list[str] = []

    def meddle(call: Call, forward: Forward) -> Answer | None:
        if call.name == "apigateway:CreateRestApi" and not lost:
            lost.append(call.name)
            forward()
            return None
        return _lists_nothing(call, forward)

    between.meddle = meddle
    bench.run()
    assert len([each for each in census(account) if each.startswith(f"api {name}-")]) == 2
    between.meddle = pass_on
    assert bench.teardown().left == []
    assert difference(before, census(account)) == []


def test_where_lists_are_empty_a_run_makes_each_thing_once(
    between: Between, bench: Bench, account: Account, before: Census
) -> None:
    between.meddle = _lists_nothing
    bench.run()
    bench.run()
    between.meddle = pass_on
    _assert_one_of_each(bench, account)
    assert bench.teardown().left == []
    assert difference(before, census(account)) == []


def test_an_account_that_takes_its_time_is_waited_for(
    between: Between, bench: Bench, account: Account, before: Census
) -> None:
    def late(_: Call, forward: Forward) -> Answer:
        answer = forward()
        Event().wait(0.03)
        return answer

    between.meddle = late
    bench.run()
    _assert_one_of_each(bench, account)
    assert bench.teardown().left == []
    assert difference(before, census(account)) == []


LIES = {
    "iam:CreateRole": (rb"<RoleId>\w+</RoleId>", b"<RoleId>AROAXXXXXXXXXXXXXXXX</RoleId>"),
    "apigateway:CreateRestApi": (rb'"id": ?"\w+"', b'"id": "zzzzzzzzzz"'),
    "apigateway:CreateResource": (rb'"id": ?"\w+"', b'"id": "zzzzzz"'),
    "apigateway:CreateDeployment": (rb'"id": ?"\w+"', b'"id": "zzzzzz"'),
    "lambda:CreateFunction": (rb"function:[\w-]+", b"function:another"),
    "dynamodb:CreateTable": (rb"table/[\w-]+", b"table/another"),
}


@pytest.mark.parametrize("liar", LIES)
def test_a_create_that_answers_a_wrong_id_is_found_out_and_leaves_nothing_behind(
    between: Between, bench: Bench, account: Account, before: Census, liar: str
) -> None:
    pattern, instead = LIES[liar]

    def lie(call: Call, forward: Forward) -> Answer:
        answer = forward()
        if call.name != liar:
            return answer
        body, lies = re.subn(pattern, instead, answer.body)
        assert lies
        return Answer(answer.status, answer.headers, body)

    between.meddle = lie
    error = _error_of(bench.run)
    assert error is None or error.hint
    between.meddle = pass_on
    bench.run()
    _assert_one_of_each(bench, account)
    assert bench.teardown().left == []
    assert difference(before, census(account)) == []
