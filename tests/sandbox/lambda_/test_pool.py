"""How many workers a function has, and which one gets the next event."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.sandbox.lambda_.pool import PROCESSORS
from lambda_over_https.sandbox.lambda_.workers.setup import Limits
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Function, InvocationResult
from tests.kit.sandbox.lambda_fixtures import Opener, lab_fixture, open_lab_fixture  # noqa: F401
from tests.kit.sandbox.lambda_lab import Lab, gone

SLOW = (
    "import os, time\n"
    "running = 0\n"
    "def handler(event, context):\n"
    "    global running\n"
    "    running += 1\n"
    "    most = running\n"
    "    time.sleep(event)\n"
    "    running -= 1\n"
    "    return [os.getpid(), most]\n"
)


def at_once(lab: Lab, function: Function, events: Sequence[Any]) -> list[Any]:
    """The results of events that are sent together; raises, when all have ended, what one of them raised."""

    async def send() -> list[InvocationResult | BaseException]:
        calls = (lab.functions.invoke(function, json.dumps(event).encode()) for event in events)
        return await asyncio.gather(*calls, return_exceptions=True)

    results = []
    for outcome in lab.do(send()):
        if isinstance(outcome, BaseException):
            raise outcome
        results.append(json.loads(outcome.payload))
    return results


def test_a_warm_worker_is_used_again(lab: Lab) -> None:
    function = lab.python(SLOW)
    assert len({lab.result(function, 0)[0] for _ in range(5)}) == 1


def test_events_at_the_same_time_get_workers_of_their_own(lab: Lab, tmp_path: Path) -> None:
    """Each waits for the others to have begun, in processes of their own."""
    function = lab.python(
        "import os, time\n"
        "def handler(folder, context):\n"
        "    open(f'{folder}/{os.getpid()}', 'w').close()\n"
        "    while len(os.listdir(folder)) < 3:\n        time.sleep(0.01)\n"
        "    return os.getpid()\n",
        timeout=60,
    )
    assert len({*at_once(lab, function, [str(tmp_path)] * 3)}) == 3


def test_quick_events_share_a_worker(open_lab: Opener) -> None:
    lab = open_lab(limits=Limits(patience=2.0))
    function = lab.python(SLOW)
    lab.result(function, 0)
    assert len({pid for pid, _ in at_once(lab, function, [0] * 20)}) == 1


def test_there_are_not_more_workers_than_the_limit(open_lab: Opener) -> None:
    lab = open_lab(limits=Limits(workers=2))
    function = lab.python(SLOW)
    assert len({pid for pid, _ in at_once(lab, function, [0.05] * 8)}) == 2


def test_no_more_workers_start_at_once_than_there_are_processors(lab: Lab) -> None:
    function = lab.python(SLOW)
    at_once(lab, function, [0] * (4 * PROCESSORS))
    lab.close()
    said = [(text.split(" ")[0], at) for _, _, text, at in lab.state.logged]
    first = min(at for word, at in said if word == "START")
    assert len([at for word, at in said if word == "INIT_START" and at <= first]) <= PROCESSORS


def test_too_many_waiting_events_are_throttled(open_lab: Opener) -> None:
    lab = open_lab(limits=Limits(workers=1, waiting=2))
    function = lab.python(SLOW)
    with pytest.raises(AwsError, match=r"TooManyRequestsException: Rate Exceeded\."):
        at_once(lab, function, [0.05] * 5)


def test_the_worker_used_last_is_used_next(lab: Lab) -> None:
    function = lab.python(SLOW)
    at_once(lab, function, [0.3, 0.3])
    last = lab.result(function, 0)[0]
    assert {lab.result(function, 0)[0] for _ in range(3)} == {last}


def test_idle_workers_are_ended(open_lab: Opener) -> None:
    lab = open_lab(limits=Limits(idle=0.05))
    function = lab.python(SLOW)
    pid = lab.result(function, 0)[0]
    assert lab.do(_soon_gone(pid))
    assert lab.result(function, 0)[0] != pid


def test_reserved_concurrency_throttles_what_is_beyond_it(lab: Lab) -> None:
    function = lab.change(lab.python(SLOW), reserved_concurrency=1)
    with pytest.raises(AwsError, match=r"Rate Exceeded\."):
        at_once(lab, function, [0.05, 0.05])
    assert lab.result(function, 0)
    with pytest.raises(AwsError, match=r"Rate Exceeded\."):
        lab.invoke(lab.change(function, reserved_concurrency=0), 0)


def test_an_invocation_that_raises_gives_its_place_back(lab: Lab) -> None:
    """A place that is not given back is lost for as long as the sandbox runs."""
    function = lab.change(lab.python(SLOW), reserved_concurrency=1)
    lab.state.refuse_roles = True
    for _ in range(2):
        with pytest.raises(AwsError, match="cannot be assumed"):
            lab.invoke(function, 0)
    lab.state.refuse_roles = False
    assert lab.result(function, 0)


def test_a_call_that_is_given_up_ends_its_process_and_gives_its_place_back(lab: Lab, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    source = "import os, pathlib, time\ndef handler(event, context):\n    if event:\n        time.sleep(60)\n"
    source = source.replace(
        "if event:", "if event:\n        pathlib.Path(event).write_text(str(os.getpid()))"
    )
    function = lab.change(lab.python(source, timeout=90), reserved_concurrency=1)

    async def give_up() -> None:
        call = asyncio.ensure_future(lab.functions.invoke(function, json.dumps(str(note)).encode()))
        while not (note.exists() and note.read_text()):
            await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    lab.do(asyncio.wait_for(give_up(), 30))
    assert lab.do(_soon_gone(int(note.read_text())))
    assert lab.result(function, "") is None


# Changes


def test_a_change_counts_from_the_next_event_on(lab: Lab) -> None:
    function = lab.python(
        "import os\ndef handler(event, context):\n    return [os.getpid(), os.environ.get('STATE')]\n"
    )
    pid, state = lab.result(function)
    assert state is None
    changed = lab.change(function, environment={"STATE": "new"})
    assert lab.result(changed)[1] == "new"
    assert lab.do(_soon_gone(pid))


def test_the_workers_of_a_deleted_function_are_ended(open_lab: Opener) -> None:
    lab = open_lab()
    kept, deleted = lab.python(SLOW), lab.python(SLOW)
    kept_pid, pid = lab.result(kept, 0)[0], lab.result(deleted, 0)[0]
    del lab.state.functions[deleted.name]
    assert lab.do(_soon_gone(pid))
    assert not gone(kept_pid)


WAITS = (
    "import pathlib, time\n"
    "def handler(event, context):\n"
    "    pathlib.Path(event, 'started').touch()\n"
    "    while not pathlib.Path(event, 'go').exists(): time.sleep(0.01)\n"
    "    return 'old'\n"
)


def test_an_event_under_way_ends_on_the_code_it_began_with(lab: Lab, tmp_path: Path) -> None:
    old = lab.python(WAITS)
    new = lab.python("def handler(event, context):\n    return 'new'\n", name=old.name)
    lab.state.functions[old.name] = old

    async def both() -> list[bytes]:
        slow = asyncio.ensure_future(lab.functions.invoke(old, json.dumps(str(tmp_path)).encode()))
        while not (tmp_path / "started").exists():
            await asyncio.sleep(0.01)
        lab.state.functions[old.name] = new
        quick = await lab.functions.invoke(new, b"0")
        assert not slow.done()
        (tmp_path / "go").touch()
        return [quick.payload, (await slow).payload]

    assert lab.do(both()) == [b'"new"', b'"old"']


def test_eight_clients_get_their_own_answers_while_the_code_changes_and_others_fail(lab: Lab) -> None:
    source = (
        "import os, sys\n"
        "def handler(event, context):\n"
        "    if event['n'] % 40 == 13: os._exit(1)\n"
        "    if event['n'] % 40 == 27: raise ValueError(event['n'])\n"
        "    if event['n'] % 40 == 33: return {1}\n"
        "    print(event['n'])\n"
        "    return [event['client'], event['n'], VERSION]\n"
    )
    versions = [lab.python(f"VERSION = {number}\n{source}", name="changing") for number in range(5)]
    present = [versions[0]]
    lab.state.functions["changing"] = versions[0]

    async def client(number: int) -> int:
        answered = 0
        for n in range(60):
            event = json.dumps({"client": number, "n": n}).encode()
            function = present[0]
            outcome = await lab.functions.invoke(function, event)
            answer = json.loads(outcome.payload)
            if n % 40 in (13, 27, 33):
                assert outcome.error == "Unhandled", answer
            else:
                assert answer == [number, n, versions.index(function)], answer
            answered += 1
        return answered

    async def everybody() -> int:
        clients = [asyncio.ensure_future(client(number)) for number in range(8)]
        for version in versions[1:]:
            await asyncio.sleep(0.1)
            present[0] = lab.state.functions["changing"] = version
        return sum(await asyncio.gather(*clients))

    assert lab.do(everybody()) == 480


async def _soon_gone(pid: int) -> bool:
    for _ in range(500):
        if gone(pid):
            return True
        await asyncio.sleep(0.01)
    return False
