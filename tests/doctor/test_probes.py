"""Each check of the doctor at both sides of what it looks for, on a deployment in memory."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lambda_over_https.aws.quotas import REST_APIS
from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.doctor import Finding, Probe, Wrong, examine
from lambda_over_https.doctor.after import After
from lambda_over_https.doctor.before import DISK_LIMIT, TIME_LIMIT, Before
from lambda_over_https.doctor.function import DEPRECATED
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.errors import CredentialsError, LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.parts.step import Step
from tests.kit.in_memory.answers import Table, Ways
from tests.kit.in_memory.memory import OURS, THEIRS, Desk, box, step

pytestmark = pytest.mark.usefixtures("alice_on_aws")

OPTIONS = " --target aws --name alice"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def on(desk: Desk, **cloud: Any) -> Any:
    """The stack with these clients."""
    stack = desk.stack()
    clients: Any = SimpleNamespace(run=stack.run, **cloud)
    return replace(stack, cloud=clients)


def found(checks: Iterable[Probe]) -> dict[str, Finding]:
    return {each.name: each for each in examine(checks)}


# --- how checks are made ---


def check(name: str, look: Callable[[], str], *needs: str) -> Probe:
    return Probe(name, look, frozenset(needs))


def fails(error: Exception) -> Callable[[], str]:
    def look() -> str:
        raise error

    return look


def test_what_needs_something_broken_is_left_out_and_all_that_needs_it_too() -> None:
    checks = [
        check("cause", fails(Wrong("broken", "fix it"))),
        check("follows", lambda: "?", "cause"),
        check("follows from that", lambda: "?", "follows"),
        check("apart", lambda: "well", "something else"),
    ]
    assert list(examine(checks)) == [
        Finding("cause", False, "broken", "fix it"),
        Finding("apart", True, "well"),
    ]


def test_an_error_is_a_finding_with_its_hint_and_the_rest_is_looked_at() -> None:
    checks = [check("a", fails(LohError("denied", "ask for it"))), check("b", lambda: "well")]
    assert list(examine(checks)) == [Finding("a", False, "denied", "ask for it"), Finding("b", True, "well")]


def test_whoever_is_nobody_is_told_so_instead_of_a_list_of_findings() -> None:
    with pytest.raises(CredentialsError):
        list(examine([check("a", fails(CredentialsError("expired")))]))


# --- before a run ---


def before(desk: Desk, *steps: Step, **cloud: Any) -> Before:
    return Before(on(desk, **cloud), steps, desk.folder)


def apis(count: int) -> Any:
    pages = [{"items": [{"id": str(number)} for number in range(count)]}]
    paginator = SimpleNamespace(paginate=lambda **_: pages)
    return SimpleNamespace(get_paginator=lambda _: paginator)


@pytest.mark.parametrize(("count", "ok"), [(0, True), (REST_APIS - 1, True), (REST_APIS, False)])
def test_an_account_full_of_apis_is_found(desk: Desk, count: int, ok: bool) -> None:
    quota = found(before(desk, apigateway=apis(count)).names())["quota"]
    assert quota.ok is ok
    assert str(count) in quota.what
    assert str(REST_APIS) in quota.what
    assert bool(quota.fix) is not ok


@pytest.mark.parametrize(
    ("tags", "ok", "what"), [(None, True, "free"), (OURS, True, "ours"), (THEIRS, False, "not ours")]
)
def test_a_name_that_is_taken_is_found_with_a_command_for_the_same_place(
    desk: Desk, tags: dict[str, str] | None, ok: bool, what: str
) -> None:
    if tags:
        desk.cloud.put("test:box", "box", tags)
    steps = step("1", box(desk.cloud), box(desk.cloud, "test:child", owner="test:box")), step("2")
    findings = found(before(desk, *steps, apigateway=apis(0)).names())
    assert set(findings) == {"quota", "name box"}
    assert (findings["name box"].ok, what in findings["name box"].what) == (ok, True)
    assert findings["name box"].fix == ("" if ok else "loh run --name ANOTHER --target aws")


def place(desk: Desk, end: datetime | None = None, theirs: datetime | None = None) -> dict[str, Finding]:
    """What is found of a machine whose credentials end then, and of an AWS that says it is ``theirs``."""
    headers = {"date": format_datetime(theirs, usegmt=True)} if theirs else {}
    sts = SimpleNamespace(get_caller_identity=lambda: {"ResponseMetadata": {"HTTPHeaders": headers}})
    return found(before(desk, sts=sts, credentials_end=lambda: end).place())


@pytest.mark.parametrize(("seconds", "ok"), [(TIME_LIMIT + 60, True), (TIME_LIMIT - 60, False), (-60, False)])
def test_credentials_that_end_soon_or_have_ended_are_found(desk: Desk, seconds: float, ok: bool) -> None:
    credentials = place(desk, datetime.now(UTC) + timedelta(seconds=seconds))["credentials"]
    assert credentials.ok is ok
    assert f"{max(0, seconds) / 60:.0f} minutes" in credentials.what
    assert "-" not in credentials.what
    assert place(desk)["credentials"].ok


@pytest.mark.parametrize(
    ("off", "ok", "word"),
    [
        (0, True, "seconds"),
        (290, True, "seconds"),
        (-290, True, "seconds"),
        (310, False, "behind"),
        (-310, False, "ahead"),
    ],
)
def test_a_clock_that_aws_would_refuse_is_found(desk: Desk, off: int, ok: bool, word: str) -> None:
    clock = place(desk, theirs=datetime.now(UTC) + timedelta(seconds=off))["clock"]
    assert (clock.ok, word in clock.what) == (ok, True)
    assert place(desk)["clock"].ok, "an endpoint that sends no date"


@pytest.mark.parametrize(("free", "ok"), [(DISK_LIMIT, True), (DISK_LIMIT - 1, False)])
def test_a_disk_without_room_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, free: int, ok: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert place(desk)["disk"].ok is ok


def test_a_state_folder_that_is_closed_is_found(desk: Desk) -> None:
    assert place(desk)["state folder"].ok
    assert list(desk.folder.iterdir()) == []
    desk.folder.chmod(0o500)
    try:
        closed = place(desk)["state folder"]
    finally:
        desk.folder.chmod(0o700)
    assert not closed.ok
    assert str(desk.folder) in closed.what
    assert "LAMBDA_OVER_HTTPS_HOME" in closed.fix


def test_who_and_where_we_are_is_said(desk: Desk) -> None:
    identity = place(desk)["identity"]
    for part in ("arn:aws:iam::123456789012:user/x", "123456789012", "us-east-1"):
        assert part in identity.what


# --- a deployment ---


def after(desk: Desk, *steps: Step, today: date = date(2026, 1, 1), **cloud: Any) -> dict[str, Finding]:
    return found(After(on(desk, **cloud), steps, today).probes())


def test_each_part_is_found_as_its_own_step_sees_it(desk: Desk) -> None:
    names = ("well", "wrong", "gone", "theirs", "file")
    parts = [box(desk.cloud, f"test:{name}", local=name == "file") for name in names]
    Engine([step("1", *parts)], desk.stack()).run()
    desk.cloud.resources["test:wrong", "wrong"][0].right = False
    desk.cloud.resources["test:gone", "gone"].clear()
    desk.cloud.resources["test:theirs", "theirs"][0].tags = THEIRS
    findings = after(desk, step("1", *parts, box(desk.cloud, "test:never")))
    assert {name: (each.ok, each.fix) for name, each in findings.items()} == {
        "test:well well": (True, ""),
        "test:wrong wrong": (False, f"loh run{OPTIONS}"),
        "test:gone gone": (False, f"loh run{OPTIONS}"),
        "test:theirs theirs": (False, "loh run --name ANOTHER --target aws"),
    }
    assert findings["test:wrong wrong"].what == "it is wrong"
    assert findings["test:gone gone"].what == "it is missing"
    assert "not this deployment's" in findings["test:theirs theirs"].what


def test_what_rests_on_something_broken_is_not_looked_at(desk: Desk) -> None:
    parts = box(desk.cloud), box(desk.cloud, "test:on-it", rests_on=("test:box",))
    Engine([step("1", *parts)], desk.stack()).run()
    for made in desk.cloud.resources.values():
        made[0].right = False
    assert set(after(desk, step("1", *parts))) == {"test:box box"}


def recorded(desk: Desk, *kinds: str, **more: str) -> None:
    """Write down that resources of these kinds were made."""
    journal = desk.stack().journal
    for kind in kinds:
        journal.made(Record(kind, more.get("name", kind), "1", RecordState.MADE, more.get("id", "id1")))


ENDS = sorted(DEPRECATED.items())


@pytest.mark.parametrize(("runtime", "ends"), ENDS)
def test_a_runtime_is_found_from_the_day_on_which_its_support_ends(
    desk: Desk, runtime: str, ends: date
) -> None:
    recorded(desk, Kind.FUNCTION)
    function = SimpleNamespace(get_function=lambda **_: {"Configuration": {"Runtime": runtime}})
    the_day_before = after(desk, today=ends - timedelta(days=1), lambda_=function)
    assert the_day_before["runtime"].ok
    assert str(ends) in the_day_before["runtime"].what
    that_day = after(desk, today=ends, lambda_=function)["runtime"]
    assert (that_day.ok, that_day.fix) == (False, f"loh run{OPTIONS}")


@pytest.mark.parametrize(
    ("said", "ok"),
    [
        ({}, True),
        ({"Concurrency": {}}, True),
        ({"Concurrency": {"ReservedConcurrentExecutions": 1}}, True),
        ({"Concurrency": {"ReservedConcurrentExecutions": 0}}, False),
    ],
)
def test_a_function_that_may_never_run_is_found(desk: Desk, said: dict[str, Any], ok: bool) -> None:
    recorded(desk, Kind.FUNCTION)
    answer = {"Configuration": {}, **said}
    finding = after(desk, lambda_=SimpleNamespace(get_function=lambda **_: answer))["concurrency"]
    assert finding.ok is ok
    assert finding.fix.startswith("" if ok else "aws lambda delete-function-concurrency")


@pytest.mark.parametrize(
    ("settings", "ok"),
    [
        ({}, True),
        ({"*/*": {}}, True),
        ({"*/*": {"throttlingRateLimit": 10.0, "throttlingBurstLimit": 5}}, True),
        ({"*/*": {"throttlingRateLimit": 0.0, "throttlingBurstLimit": 5}}, False),
        ({"*/*": {"throttlingRateLimit": 10.0, "throttlingBurstLimit": 0}}, False),
        ({"*/*": {"throttlingRateLimit": 10.0}, "/DynamoDBManager/POST": {"throttlingBurstLimit": 0}}, False),
    ],
)
def test_a_stage_that_lets_nothing_pass_is_found(desk: Desk, settings: Any, ok: bool) -> None:
    recorded(desk, Kind.REST_API, Kind.STAGE)
    gateway = SimpleNamespace(
        get_rest_api=lambda **_: {}, get_stage=lambda **_: {"methodSettings": settings, "deploymentId": "d"}
    )
    finding = after(desk, apigateway=gateway)["throttle"]
    assert finding.ok is ok
    assert finding.fix.startswith("" if ok else "aws apigateway update-stage --rest-api-id id1")


@pytest.mark.parametrize(("answer", "ok"), [({}, True), ({"disableExecuteApiEndpoint": True}, False)])
def test_an_endpoint_that_is_switched_off_is_found(desk: Desk, answer: Any, ok: bool) -> None:
    recorded(desk, Kind.REST_API)
    finding = after(desk, apigateway=SimpleNamespace(get_rest_api=lambda **_: answer))["endpoint"]
    assert finding.ok is ok
    assert finding.fix.startswith("" if ok else "aws apigateway update-rest-api --rest-api-id id1")


# --- whether it works ---


def answers(desk: Desk, ways: Ways) -> dict[str, Finding]:
    """What is found of the answers of a function behind its three ways."""
    recorded(desk, Kind.REST_API, Kind.RESOURCE, Kind.STAGE, Kind.PERMISSION)
    gateway = SimpleNamespace(
        test_invoke_method=ways.apigateway.test_invoke_method,
        get_rest_api=lambda **_: {},
        get_stage=lambda **_: {"deploymentId": "d"},
    )
    findings = after(desk, lambda_=ways.lambda_, apigateway=gateway, http=ways.http, dynamodb=ways.dynamodb)
    return {name: each for name, each in findings.items() if name.startswith("answer")}


def test_a_deployment_that_answers_by_every_way_is_well(desk: Desk) -> None:
    findings = answers(desk, Ways(Table()))
    assert set(findings) == {"answer via invoke", "answer via test-invoke-method", "answer via https"}
    assert all(each.ok for each in findings.values())


def test_a_function_that_fails_is_found_with_where_to_look(desk: Desk) -> None:
    ways = Ways(Table())
    ways.failed = True
    ways.statuses = [500] * 2000
    findings = answers(desk, ways)
    assert [each.ok for each in findings.values()] == [False] * 3
    assert {each.fix for each in findings.values()} == {f"loh logs{OPTIONS}"}
    assert "HTTP 500: " in findings["answer via test-invoke-method"].what
    assert {operation for _, operation in ways.sent} == {"echo"}, "each may take its time limit"


def test_a_wrong_answer_with_status_200_is_found(desk: Desk) -> None:
    ways = Ways(Table())
    ways.handler = lambda _: {"errorMessage": "it failed"}
    assert [each.ok for each in answers(desk, ways).values()] == [False] * 3


def test_a_lent_role_that_lambda_may_not_assume_is_found(desk: Desk) -> None:
    """No step may correct it, so no step looks at it."""
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}]}
    role = {"RoleName": "LabRole", "RoleId": "id1", "AssumeRolePolicyDocument": trust}
    iam = SimpleNamespace(
        get_role=lambda **_: {"Role": role}, exceptions=SimpleNamespace(NoSuchEntityException=KeyError)
    )
    lent = Choices(role_arn="arn:aws:iam::123456789012:role/LabRole")
    stack = replace(on(desk, iam=iam), choices=lent)
    finding = found(After(stack, [], date(2026, 1, 1)).probes())["trust"]
    assert not finding.ok
    assert finding.fix.startswith("aws iam update-assume-role-policy --role-name LabRole --policy-document ")
