"""Looks at single students: shared, few at a time, and told plainly where they fail."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from lambda_over_https.board import server
from lambda_over_https.board.classes.account import ClassAccount
from lambda_over_https.board.classes.looks import AT_ONCE, Looks
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.doctor import Finding
from lambda_over_https.errors import LohError
from lambda_over_https.names import names_for
from lambda_over_https.run_context import RunContext
from tests.board.test_vocabulary import TEXT
from tests.kit.account.between import Between
from tests.kit.board.boards import Board, class_board
from tests.kit.program.support import Account, done

STUDENTS = [Student(f"{number:02}", f"c-{number:02}") for number in range(1, 31)]
PATIENCE = 20.0
FOR_EVER = 1e9


class Examination:
    """Examines when it is let, and notes whom, and how many at a time."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.seen: list[str] = []
        self.most = 0
        self._under_way = 0
        self._lock = threading.Lock()

    def __call__(self, student: Student) -> Sequence[Finding]:
        with self._lock:
            self.seen.append(student.name)
            self._under_way += 1
            self.most = max(self.most, self._under_way)
        assert self.let.wait(PATIENCE)
        with self._lock:
            self._under_way -= 1
        return [Finding("x", False, "it is wrong", "loh run")]


def _in_a_loop(work: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), PATIENCE))


def test_thirty_who_ask_for_one_student_make_one_look() -> None:
    examination = Examination()

    async def ask() -> None:
        looks = Looks(STUDENTS, examination, FOR_EVER)
        asking = [asyncio.create_task(looks.at("07")) for _ in range(30)]
        await asyncio.sleep(0)
        examination.let.set()
        first, *others = await asyncio.gather(*asking)
        assert first is not None
        assert first["student"] == "07"
        assert all(each == first for each in (*others, await looks.at("07")))

    _in_a_loop(ask)
    assert examination.seen == ["07"]


def test_a_look_that_is_no_longer_fresh_is_made_anew() -> None:
    examination = Examination()
    examination.let.set()

    async def ask() -> None:
        looks = Looks(STUDENTS, examination, fresh=0)
        await looks.at("07")
        await looks.at("07")

    _in_a_loop(ask)
    assert examination.seen == ["07", "07"]


def test_only_a_few_students_are_looked_at_at_a_time() -> None:
    examination = Examination()

    async def ask() -> None:
        looks = Looks(STUDENTS, examination, FOR_EVER)
        asking = [asyncio.create_task(looks.at(each.name)) for each in STUDENTS]
        while len(examination.seen) < AT_ONCE:
            await asyncio.sleep(0.01)
        examination.let.set()
        await asyncio.gather(*asking)

    _in_a_loop(ask)
    assert sorted(examination.seen) == [each.name for each in STUDENTS]
    assert examination.most == AT_ONCE


def test_who_goes_away_ends_the_look_for_nobody_else() -> None:
    examination = Examination()

    async def ask() -> None:
        looks = Looks(STUDENTS, examination, FOR_EVER)
        first, second = (asyncio.create_task(looks.at("07")) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        examination.let.set()
        found = await second
        assert found is not None
        assert found["findings"][0]["what"] == "it is wrong"

    _in_a_loop(ask)
    assert examination.seen == ["07"]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (LohError("AWS refuses it.", "Sign in again."), "AWS refuses it. Sign in again."),
        (OSError(28, "No space left on device"), "The operating system refused: No space left on device."),
    ],
)
def test_a_look_that_fails_says_why(failure: Exception, words: str) -> None:
    def examine(student: Student) -> Sequence[Finding]:
        raise failure

    async def ask() -> None:
        found = await Looks(STUDENTS, examine, FOR_EVER).at("01")
        assert found is not None
        assert (found["findings"], found["problem"].startswith(words)) == ([], True)

    _in_a_loop(ask)


def test_of_nobody_there_is_no_look() -> None:
    async def ask() -> None:
        assert await Looks(STUDENTS, Examination(), FOR_EVER).at("31") is None

    _in_a_loop(ask)


def test_a_board_that_can_look_no_more_because_of_a_bug_ends_and_does_not_go_on_showing_what_was() -> None:
    taught: Any = SimpleNamespace(name="c", students=tuple(STUDENTS))
    cloud: Any = SimpleNamespace(run=RunContext(lambda _: None))
    place: Any = SimpleNamespace(on_this_machine=True, is_sandbox=False)
    account = ClassAccount(lambda: (cloud, place))
    urls: list[str] = []

    async def serve() -> None:
        await server.serve_class(taught, account, server.Serving(0, urls.append, asyncio.Event()))

    with pytest.raises(AttributeError):
        _in_a_loop(serve)
    assert len(urls) == 1


def _found(running: Board, name: str) -> dict[str, Any]:
    answer = running.get(f"/look/{name}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json; charset=utf-8")
    found: dict[str, Any] = answer.json
    assert set(found) <= {each for each in found if f"`{each}`" in TEXT}
    assert found["problem"] == ""
    return found


def _wrong(found: dict[str, Any]) -> dict[str, str]:
    """What is wrong: the fix, by the name of the check."""
    return {each["name"]: each["fix"] for each in found["findings"] if not each["ok"]}


def test_on_aws_a_look_finds_what_is_wrong_and_the_fix_for_that_student_and_changes_nothing(
    on_aws: Between, account: Account, name: str
) -> None:
    where, own = ("--target", "aws"), ("--class", name)
    done("class", "new", name, "--prefix", name, "--count", "3", *where)
    done("class", "run", *own, "--only", "01", "--to", "2.4", "--yes")
    done("class", "run", *own, "--only", "02", "--to", "2.3", "--yes")
    done("class", "run", *own, "--only", "03", "--yes")
    account.client("lambda").put_function_concurrency(
        FunctionName=names_for(f"{name}-03").function, ReservedConcurrentExecutions=0
    )
    with class_board(name, ask=False) as running, ThreadPoolExecutor(3) as pool:
        on_aws.calls.clear()
        one, two, three = pool.map(lambda each: _found(running, each), ("01", "02", "03"))
        assert running.get("/look/04").status == 404
        assert running.get("/look/01", Origin="https://evil.example").status == 403
    options = "--target aws --region us-east-1"
    assert _wrong(one) == {"step 3.1": f"loh run --to 3.1 --name {name}-01 {options}"}
    assert _wrong(two) == {"step 2.4": f"loh run --to 2.4 --name {name}-02 {options}"}
    assert set(_wrong(three)) == {"concurrency", "the URL"}
    assert [call.name for call in on_aws.calls if call.mutates] == []
    done("class", "sweep", *own, "--yes")
