"""A class whose sandbox stops, and another one that runs then."""

import fcntl
import json
from collections.abc import Iterator
from dataclasses import asdict
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING, Any, cast

import pytest

from lambda_over_https.board.classes.account import STOPPED, ClassAccount
from lambda_over_https.board.classes.watching import pause_of
from lambda_over_https.errors import LohError
from lambda_over_https.sandbox.client.record import Sandbox
from lambda_over_https.settings import home
from lambda_over_https.tutorial.chapters.keys.usage_plan import QUOTA
from lambda_over_https.tutorial.chapters.protect.firewall.web_acl import LIMIT

if TYPE_CHECKING:
    from lambda_over_https.aws.place import Place


def _run(boot_id: str) -> None:
    """Let the record be that of a sandbox with this id."""
    record = Sandbox("http://127.0.0.1:1", "https://127.0.0.1:2", "", 1, boot_id, "1" * 12, "")
    (home() / "sandbox" / "sandbox.json").write_text(json.dumps(asdict(record)))


@pytest.fixture
def alive() -> Iterator[IO[str]]:
    """The lock that a sandbox holds while it lives."""
    folder = home() / "sandbox"
    folder.mkdir(parents=True)
    with (folder / "alive.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield held


def test_the_class_goes_on_in_the_sandbox_that_runs_and_says_so_where_none_does(alive: IO[str]) -> None:
    connected: list[Any] = []

    def connect() -> Any:
        connected.append((object(), SimpleNamespace(is_sandbox=True, boot_id=f"boot {len(connected)}")))
        return connected[-1]

    account = ClassAccount(connect)
    for number in (0, 1):
        _run(f"boot {number}")
        assert [account.reached()[0] for _ in range(2)] == [connected[number][0]] * 2
    fcntl.flock(alive, fcntl.LOCK_UN)
    with pytest.raises(LohError, match=STOPPED):
        account.reached()
    assert len(connected) == 2, "nothing is started by looking"


def test_the_looks_leave_the_students_most_of_what_their_chapters_let_through() -> None:
    here = cast("Place", SimpleNamespace(on_this_machine=True))
    assert 60 / pause_of(here) <= LIMIT / 3
    lesson = 3 * 3600
    assert lesson / pause_of(here, ask=True) <= QUOTA
