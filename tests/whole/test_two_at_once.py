"""Several at work at the same time lose nothing and cross nothing."""

import json
from pathlib import Path
from threading import Event

import pytest

from tests.kit.account.between import Answer, Between, Call, Forward
from tests.kit.account.census import census, difference
from tests.kit.program.forks import Run, Zygote
from tests.kit.program.support import Account

SIDE_BY_SIDE = 40


class Held:
    """Holds the first call of a name until it is let go; says when that call has come."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.come, self.go = Event(), Event()

    def __call__(self, call: Call, forward: Forward) -> Answer | None:
        if call.name == self.name and call.number == 1:
            self.come.set()
            assert self.go.wait(60)
        return forward()


def _begin(zygote: Zygote, command: str, where: tuple[str, ...]) -> Run:
    return zygote.start(command, "--yes", *(("--no-pause",) if command == "run" else ()), *where)


@pytest.mark.parametrize(
    ("first", "held", "second"),
    [
        ("run", "iam:CreateRole", "run"),
        ("run", "lambda:CreateFunction", "teardown"),
        ("teardown", "lambda:DeleteFunction", "run"),
        ("teardown", "lambda:DeleteFunction", "teardown"),
    ],
)
def test_of_two_commands_on_one_deployment_the_second_is_told_who_is_at_work(
    between: Between, zygote: Zygote, account: Account, name: str, first: str, held: str, second: str
) -> None:
    before = census(account)
    where = ("--name", name, "--endpoint-url", between.url)
    if first == "teardown":
        assert _begin(zygote, "run", where).end().code == 0
    hold = Held(held)
    between.calls.clear()
    between.meddle = hold
    working = _begin(zygote, first, where)
    assert hold.come.wait(60)
    refused = _begin(zygote, second, where).end()
    assert refused.code == 4
    assert f"process {working.pid} on " in refused.err
    hold.go.set()
    done = working.end()
    assert done.code == 0, done.err
    if first == "run":
        assert _begin(zygote, "teardown", where).end().code == 0
    assert difference(before, census(account)) == []


def test_a_lock_whose_holder_was_killed_is_taken_over(
    between: Between, zygote: Zygote, account: Account, name: str, world: Path
) -> None:
    before = census(account)
    where = ("--name", name, "--endpoint-url", between.url)
    hold = Held("iam:CreateRole")
    between.meddle = hold
    killed = _begin(zygote, "run", where)
    assert hold.come.wait(60)
    killed.kill()
    hold.go.set()
    between.settle()
    [holder] = world.glob(f"deployments/endpoint-*/{name}/holder.json")
    assert json.loads(holder.read_bytes())["pid"] == killed.pid
    taken_over = _begin(zygote, "teardown", where).end()
    assert taken_over.code == 0, taken_over.err
    assert difference(before, census(account)) == []


def test_forty_deployments_side_by_side_in_one_account_stay_apart(
    zygote: Zygote, account: Account, name: str, world: Path
) -> None:
    """All steps for two of them, the role for all: enough to show whether anything is lost or crossed."""
    before = census(account)
    names = [f"{name}-{number}" for number in range(SIDE_BY_SIDE)]
    to = ["3.7" if number % 20 == 0 else "2.2" for number in range(SIDE_BY_SIDE)]
    runs = [
        zygote.start("run", "--yes", "--no-pause", "--to", last, "--name", each)
        for each, last in zip(names, to, strict=True)
    ]
    _end_all(runs)
    _assert_each_has_its_own(world, names)
    others, half = names[::2], names[1::2]
    _end_all([zygote.start("teardown", "--yes", "--name", each) for each in half])
    _assert_each_has_its_own(world, others)
    _end_all(
        [
            zygote.start("verify", "--name", each)
            for each, last in zip(names, to, strict=True)
            if last == "3.7"
        ]
    )
    _end_all([zygote.start("teardown", "--yes", "--name", each) for each in others])
    assert difference(before, census(account)) == []


def _end_all(runs: list[Run]) -> None:
    for run in runs:
        ended = run.end()
        assert ended.code == 0, ended.err


def _assert_each_has_its_own(world: Path, names: list[str]) -> None:
    seen: dict[str, str] = {}
    for each in names:
        journal = json.loads((world / "deployments" / "sandbox" / each / "journal.json").read_bytes())
        for record in journal["records"]:
            identity = f"{record['kind']} {record['id']}"
            if record["kind"] in ("iam:role", "lambda:function", "dynamodb:table", "apigateway:restapi"):
                assert seen.setdefault(identity, each) == each
            assert record["state"] == "made"
    assert len(seen) >= len(names)
