"""What the files of a deployment say, and what they show to be no longer so."""

import fcntl
import json
from dataclasses import replace
from typing import Any

import pytest

from lambda_over_https.board.feed import Feed
from lambda_over_https.board.scene import Scene
from lambda_over_https.board.sources.watching import Watcher
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Deployment, Record, State
from lambda_over_https.deployment.recorded import history, logbook
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PROD_STATEMENT, TEST_STATEMENT
from lambda_over_https.settings import Settings, home
from lambda_over_https.states import RecordState, StepState
from lambda_over_https.tutorial.lessons import LESSONS

ON_AWS = Deployment("a-1", "a", "aws", "1" * 12, "us-east-1", "", "", "2026-01-01T00:00:00+00:00")
IN_A_SANDBOX = replace(ON_AWS, target="sandbox", boot_id="an earlier one")


def _at(minute: int) -> str:
    return f"2026-01-01T00:{minute:02}:00.000+00:00"


class Files:
    """A deployment whose steps are all done, and a board that reads its files."""

    def __init__(self, deployment: Deployment) -> None:
        self._folder = home() / "deployments" / deployment.target / "a"
        self._folder.mkdir(parents=True)
        steps = dict.fromkeys((each.number for each in LESSONS), StepState.DONE)
        self._state = State(deployment, steps=steps)
        self._scene = Scene(Feed())
        self._watcher = Watcher(Settings(name="a", target=deployment.target), self._scene)

    def list_statements(self, minute: int, *more: str) -> None:
        """Write the journal: both statements are there, and ``more``, since that minute."""
        records = (
            Record(Kind.PERMISSION, name, "3.6", RecordState.MADE, serial=number, at=_at(minute))
            for number, name in enumerate((TEST_STATEMENT, PROD_STATEMENT, *more))
        )
        Journal(self._folder / "journal.json", replace(self._state, records=tuple(records))).save()

    def call(self, minute: int, operation: str, statement: str, error: str = "", step: str = "drill") -> None:
        """Add a call to the history."""
        what = {"run": "r", "step": step, "service": "lambda", "operation": operation, "error": error}
        self._add(history.FILE, at=_at(minute), **what, parameters={"StatementId": statement}, answer={})

    def remove(self, minute: int) -> None:
        """Add the calls with which the drill removes both statements."""
        for statement in (TEST_STATEMENT, PROD_STATEMENT):
            self.call(minute, "RemovePermission", statement)

    def repair(self, minute: int, *, by_hand: bool) -> None:
        """Note in the logbook who has repaired it."""
        self._add(logbook.FILE, at=_at(minute), what="repair", step="", name="permission", by_hand=by_hand)

    def note(self, minute: int, what: str) -> None:
        """Note in the logbook what became of a drill: that it asks its question, or that it is over."""
        texts = dict.fromkeys(("story", "question"), "")
        drill = {"exercise": "drill", "name": "permission", "title": "Locked", "choices": []}
        self._add(logbook.FILE, at=_at(minute), what=what, step="", **drill, **texts)

    def _add(self, file: str, **facts: Any) -> None:
        with (self._folder / file).open("a") as lines:
            lines.write(("" if lines.tell() else "{}\n") + json.dumps(facts) + "\n")

    def see(self, minute: int, *statements: str) -> None:
        """Look at the account, which has these statements."""
        self._watcher.see_statements(frozenset(statements), _at(minute))

    def seen(self) -> dict[str, Any]:
        """The scene after a look."""
        self._watcher.look()
        return self._scene.snapshot()

    def statement(self) -> str:
        """What the board shows of the permission."""
        return next(
            f"{each['state']} {each['name']}" for each in self.seen()["parts"] if each["label"] == "statement"
        ).strip()


@pytest.fixture
def files() -> Files:
    found = Files(ON_AWS)
    found.list_statements(1)
    return found


def test_a_statement_that_a_drill_has_removed_is_shown_as_removed(files: Files) -> None:
    files.call(2, "RemovePermission", TEST_STATEMENT)
    assert files.statement() == f"made {PROD_STATEMENT}"
    files.call(2, "RemovePermission", PROD_STATEMENT, error="ResourceNotFoundException")
    assert files.statement() == f"made {PROD_STATEMENT}"
    files.call(2, "RemovePermission", PROD_STATEMENT)
    assert files.statement() == "absent"
    assert files.seen()["answer"].startswith("A client reaches nothing")
    files.call(3, "AddPermission", TEST_STATEMENT)
    assert files.statement() == f"made {TEST_STATEMENT}"


def test_a_board_that_is_started_during_the_drill_sees_the_same(files: Files) -> None:
    files.remove(2)
    assert files.statement() == "absent"


def test_what_the_learner_repairs_by_hand_is_there_again_though_no_call_tells_of_it(files: Files) -> None:
    files.remove(2)
    files.repair(3, by_hand=False)
    assert files.statement() == "absent", "the program repairs by calls"
    files.repair(4, by_hand=True)
    assert files.statement() != "absent"
    files.remove(5)
    assert files.statement() == "absent"


def test_what_was_removed_and_made_anew_by_hand_is_there(files: Files) -> None:
    files.remove(2)
    files.list_statements(3)
    assert files.statement() != "absent"


def test_what_a_look_has_seen_holds_until_something_newer_is_known(files: Files) -> None:
    files.see(3)
    assert files.statement() == "absent", "somebody has removed it by hand"
    files.list_statements(4)
    assert files.statement() != "absent"
    files.remove(5)
    files.see(6, PROD_STATEMENT)
    assert files.statement() == f"made {PROD_STATEMENT}", "somebody has granted it by hand"
    files.remove(7)
    assert files.statement() == "absent"


def test_a_chapters_statement_does_not_stand_for_that_of_the_tutorial(files: Files) -> None:
    files.list_statements(1, "apigateway-prod-get")
    assert files.statement() == f"made {PROD_STATEMENT}"
    files.remove(2)
    assert files.statement() == "absent"


@pytest.mark.parametrize(
    ("step", "drill", "heading"),
    [
        ("drill", ["question"], {"number": "", "title": "Drill: Locked"}),
        ("drill", ["question", "over"], None),
        ("4", ["question", "over"], {"number": "4", "title": "Clean up"}),
        ("3.6", [], None),
        ("throttle", [], None),
    ],
)
def test_the_heading_says_what_is_at_work_and_not_what_is_over(
    files: Files, step: str, drill: list[str], heading: dict[str, str] | None
) -> None:
    for each in drill:
        files.note(2, each)
    files.call(2, "GetPolicy", "", step=step)
    seen = files.seen()["step"]
    assert seen == (heading and {**heading, "why": ""})


def test_a_sandbox_that_is_starting_is_not_waited_for() -> None:
    files = Files(IN_A_SANDBOX)
    files.list_statements(1)
    lock = home() / "sandbox" / "alive.lock"
    lock.parent.mkdir()
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # as a sandbox does long before it writes its record
        seen = files.seen()
    assert (seen["gone"], seen["invoke_url"]) == (True, None)
    assert {each["state"] for each in seen["parts"]} == {"absent"}
