"""Each drill shows what it promises, and leaves the deployment as it was."""

import contextlib
import dis
import inspect
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any, cast

import pytest

from lambda_over_https.cli.commands import drill as drill_command
from lambda_over_https.cli.commands.drill import play
from lambda_over_https.cli.process import endings
from lambda_over_https.cli.shared import opening
from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import names_for
from lambda_over_https.practice.drills import whole as wholeness
from lambda_over_https.practice.drills.drill import Seen
from lambda_over_https.practice.drills.registry import DRILLS
from lambda_over_https.run_context import RunContext
from lambda_over_https.tutorial.chapter_lessons import OUTLINES
from tests.kit.program.forks import ENDS_WITHIN, Run, Zygote
from tests.kit.program.lesson import at_work, finished
from tests.kit.program.support import Account, done, loh

NAMES = [drill.name for drill in DRILLS]


@pytest.fixture
def drilled(account: Account) -> str:
    return finished("drilled")


def _is_whole(name: str) -> bool:
    ran = loh("verify", "--name", name, "--json")
    plan = loh("plan", "--name", name, "--json").json
    return bool(ran.json["passed"]) and {step["action"] for step in plan["steps"]} == {"keep"}


@pytest.mark.parametrize(
    ("drill", "status", "words"),
    [
        ("permission", 500, "Internal server error"),
        ("policy", 500, "InternalError"),
        ("path", 403, "Missing Authentication Token"),
        ("raises", 500, "The shelf is empty"),
        ("unmapped", 200, "errorMessage"),
        ("redeploy", 200, "somekey1"),
    ],
)
def test_a_drill_shows_what_it_foretells_and_leaves_everything_whole(
    drilled: str, drill: str, status: int, words: str
) -> None:
    ran = loh("drill", drill, "--name", drilled, "--json")
    assert ran.code == 0, ran.err + ran.out
    assert ran.json["as_foretold"] is True
    assert ran.json["seen"][0]["status"] == status
    assert words in ran.json["seen"][0]["body"]
    assert _is_whole(drilled)


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on this machine")
def test_a_function_in_javascript_raises_and_is_itself_again(account: Account, name: str) -> None:
    assert loh("run", "--no-pause", "--name", name, "--runtime", "nodejs").code == 0
    ran = loh("drill", "raises", "--name", name, "--json")
    assert ran.code == 0, ran.err + ran.out
    assert ran.json["as_foretold"] is True
    assert any("The shelf is empty" in line for line in ran.json["seen"][0]["log"])
    assert _is_whole(name)
    assert loh("teardown", "--yes", "--name", name).code == 0


def _told_on(run: Run, words: str) -> None:
    """Wait until a run has said these words."""
    end = time.monotonic() + ENDS_WITHIN
    while words not in run.said():
        assert not run.ended.is_set(), run.said()
        assert time.monotonic() < end, run.said()
        time.sleep(0.005)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("at", ["HTTP 500", "Checking every step"])
def test_however_a_drill_or_its_repair_is_ended_everything_is_whole_again(
    drilled: str, zygote: Zygote, at: str, ending: signal.Signals
) -> None:
    """The real program and the real signal: as soon as it is broken, and while it is being put right.

    ^C, being stopped, and the terminal's window being closed.
    """
    run = zygote.start("drill", "permission", "--name", drilled)
    _told_on(run, at)
    run.kill(ending)
    ran = run.end()
    unheard = [0] if ending is signal.SIGINT else []  # ^C has no effect from the repair on
    assert ran.code in [endings.BY_SIGNAL + ending, *unheard], ran.err
    assert _is_whole(drilled)


def test_each_drill_is_tried_above() -> None:
    tutorial = [drill.name for drill in DRILLS if not drill.chapter]
    assert tutorial == ["permission", "policy", "path", "raises", "unmapped", "redeploy"]


@pytest.mark.parametrize(
    ("chapter", "drill", "status", "words"),
    [
        ("cors", "hidden", 403, "Access-Control-Allow-Origin: missing"),
        ("throttle", "brake", 429, "Too Many Requests"),
        ("keys", "unlinked", 403, "Forbidden"),
    ],
)
def test_a_chapters_drill_needs_the_chapter_on_and_leaves_it_on(
    drilled: str, chapter: str, drill: str, status: int, words: str
) -> None:
    refused = loh("drill", drill, "--name", drilled)
    assert refused.code == 1
    assert f"`loh chapter on {chapter} --name {drilled}`" in refused.err
    assert loh("chapter", "on", chapter, "--no-pause", "--name", drilled).code == 0
    ran = loh("drill", drill, "--name", drilled, "--json")
    assert ran.code == 0, ran.err + ran.out
    assert ran.json["as_foretold"] is True
    assert ran.json["seen"][0]["status"] == status
    assert words in ran.json["seen"][0]["body"]
    assert _is_whole(drilled)
    assert loh("chapter", "off", chapter, "--name", drilled).code == 0
    assert _is_whole(drilled)


def test_each_chapter_has_a_drill() -> None:
    assert {drill.chapter for drill in DRILLS if drill.chapter} == {each.name for each in OUTLINES}


def test_a_right_prediction_is_praised_and_a_wrong_one_put_right(drilled: str) -> None:
    assert "Right! It is b" in loh("drill", "path", "--name", drilled, "--predict", "b").err
    assert (
        "You said a; the right choice is b" in loh("drill", "path", "--name", drilled, "--predict", "a").err
    )


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_it_is_repaired_whatever_ends_it(drilled: str, interruption: type[BaseException]) -> None:
    drill = next(each for each in DRILLS if each.name == "permission")

    def broken_off(stack: Stack) -> Iterator[Seen]:
        yield from drill.play(stack)
        raise interruption

    with at_work(drilled) as (stack, _), contextlib.suppress(interruption):
        play(replace(drill, play=broken_off), stack, as_json=True)
    assert _is_whole(drilled)


class Unwhole:
    """An engine that always has something to repair; ``ran`` says how far it was told to go."""

    def __init__(self) -> None:
        self.ran: list[tuple[bool, str | None]] = []

    def told(self, _: object, *, tries: bool = True) -> SimpleNamespace:
        def run(to: str | None, _: int) -> bool:
            self.ran.append((tries, to))
            return True

        return SimpleNamespace(run=run)


@pytest.mark.parametrize("ending", ["before", "while it waits"])
def test_a_drill_whose_terminal_is_closed_repairs_and_waits_for_nothing(
    monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """What waits holds the deployment's lock, long after everybody has left."""
    engine, received = Unwhole(), [signal.SIGHUP] if ending == "before" else []
    monkeypatch.setattr(endings, "_received", received)
    monkeypatch.setattr(opening, "engine_for", engine.told)
    monkeypatch.setattr(wholeness, "is_whole", lambda _: False)
    run = RunContext(lambda _: None, sleep=lambda _: received.append(signal.SIGHUP))
    assert drill_command.repair(cast("Stack", SimpleNamespace(run=run)), None)
    assert engine.ran == [*([(True, "3.6")] if ending != "before" else []), (False, None)]


@pytest.mark.parametrize(
    ("status", "body", "whole"),
    [
        (200, '{"greeting": "Hello"}', True),
        (400, '{"error": "[BadRequest] none"}', True),
        (500, '{"message": "Internal server error"}', False),
        (403, '{"message": "Missing Authentication Token"}', False),
        (200, '{"errorType": "Runtime.HandlerNotFound"}', False),
    ],
)
def test_a_handler_of_ones_own_is_whole_once_its_answer_arrives(
    monkeypatch: pytest.MonkeyPatch, status: int, body: str, *, whole: bool
) -> None:
    monkeypatch.setattr(wholeness, "post", lambda *_: Seen("POST", status, body))
    stack = SimpleNamespace(choices=Choices(source=Path("own.py")), names=names_for("own"))
    assert wholeness.is_whole(cast("Stack", stack)) is whole
    own = next(each.whole for each in DRILLS if each.name == "unmapped")
    assert own
    assert own(cast("Stack", stack)) is whole


CHECKED = ("CALL", "CALL_KW", "CALL_FUNCTION_EX", "JUMP_BACKWARD", "RESUME")
"""Instructions after which Python lets a signal's handler run; between others it never does."""


def _sent_at(moment: int, play: Callable[[], object]) -> bool:
    """Send this process SIGTERM at that instruction of the code that plays; False if there are fewer."""
    left = moment

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in (drill_command.__file__, endings.__file__):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode" and dis.opname[frame.f_code.co_code[frame.f_lasti]] in CHECKED:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGTERM)
        return trace

    before = {number: signal.getsignal(number) for number in endings.ENDINGS}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    frame = inspect.currentframe()
    assert frame
    frame.f_trace_opcodes = True  # Python 3.12 asks only now whether any frame wants this
    sys.settrace(trace)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            play()
    finally:
        sys.settrace(None)
        for number, handler in before.items():
            signal.signal(number, handler)
    return left <= 0


def test_a_signal_that_comes_while_we_begin_to_listen_leaves_the_handlers_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = {number: signal.getsignal(number) for number in endings.ENDINGS}
    listen = signal.signal

    def interrupted(number: int, handler: Any) -> Any:
        found = listen(number, handler)
        if number == signal.SIGTERM and handler is not before[signal.SIGTERM]:
            os.kill(os.getpid(), signal.SIGTERM)
        return found

    monkeypatch.setattr(signal, "signal", interrupted)
    with pytest.raises(KeyboardInterrupt), endings.heard_once():
        raise AssertionError("nothing may begin any more")
    assert {number: signal.getsignal(number) for number in endings.ENDINGS} == before


def test_at_whatever_instruction_it_is_ended_what_was_broken_is_repaired(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = False

    def breaking(_: object) -> Iterator[Seen]:
        nonlocal broken
        broken = True
        yield Seen("POST", 500, "")

    def repair(*_: object) -> bool:
        nonlocal broken
        broken = False
        return True

    monkeypatch.setattr(endings, "_received", [])
    monkeypatch.setattr(drill_command, "repair", repair)
    drill, stack = replace(DRILLS[0], play=breaking), cast("Stack", object())
    moments = 0
    while _sent_at(moments + 1, lambda: play(drill, stack, as_json=True)):
        moments += 1
        assert not broken, f"instruction {moments}"
    assert moments > 20


def test_the_one_that_is_right_is_among_the_choices_and_every_text_is_there() -> None:
    for drill in DRILLS:
        assert len(drill.choices) == 3
        assert 0 <= drill.right < 3
        assert all((drill.title, drill.story, drill.question, drill.why, drill.repair))


def test_an_observation_that_is_not_the_promised_one_is_told_apart() -> None:
    """The judge of each drill can say no: an echo as ever is what none of them promises."""
    usual = [Seen("POST", 200, '{"somekey1": "somevalue1"}')] * 3
    assert not any(drill.foretold(usual) for drill in DRILLS)


def test_drills_are_listed_and_a_mistyped_one_suggested() -> None:
    assert all(name in loh("drill", "list").out for name in NAMES)
    ran = loh("drill", "permision")
    assert ran.code == 2
    assert "Did you mean permission?" in ran.err


def test_a_drill_needs_the_whole_deployment(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    ran = loh("drill", "permission", "--name", name)
    assert ran.code == 1
    assert "complete deployment" in ran.err
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_drills_are_no_part_of_what_is_exported(drilled: str) -> None:
    before = loh("export", "--name", drilled).out
    for drill in ("permission", "unmapped", "raises"):
        done("drill", drill, "--name", drilled)
    script = loh("export", "--name", drilled).out
    for operation in (
        "add-permission",
        "put-method-response",
        "put-integration-response",
        "create-deployment",
    ):
        assert script.count(f" {operation} ") == before.count(f" {operation} ")
    assert "from the draft" not in script
    assert script.rindex(" put-method-response ") < script.index(" put-integration-response ")
