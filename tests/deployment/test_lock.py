"""One run at a time holds a deployment."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from lambda_over_https.deployment.journal.journal import Journal, JournalError
from lambda_over_https.deployment.lock import locked
from lambda_over_https.errors import LockedError, LohError


def test_only_one_run_holds_a_deployment_and_the_other_is_told_who(journal: Journal) -> None:
    with locked(journal.path), pytest.raises(LockedError, match="process") as refused:
        locked(journal.path).__enter__()
    assert refused.value.exit_code == 4
    with locked(journal.path):
        pass


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_where_there_are_no_locks_nothing_is_done_and_another_place_is_named(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(LohError, match="has no locks") as refused:
        locked(journal.path).__enter__()
    assert "LAMBDA_OVER_HTTPS_HOME" in refused.value.hint


def test_that_the_note_of_who_holds_it_cannot_be_removed_hides_no_failure(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    def fail() -> None:
        with locked(journal.path):
            monkeypatch.setattr(Path, "unlink", refuse)
            raise JournalError("the cause")

    with pytest.raises(JournalError, match="the cause"):
        fail()
    monkeypatch.undo()
    with locked(journal.path):
        pass


def test_what_a_killed_run_left_half_written_goes_when_the_lock_is_held_again(journal: Journal) -> None:
    folder = journal.path.parent
    half = [folder / f".{each}.0123abcd" for each in ("journal.json", "holder.json")]
    others = [
        folder / each for each in (".journal.json.bak", ".history.jsonl.0123abcd", "journal.json.0123abcd")
    ]
    for file in (*half, *others):
        file.write_text("{")
    with locked(journal.path):
        assert [file for file in half if file.exists()] == []
    assert [file for file in others if not file.exists()] == []
