"""A class in one account keeps to AWS's rates: in one process, in several, and without being refused."""

import json
import threading
from pathlib import Path

import pytest

from lambda_over_https.aws.waiting.pacing import FARTHEST, MARGIN, Pacer
from lambda_over_https.errors import LohError
from lambda_over_https.events import Event, Waiting
from lambda_over_https.run_context import RunContext
from tests.kit.in_memory.clock import StoppedClock
from tests.kit.program.support import Account, loh


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(1_800_000_000.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pacing.json"


def slots(pacer: Pacer, operation: str, count: int, service: str = "apigateway") -> list[float]:
    return [pacer.reserve(service, operation) for _ in range(count)]


DELETE = 30 + MARGIN
"""Seconds between two calls of DeleteRestApi."""


def test_the_first_goes_at_once_and_the_others_as_often_as_aws_lets_them(
    file: Path, clock: StoppedClock
) -> None:
    pacer = Pacer(file, "account", clock=clock)
    assert slots(pacer, "DeleteRestApi", 4) == pytest.approx([0, DELETE, 2 * DELETE, 3 * DELETE])
    assert slots(pacer, "CreateRestApi", 3) == pytest.approx([0, 3 + MARGIN, 2 * (3 + MARGIN)])


def test_all_calls_together_have_a_burst_below_aws_s_and_then_its_rate(
    file: Path, clock: StoppedClock
) -> None:
    taken = slots(Pacer(file, "account", clock=clock), "PutMethod", 60)
    at_once = taken.count(0.0)
    assert 30 < at_once < 40
    assert taken[at_once:] == pytest.approx([number / 10 for number in range(1, 61 - at_once)], abs=1e-4)


def test_calls_that_wait_for_their_turn_take_nothing_from_the_others_meanwhile(
    file: Path, clock: StoppedClock
) -> None:
    pacer = Pacer(file, "account", clock=clock)
    slots(pacer, "CreateDeployment", 60)
    assert slots(pacer, "PutMethod", 30) == [0.0] * 30


def test_who_is_late_makes_the_next_one_wait(file: Path, clock: StoppedClock) -> None:
    """AWS counts from the call that it received, not from when that one's turn had come."""
    slow, next_ = Pacer(file, "account", clock=clock), Pacer(file, "account", clock=clock)
    slow.reserve("apigateway", "DeleteRestApi")
    turn = next_.reserve("apigateway", "DeleteRestApi")
    clock.now += 20
    assert slow.begin("apigateway", "DeleteRestApi") == 0
    clock.now += turn - 20
    assert next_.begin("apigateway", "DeleteRestApi") == pytest.approx(20)
    clock.now += 20
    assert next_.begin("apigateway", "DeleteRestApi") == 0


def test_time_that_passes_counts(file: Path, clock: StoppedClock) -> None:
    pacer = Pacer(file, "account", clock=clock)
    slots(pacer, "DeleteRestApi", 2)
    clock.now += DELETE + 1
    assert slots(pacer, "DeleteRestApi", 1) == pytest.approx([DELETE - 1])
    clock.now += 1000
    assert slots(pacer, "DeleteRestApi", 2) == pytest.approx([0, DELETE])


def test_processes_share_the_slots_of_an_account_and_accounts_share_none(
    file: Path, clock: StoppedClock
) -> None:
    one, other = Pacer(file, "one", clock=clock), Pacer(file, "one", clock=clock)
    assert one.reserve("apigateway", "CreateDeployment") == 0
    assert other.reserve("apigateway", "CreateDeployment") == pytest.approx(5 + MARGIN)
    assert Pacer(file, "another", clock=clock).reserve("apigateway", "CreateDeployment") == 0


def test_threads_never_share_a_slot(file: Path, clock: StoppedClock) -> None:
    taken: list[float] = []

    def take() -> None:
        taken.extend(slots(Pacer(file, "account", clock=clock), "DeleteRestApi", 5))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == pytest.approx([DELETE * number for number in range(20)])


def test_what_runs_the_function_is_not_paced(file: Path, clock: StoppedClock) -> None:
    pacer = Pacer(file, "account", clock=clock)
    assert slots(pacer, "Invoke", 100, "lambda") == [0.0] * 100


@pytest.mark.parametrize("text", ["", "{", "[]", '{"account apigateway:DeleteRestApi": 99999999999}'])
def test_a_file_that_makes_no_sense_is_not_obeyed(file: Path, clock: StoppedClock, text: str) -> None:
    file.write_text(text)
    assert slots(Pacer(file, "account", clock=clock), "DeleteRestApi", 2) == pytest.approx([0, DELETE])
    assert all(full < clock.now + FARTHEST for full in json.loads(file.read_text()).values())


def test_the_file_is_private_and_forgets_what_is_over(file: Path, clock: StoppedClock) -> None:
    slots(Pacer(file, "gone", clock=clock), "DeleteRestApi", 1)
    clock.now += 100
    slots(Pacer(file, "here", clock=clock), "DeleteRestApi", 1)
    assert {name.split()[0] for name in json.loads(file.read_text())} == {"here"}
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_factor_stretches_or_shortens_the_waits(file: Path, clock: StoppedClock) -> None:
    assert slots(Pacer(file, "account", 0.1, clock), "DeleteRestApi", 2) == pytest.approx([0, 3 + MARGIN])


class Emitter:
    """botocore's emitter, as far as a client's registration goes."""

    def __init__(self) -> None:
        self.handlers: dict[str, object] = {}

    def register_first(self, event: str, handler: object) -> None:
        self.handlers[event] = handler


class Request:
    """botocore's request, as far as a handler of its creation needs it."""

    def __init__(self) -> None:
        self.context: dict[str, object] = {}


def test_a_wait_says_how_long_it_is(file: Path, clock: StoppedClock) -> None:
    told: list[Event] = []

    emitter = Emitter()
    pacer = Pacer(file, "account", clock=clock)
    pacer.listen(emitter, "apigateway", RunContext(told.append, sleep=clock.pass_))
    wait = emitter.handlers["request-created.apigateway"]
    for _ in range(3):
        wait(request=Request(), operation_name="DeleteRestApi")  # type: ignore[operator]
    waits = [event for event in told if isinstance(event, Waiting)]
    assert [event.next_look for event in waits] == pytest.approx([DELETE, DELETE])
    assert "our turn is in 30 s" in waits[-1].reason


def test_the_plain_sandbox_is_not_paced(account: Account, world: Path, name: str) -> None:
    file = world / "pacing.json"
    before = file.read_text() if file.exists() else ""
    assert loh("run", "--name", name, "--no-pause", "--yes").code == 0
    assert (file.read_text() if file.exists() else "") == before


def test_who_does_not_wait_makes_no_call_out_of_turn_and_holds_nobody_up(
    file: Path, clock: StoppedClock
) -> None:
    """A refused call would let all the others wait for another 30 seconds."""
    pacer, emitter = Pacer(file, "account", clock=clock), Emitter()
    pacer.listen(emitter, "apigateway", RunContext(lambda _: None, sleep=clock.pass_), turns=False)
    send = emitter.handlers["request-created.apigateway"]
    send(request=Request(), operation_name="DeleteRestApi")  # type: ignore[operator]
    for _ in range(3):
        clock.pass_(7)
        with pytest.raises(LohError, match=r"It was not its turn: .* DeleteRestApi once in 30 seconds"):
            send(request=Request(), operation_name="DeleteRestApi")  # type: ignore[operator]
    assert pacer.begin("apigateway", "DeleteRestApi") == pytest.approx(DELETE - 21)
    clock.pass_(DELETE - 21)
    send(request=Request(), operation_name="DeleteRestApi")  # type: ignore[operator]
