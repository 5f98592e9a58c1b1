"""What ^C does, once and twice: in a run, in a teardown, in a wait."""

import signal
from datetime import UTC, datetime
from threading import Event, Lock, Timer

import pytest

from lambda_over_https.errors import InterruptedRunError
from lambda_over_https.events import Note
from lambda_over_https.run_context import RunContext
from tests.kit.account.between import Answer, Between, Call, Forward, once
from tests.kit.account.census import Census, census, difference
from tests.kit.program.bench import Bench
from tests.kit.program.forks import Run, Zygote
from tests.kit.program.support import Account

INTERRUPTED_AT = {
    "iam:CreateRole #1": "iam:role",
    "lambda:CreateFunction #1": "lambda:function",
    "apigateway:CreateDeployment #1": "apigateway:stage",
}


@pytest.mark.parametrize("label", INTERRUPTED_AT)
def test_one_interrupt_lets_the_call_under_way_end_and_be_written_down(
    between: Between, zygote: Zygote, account: Account, before: Census, name: str, label: str
) -> None:
    runs: list[Run] = []
    started = Event()

    def interrupt(_: Call, forward: Forward) -> Answer:
        assert started.wait(10)
        runs[0].kill(signal.SIGINT)
        return forward()

    between.meddle = once(label, interrupt)
    where = ("--name", name, "--endpoint-url", between.url)
    runs.append(zygote.start("run", "--no-pause", "--yes", *where))
    started.set()
    ended = runs[0].end()
    assert ended.code == 130, ended.err
    assert "Interrupted" in ended.err
    resources = zygote.loh("status", "--json", *where).json["resources"]
    states = {each["kind"]: each["state"] for each in resources}
    assert states[INTERRUPTED_AT[label]] == "made"
    assert set(states.values()) == {"made"}
    assert zygote.loh("teardown", "--yes", *where).code == 0
    assert difference(before, census(account)) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_other_signals_that_end_a_program_do_what_an_interrupt_does(
    between: Between, zygote: Zygote, account: Account, name: str, number: signal.Signals, code: int
) -> None:
    runs: list[Run] = []
    started = Event()

    def end(_: Call, forward: Forward) -> Answer:
        assert started.wait(10)
        runs[0].kill(number)
        return forward()

    between.meddle = once(next(iter(INTERRUPTED_AT)), end)
    where = ("--name", name, "--endpoint-url", between.url)
    runs.append(zygote.start("run", "--no-pause", "--yes", *where))
    started.set()
    ended = runs[0].end()
    assert ended.code == code, ended.err
    if number == signal.SIGTERM:
        assert "`loh run" in ended.err
    resources = zygote.loh("status", "--json", *where).json["resources"]
    assert {each["state"] for each in resources} == {"made"}
    assert zygote.loh("teardown", "--yes", *where).code == 0


@pytest.mark.parametrize("command", ["run", "teardown"])
def test_two_interrupts_at_every_call_leave_at_once_and_lose_nothing(
    between: Between, zygote: Zygote, account: Account, before: Census, name: str, command: str
) -> None:
    """Each try gets one changing call further: that takes effect when the program has gone, unheard."""
    where = ("--name", name, "--endpoint-url", between.url)
    if command == "teardown":
        assert zygote.loh("run", "--no-pause", "--yes", *where).code == 0
    reached: set[object] = set()
    while _interrupted_twice_at_the_first_new_change(between, zygote, command, where, reached):
        pass
    assert len(reached) >= (15 if command == "run" else 5), reached
    if command == "run":
        [api] = [value for key, value in census(account).items() if key.startswith(f"api {name}-")]
        assert [len(api[part]) for part in ("resources", "stages", "deployments")] == [2, 1, 1]
        assert zygote.loh("teardown", "--yes", *where).code == 0
    assert difference(before, census(account)) == []


def _interrupted_twice_at_the_first_new_change(
    between: Between, zygote: Zygote, command: str, where: tuple[str, ...], reached: set[object]
) -> bool:
    """Whether there was a changing call not ``reached`` before; if not, the command ended well."""
    runs: list[Run] = []
    before = len(reached)
    hung: list[str] = []
    started, over, lock = Event(), Event(), Lock()

    def interrupt(call: Call, forward: Forward) -> Answer | None:
        change = (call.name, call.path, call.body)
        with lock:
            first = len(reached) == before
            passes = not call.mutates or (first and change in reached)
            reached.update(() if passes else (change,))
        if passes:
            return forward()
        if first:
            assert started.wait(10)
            runs[0].kill(signal.SIGINT)
            _until_said(runs[0], "^C again")
            runs[0].kill(signal.SIGINT)
        hung.extend(() if over.wait(30) else [call.label])
        forward()
        return None

    between.meddle = interrupt
    runs.append(zygote.start(command, "--yes", *(("--no-pause",) if command == "run" else ()), *where))
    started.set()
    ended = runs[0].end()
    over.set()
    between.settle()
    between.meddle = lambda _, forward: forward()
    assert not hung, "it waits for an answer that never comes"
    assert ended.code == (130 if len(reached) > before else 0), ended.err
    return len(reached) > before


def _until_said(run: Run, text: str) -> None:
    deadline = datetime.now(UTC).timestamp() + 30
    while text not in (run.folder / "err").read_text():
        assert datetime.now(UTC).timestamp() < deadline, (run.folder / "err").read_text()


def test_an_interrupt_ends_a_long_wait_atonce() -> None:
    run = RunContext(lambda _: None)
    waiting = Timer(0.05, run.interrupt)
    waiting.start()
    with pytest.raises(InterruptedRunError):
        run.wait(600)
    with pytest.raises(InterruptedRunError):
        run.wait_until(lambda: False, "what never comes", 600)
    waiting.join()


def test_an_interrupted_wait_says_so_and_the_notes_tell_of_the_second_way_out(bench: Bench) -> None:
    run = bench.context()
    run.interrupt()
    with pytest.raises(InterruptedRunError):
        run.wait(60)
    assert any(isinstance(each, Note) and "^C again" in each.text for each in bench.events)
