"""Faults that do not kill: what the network, the services and the clock do to a run."""

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.errors import CredentialsError, LohError
from lambda_over_https.events import Waiting
from lambda_over_https.names import names_for
from lambda_over_https.states import Fate
from tests.kit.account.between import Answer, Between, Call, Forward, Meddle, error
from tests.kit.account.census import Census, census, difference
from tests.kit.program.bench import Bench, Hasty
from tests.kit.program.support import Account

# --- one fault, one call ---


def _always(name: str, spoil: Meddle) -> Meddle:
    return lambda call, forward: spoil(call, forward) if call.name == name else forward()


def _lost(_: Call, forward: Forward) -> None:
    forward()


def _cut(_: Call, __: Forward) -> None:
    return None


def _answers(code: str, message: str, status: int) -> Meddle:
    return lambda call, _: error(call, code, message, status)


def _fails_after_effect(call: Call, forward: Forward) -> Answer:
    forward()
    return error(call, "ServiceUnavailableException", "Service Unavailable", 503)


CREATES = (
    "iam:CreateRole",
    "logs:CreateLogGroup",
    "lambda:CreateFunction",
    "dynamodb:CreateTable",
    "apigateway:CreateRestApi",
    "apigateway:CreateResource",
    "apigateway:PutMethod",
    "apigateway:PutMethodResponse",
    "apigateway:CreateDeployment",
    "lambda:AddPermission",
)


@pytest.mark.parametrize("spoil", [_lost, _cut, _fails_after_effect], ids=["lost", "cut", "failed-after"])
def test_whatever_became_of_the_creates_first_answers_each_thing_existsonce(
    between: Between, bench: Bench, account: Account, before: Census, name: str, spoil: Meddle
) -> None:
    labels = {f"{each} #1" for each in CREATES}
    between.meddle = lambda call, forward: spoil(call, forward) if call.label in labels else forward()
    bench.run()
    whole = census(account)
    [api] = [value for key, value in whole.items() if key.startswith(f"api {name}-")]
    assert [len(api[part]) for part in ("resources", "stages", "deployments")] == [2, 1, 1]
    bench.teardown()
    assert difference(before, census(account)) == []


class Silent:
    """Says nothing to the first call of each of ``names`` until ``end``, after its effect or without any."""

    def __init__(self, names: Iterable[str], *, after: bool) -> None:
        self._labels = {f"{name} #1" for name in names}
        self._after = after
        self.end = Event()

    def __call__(self, call: Call, forward: Forward) -> Answer | None:
        if call.label not in self._labels:
            return forward()
        if self._after:
            forward()
        assert self.end.wait(60)
        return None


@pytest.mark.parametrize("after", [True, False], ids=["after-its-effect", "without-effect"])
def test_a_create_whose_answer_never_comes_is_looked_for_before_it_is_repeated(
    between: Between, bench: Bench, account: Account, before: Census, name: str, *, after: bool
) -> None:
    silent = Silent(("iam:CreateRole", "apigateway:CreateRestApi", "apigateway:CreateResource"), after=after)
    bench.settings = replace(bench.settings, read_timeout=1.0)
    between.meddle = silent
    bench.run("3.2")
    silent.end.set()
    between.settle()
    names = between.names()
    for create, look in (
        ("iam:CreateRole", "iam:GetRole"),
        ("apigateway:CreateRestApi", "apigateway:GetRestApis"),
    ):
        assert look in names[names.index(create) :], "it was not looked for"
        assert (names.count(create) == 1) is after
    assert len([each for each in census(account) if each.startswith(f"api {name}-")]) == 1
    bench.settings = replace(bench.settings, read_timeout=60.0)
    assert bench.teardown().left == []
    assert difference(before, census(account)) == []


def test_a_call_whose_answer_never_comes_ends_with_what_to_do(between: Between, bench: Bench) -> None:
    end = Event()

    def silent(_: Call, __: Forward) -> None:
        end.wait(60)

    bench.settings = replace(bench.settings, read_timeout=0.2)
    between.meddle = _always("iam:GetRole", silent)
    with pytest.raises(LohError, match="Read timeout") as failed:
        bench.run()
    end.set()
    between.settle()
    assert "same command again" in failed.value.hint


@pytest.mark.parametrize("spoil", [_lost, _cut], ids=["lost", "cut"])
def test_whatever_became_of_the_deletes_first_answers_nothing_is_left(
    between: Between, bench: Bench, account: Account, before: Census, spoil: Meddle
) -> None:
    bench.run("3.2")
    between.calls.clear()
    between.meddle = lambda call, forward: (
        spoil(call, forward) if ":Delete" in call.name and call.number == 1 else forward()
    )
    assert bench.teardown().left == []
    assert difference(before, census(account)) == []


def test_a_throttled_delete_of_the_api_waits_in_the_queue_and_says_so(between: Between, bench: Bench) -> None:
    bench.run("3.1")
    throttled = _answers("TooManyRequestsException", "Too Many Requests", 429)
    between.meddle = lambda call, forward: (
        throttled(call, forward) if call.name == "apigateway:DeleteRestApi" and call.number < 4 else forward()
    )
    assert bench.teardown().left == []
    waits = [each for each in bench.events if isinstance(each, Waiting) and "in the queue" in each.reason]
    assert [each.next_look >= 2 for each in waits] == [True] * 3
    assert [each.elapsed for each in waits] == sorted(each.elapsed for each in waits)


def test_a_throttle_that_outlasts_all_patience_is_named_as_left_and_the_next_teardown_ends_it(
    between: Between, bench: Bench, account: Account, before: Census
) -> None:
    bench.run("3.1")
    between.meddle = _always(
        "apigateway:DeleteRestApi", _answers("TooManyRequestsException", "Too Many Requests", 429)
    )
    assert [each.kind for each in bench.teardown().left] == ["apigateway:restapi"]
    between.meddle = lambda _, forward: forward()
    assert bench.teardown().left == []
    assert difference(before, census(account)) == []


def test_a_role_that_is_still_spreading_is_waited_for(between: Between, bench: Bench) -> None:
    spreading = "The role defined for the function cannot be assumed by Lambda."
    not_yet = _answers("InvalidParameterValueException", spreading, 400)
    between.meddle = lambda call, forward: (
        not_yet(call, forward) if call.name == "lambda:CreateFunction" and call.number < 9 else forward()
    )
    bench.run("2.3")
    assert between.names().count("lambda:CreateFunction") == 9
    assert any(isinstance(each, Waiting) and "spreading" in each.reason for each in bench.events)
    bench.teardown()


class GoingTable:
    """A table that somebody has just deleted: DynamoDB tells of it for a few calls more, but not its tags."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def __call__(self, call: Call, forward: Forward) -> Answer:
        if call.name not in ("dynamodb:DescribeTable", "dynamodb:DeleteTable", "dynamodb:CreateTable"):
            return forward()
        if not self.left:
            return forward()
        self.left -= 1
        if call.name == "dynamodb:DescribeTable":
            return Answer(200, {"content-type": "application/x-amz-json-1.0"}, _GOING)
        return error(call, "ResourceInUseException", "Table is being deleted: it", 400)


_GOING = json.dumps(
    {
        "Table": {
            "TableStatus": "DELETING",
            "TableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/going",
            "CreationDateTime": 1.7e9,
        }
    }
).encode()


def test_a_teardown_waits_for_a_table_that_is_still_being_deleted(
    between: Between, bench: Bench, account: Account, before: Census, name: str
) -> None:
    bench.run("2.4")
    account.client("dynamodb").delete_table(TableName=names_for(name).table)
    going = GoingTable(5)
    between.meddle = going
    assert bench.teardown().left == []
    assert going.left == 0, "the teardown ended while the table was still there"
    assert difference(before, census(account)) == []


def test_a_run_makes_the_table_anew_when_the_old_one_is_gone(
    between: Between, bench: Bench, account: Account, before: Census, name: str
) -> None:
    bench.run("2.4")
    account.client("dynamodb").delete_table(TableName=names_for(name).table)
    going = GoingTable(5)
    between.meddle = going
    bench.run("2.4")
    assert f"table {names_for(name).table}" in census(account)
    assert bench.teardown().left == []
    assert difference(before, census(account)) == []


@pytest.mark.parametrize(
    ("code", "message", "status", "kind"),
    [
        (
            "ExpiredTokenException",
            "The security token included in the request is expired",
            403,
            CredentialsError,
        ),
        (
            "AccessDeniedException",
            "User: x is not authorized to perform: dynamodb:CreateTable",
            403,
            LohError,
        ),
        ("LimitExceededException", "Subscriber limit exceeded", 400, LohError),
        ("ValidationException", "1 validation error detected", 400, LohError),
    ],
)
def test_what_no_repetition_can_help_is_not_repeated_and_the_next_run_goes_on(
    between: Between, bench: Bench, code: str, message: str, status: int, kind: type[LohError]
) -> None:
    between.meddle = _always("dynamodb:CreateTable", _answers(code, message, status))
    with pytest.raises(kind, match=code) as failed:
        bench.run()
    assert failed.value.step == "2.4"
    assert failed.value.hint
    assert between.names().count("dynamodb:CreateTable") == 1
    between.meddle = lambda _, forward: forward()
    bench.run()
    bench.teardown()


def test_credentials_that_expire_during_a_teardown_end_it_and_nothing_is_forgotten(
    between: Between, bench: Bench, account: Account, before: Census
) -> None:
    bench.run("3.1")
    expired = _answers("ExpiredTokenException", "The security token included in the request is expired", 403)
    between.meddle = _always("lambda:DeleteFunction", expired)
    with pytest.raises(CredentialsError):
        bench.teardown()
    between.meddle = lambda _, forward: forward()
    assert bench.teardown().left == []
    assert difference(before, census(account)) == []


# --- a refusal is not an absence ---


def _may_not_look(call: Call, forward: Forward) -> Answer:
    if call.mutates or call.name in ("sts:GetCallerIdentity", "lambda:Invoke", "apigateway:TestInvokeMethod"):
        return forward()
    return error(call, "AccessDeniedException", "User: x is not authorized to perform: this", 403)


def test_who_may_not_look_makes_nothing(between: Between, bench: Bench) -> None:
    between.meddle = _may_not_look
    with pytest.raises(LohError, match="not authorized"):
        bench.run()
    assert not any(call.mutates for call in between.calls)


def test_what_may_not_be_looked_at_is_named_as_left_and_never_as_gone(
    between: Between, bench: Bench, account: Account, before: Census
) -> None:
    bench.run("3.1")
    made = {record.kind for record in _records(bench)}
    between.meddle = _may_not_look
    removal = bench.teardown()
    assert {each.kind for each in removal.left} == made - {"local:zip"}
    assert {each.kind for each in removal.of(Fate.DELETED, Fate.ALREADY_GONE)} <= {"local:zip"}
    between.meddle = lambda _, forward: forward()
    assert bench.teardown().left == []
    assert difference(before, census(account)) == []


def _records(bench: Bench) -> tuple[Record, ...]:
    held = journals.load(bench.journal_path)
    assert held is not None
    return held.state.records


# --- many faults, by chance, repeatable ---


class Weather:
    """Bad weather: a seed decides which calls are spoilt, and how, whatever their order; never for long."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.faults: list[str] = []

    def __call__(self, call: Call, forward: Forward) -> Answer | None:
        fault = self._fault(call)
        self.faults += [f"{fault} {call.label}"] if fault else []
        if fault == "lost":
            forward()
        if fault in ("lost", "cut"):
            return None
        if fault == "slow":
            Event().wait(0.02)
        return ANSWERS[fault](call, forward) if fault in ANSWERS else forward()

    def _fault(self, call: Call) -> str:
        chance = random.Random(f"{self._seed} {call.label}")
        if call.number % 3 == 0 or call.name.startswith("execute-api") or chance.random() > 0.3:
            return ""
        # A function may run twice if its answer is lost, so such a call is repeated only by the user.
        return chance.choice(THROTTLES if call.name.endswith(("Invoke", "TestInvokeMethod")) else KINDS)


ANSWERS: dict[str, Meddle] = {
    "throttle": _answers("ThrottlingException", "Rate exceeded", 400),
    "too many": _answers("TooManyRequestsException", "Too Many Requests", 429),
    "500": _answers("InternalFailure", "Internal failure", 500),
    "503": _fails_after_effect,
}
THROTTLES = ("throttle", "too many")
KINDS = (*ANSWERS, "lost", "cut", "slow")
TRIES = 8


@pytest.mark.parametrize("seed", range(4))
def test_in_bad_weather_the_same_command_again_gets_there(
    between: Between, bench: Bench, account: Account, before: Census, seed: int
) -> None:
    weather = Weather(seed)
    between.meddle = weather
    _again_until(lambda: bench.run() is not None)
    assert len(weather.faults) > 5
    [api] = [value for key, value in census(account).items() if key.startswith(f"api {bench.settings.name}-")]
    assert [len(api[part]) for part in ("resources", "stages", "deployments")] == [2, 1, 1]
    _again_until(lambda: not bench.teardown().left)
    assert difference(before, census(account)) == []


def _again_until(done: Any) -> None:
    failures = []
    for _ in range(TRIES):
        try:
            if done():
                return
        except LohError as failure:
            failures.append(f"{failure.step}: {failure.message}")
    raise AssertionError(failures)


# --- the clock ---


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_a_clock_that_jumps_neither_hangs_nor_breaks_a_run(bench: Bench, jump: float) -> None:
    class Jumping(Hasty):
        def wait(
            self,
            seconds: float,
            reason: str | None = None,
            since: float | None = None,
            due: float | None = None,
        ) -> None:
            super().wait(seconds, reason, since, due)
            self.now += jump

    bench.context = lambda: Jumping(bench.events.append)
    _again_until(lambda: bench.run("2.4") is not None)
    assert bench.teardown().left == []
