"""The journal keeps what was made, whatever happens to the process or the disk."""

import errno
import fcntl
import hashlib
import json
import os
import re
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.format import VERSION
from lambda_over_https.deployment.journal.journal import Journal, JournalError
from lambda_over_https.deployment.journal.places import (
    journal_path,
    kept_aside,
    known_journals,
    set_aside,
    set_aside_if,
)
from lambda_over_https.deployment.journal.state import Deployment, Head, Record, State
from lambda_over_https.deployment.lock import locked
from lambda_over_https.errors import LockedError, LohError
from lambda_over_https.files import write_private
from lambda_over_https.states import RecordState, StepState


def _deployment() -> Deployment:
    return Deployment("alice-1", "alice", "sandbox", "123456789012", "us-east-1", "", "boot", "2026-01-01")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return journals.create(tmp_path / "alice" / "journal.json", _deployment())


def test_an_intent_is_on_disk_before_the_call_it_announces(journal: Journal) -> None:
    journal.intend("iam:role", "r", "2.2")
    on_disk = journals.load(journal.path)
    assert on_disk is not None
    [intended] = on_disk.state.records
    assert (intended.kind, intended.name, intended.step) == ("iam:role", "r", "2.2")
    assert (intended.state, intended.id, intended.serial) == ("intended", "", 0)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(intended.at)) < timedelta(minutes=1)


def test_an_intent_is_of_one_resource_and_not_of_another_of_its_kind(journal: Journal) -> None:
    journal.made(Record("lambda:permission", "one", "3.6", RecordState.MADE, "id"))
    journal.intend("lambda:permission", "other", "3.6")
    assert [(each.name, each.id) for each in journal.state.records] == [("one", "id"), ("other", "")]


def test_what_was_made_is_read_back_as_it_was_written(journal: Journal) -> None:
    journal.intend("iam:role", "r", "2.2")
    journal.made(Record("iam:role", "r", "2.2", RecordState.MADE, "AROA1", "arn:x", detail={"a": "b"}))
    journal.choose({"runtime": "nodejs"})
    journal.step("2.2", StepState.DONE)
    on_disk = journals.load(journal.path)
    assert on_disk is not None
    assert on_disk.state == journal.state


def test_a_list_of_deployments_gets_what_it_needs_without_the_records(journal: Journal) -> None:
    journal.made(Record("iam:role", "r", "2.2", RecordState.MADE, "AROA1", "arn:x"))
    journal.step("2.2", StepState.DONE)
    head = journals.head(journal.path)
    assert head is not None
    assert (head.deployment, head.steps) == (journal.deployment, {"2.2": StepState.DONE})
    assert journals.head(journal.path.with_name("none.json")) is None


def test_a_list_of_deployments_does_not_even_read_the_records(journal: Journal) -> None:
    """Hundreds of journals are listed as quickly as their digests are checked."""
    journal.made(Record("iam:role", "r", "2.2", RecordState.MADE, "AROA1", "arn:x"))
    content = "{" + journal.path.read_text().partition('", ')[2]
    begin = journal.path.read_text().partition(hashlib.sha256(content.encode()).hexdigest())[0]
    odd = content.replace('"records": [', '"records": [what')
    journal.path.write_text(f'{begin}{hashlib.sha256(odd.encode()).hexdigest()}", {odd[1:]}')
    head = journals.head(journal.path)
    assert head is not None
    assert head.deployment == journal.deployment
    with pytest.raises(JournalError, match="damaged"):
        journals.load(journal.path)


TEXTS = st.text(max_size=8) | st.sampled_from(
    ("steps", "deployment", "records", '"steps": {', '"deployment": {', '", "', '{"version": 1, "digest": "')
)
"""Also what stands between the parts of a journal."""


@given(
    choices=st.dictionaries(TEXTS, TEXTS, max_size=3),
    steps=st.dictionaries(st.sampled_from(("2.1", "2.2", "3.7")), st.sampled_from(StepState)),
    details=st.lists(st.dictionaries(TEXTS, TEXTS, max_size=3), max_size=3),
    name=TEXTS,
)
def test_whatever_a_journal_says_it_is_read_back_whole_in_part_and_reprinted(
    tmp_path_factory: pytest.TempPathFactory,
    choices: dict[str, str],
    steps: dict[str, StepState],
    details: list[dict[str, str]],
    name: str,
) -> None:
    records = tuple(Record(name, name, name, RecordState.MADE, detail=each) for each in details)
    state = State(replace(_deployment(), endpoint_url=name), choices, steps, records)
    path = tmp_path_factory.getbasetemp() / "any.json"
    Journal(path, state).save()
    written = path.read_bytes()
    for text in (written, json.dumps(json.loads(written), indent=1, sort_keys=True).encode()):
        path.write_bytes(text)
        loaded, head = journals.load(path), journals.head(path)
        assert loaded is not None
        assert loaded.state == state
        assert head == Head(state.deployment, steps)


def test_each_change_has_a_higher_serial_than_all_before(journal: Journal) -> None:
    journal.made(Record("a", "1", "1", RecordState.MADE))
    journal.made(Record("b", "2", "1", RecordState.MADE))
    journal.made(Record("a", "1", "1", RecordState.MADE))
    first, second = journal.find("a"), journal.find("b")
    assert first is not None
    assert second is not None
    assert (first.serial, second.serial) == (3, 2)


def test_the_first_change_is_the_first_in_number_and_has_the_time_of_the_world(journal: Journal) -> None:
    journal.made(Record("a", "1", "1", RecordState.MADE))
    [made] = journal.state.records
    assert made.serial == 1
    assert made.at.endswith("+00:00")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(made.at)) < timedelta(minutes=1)


def test_a_run_that_failed_before_it_made_anything_leaves_no_journal(journal: Journal) -> None:
    journal.choose({"runtime": "nodejs"})
    journal.step("1", StepState.FAILED)
    assert not journal.path.exists()


# --- what is written, and when ---


class Counted:
    """A journal that counts how often its file is written; ``full`` makes the disk refuse."""

    def __init__(self, folder: Path) -> None:
        self.writes, self.full = 0, False
        self.journal = journals.create(folder / "journal.json", _deployment(), self._write)

    def _write(self, path: Path, data: bytes) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.writes += 1
        write_private(path, data)

    def on_disk(self) -> State:
        found = journals.load(self.journal.path)
        assert found is not None
        return found.state


@pytest.fixture
def counted(tmp_path: Path) -> Counted:
    return Counted(tmp_path)


def test_a_choice_is_written_with_the_next_step_even_if_that_is_done_already(counted: Counted) -> None:
    counted.journal.step("1", StepState.DONE)
    counted.journal.choose({"runtime": "nodejs"})
    assert counted.on_disk().choices == {}
    counted.journal.step("1", StepState.DONE)
    assert counted.on_disk().choices == {"runtime": "nodejs"}


def test_nothing_new_is_not_written(counted: Counted) -> None:
    counted.journal.step("1", StepState.PENDING)
    assert counted.writes == 0
    counted.journal.choose({"runtime": "nodejs"})
    counted.journal.step("1", StepState.DONE)
    before = counted.writes
    counted.journal.choose({"runtime": "nodejs"})
    counted.journal.step("1", StepState.DONE)
    counted.journal.step("2", StepState.PENDING)
    assert counted.writes == before


def test_a_choice_that_could_not_be_written_is_written_when_there_is_room(counted: Counted) -> None:
    counted.journal.step("1", StepState.DONE)
    counted.journal.choose({"runtime": "nodejs"})
    counted.full = True
    with pytest.raises(JournalError):
        counted.journal.step("1", StepState.DONE)
    counted.full = False
    counted.journal.step("1", StepState.DONE)
    assert counted.on_disk().choices == {"runtime": "nodejs"}


@pytest.mark.parametrize("state", [StepState.DONE, StepState.SKIPPED, StepState.FAILED])
def test_how_far_a_step_is_is_kept_until_it_is_pending(counted: Counted, state: StepState) -> None:
    counted.journal.step("1", StepState.DONE)
    counted.journal.step("2", state)
    assert counted.on_disk().steps == {"1": StepState.DONE, "2": state}
    assert counted.journal.state_of("2") is state
    counted.journal.step("2", StepState.PENDING)
    assert counted.on_disk().steps == {"1": StepState.DONE}
    assert counted.journal.state_of("2") is StepState.PENDING


def test_a_first_step_that_failed_is_noted_once_it_has_made_something(counted: Counted) -> None:
    counted.journal.intend("iam:role", "r", "1")
    counted.journal.step("1", StepState.FAILED)
    assert counted.on_disk().steps == {"1": StepState.FAILED}


def test_when_all_begins_again_no_step_is_done_and_what_was_made_is_still_known(counted: Counted) -> None:
    counted.journal.made(Record("iam:role", "r", "1", RecordState.MADE, "id"))
    counted.journal.step("1", StepState.DONE)
    counted.journal.begin_again()
    assert counted.on_disk().steps == {}
    assert [each.id for each in counted.on_disk().records] == ["id"]
    before = counted.writes
    counted.journal.begin_again()
    assert counted.writes == before


def test_an_intent_keeps_what_is_known_and_says_when(counted: Counted) -> None:
    counted.journal.made(Record("iam:role", "r", "1", RecordState.MADE, "id", "arn", detail={"a": "b"}))
    made = counted.on_disk().records[0]
    counted.journal.intend("iam:role", "r", "9")
    [intended] = counted.on_disk().records
    assert replace(intended, at=made.at) == made
    assert intended.at >= made.at


def test_what_is_gone_is_forgotten_by_kind_and_name(counted: Counted) -> None:
    records = [Record(kind, name, "1", RecordState.MADE) for kind in "ab" for name in "xy"]
    for record in records:
        counted.journal.made(record)
    counted.journal.gone(records[0], records[3])
    assert [(each.kind, each.name) for each in counted.on_disk().records] == [("a", "y"), ("b", "x")]
    assert counted.journal.find("a") == counted.journal.find("a", "y")
    assert counted.journal.find("a", "x") is None
    assert counted.journal.find("c") is None


def test_a_change_of_one_record_keeps_its_place(counted: Counted) -> None:
    for name in "xyz":
        counted.journal.made(Record("a", name, "1", RecordState.MADE))
    counted.journal.made(Record("a", "y", "1", RecordState.MADE, "new"))
    assert [(each.name, each.id) for each in counted.on_disk().records] == [
        ("x", ""),
        ("y", "new"),
        ("z", ""),
    ]


def test_a_forgotten_journal_is_no_file_and_may_be_forgotten_again(counted: Counted) -> None:
    counted.journal.save()
    counted.journal.forget()
    counted.journal.forget()
    assert journals.load(counted.journal.path) is None


def test_the_file_is_private_to_the_user(journal: Journal) -> None:
    journal.intend("iam:role", "r", "2.2")
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700


def test_a_full_disk_stops_before_the_next_change_and_keeps_the_old_file(tmp_path: Path) -> None:
    room = 1

    def write(path: Path, data: bytes) -> None:
        nonlocal room
        if room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        room -= 1
        write_private(path, data)

    journal = journals.create(tmp_path / "alice" / "journal.json", _deployment(), write)
    journal.intend("iam:role", "r", "2.2")
    before = journal.path.read_bytes()
    with pytest.raises(JournalError, match="No space left") as refused:
        journal.intend("iam:role", "other", "2.2")
    assert "Make room" in refused.value.hint
    assert [each.name for each in journal.state.records] == ["r"]
    assert journal.path.read_bytes() == before


def test_a_file_that_cannot_be_replaced_leaves_no_half_of_it(tmp_path: Path) -> None:
    target = tmp_path / "journal.json"
    target.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_private(target, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["journal.json"]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"version": 1}',
        b"\xff\xfe",
        b'{"version": "x", "deployment": 3}',
        b"[" * 100_000,
    ],
    ids=lambda damage: repr(damage[:12]),
)
def test_a_damaged_journal_is_recognised_and_not_obeyed(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "journal.json"
    path.write_bytes(damage)
    with pytest.raises(JournalError, match="damaged"):
        journals.load(path)
    assert path.read_bytes() == damage


def test_a_journal_of_a_newer_version_says_so(journal: Journal) -> None:
    journal.intend("a", "b", "1")
    document = json.loads(journal.path.read_bytes()) | {"version": VERSION + 1}
    journal.path.write_text(json.dumps(document))
    with pytest.raises(JournalError, match="newer version") as refused:
        journals.load(journal.path)
    assert "Upgrade" in refused.value.hint
    assert "loh recover" in refused.value.hint


def test_the_order_of_what_a_journal_says_does_not_matter(journal: Journal) -> None:
    """A tool that pretty-prints JSON may sort it."""
    journal.made(Record("iam:role", "r", "2.2", RecordState.MADE, "id", detail={"b": "1", "a": "2"}))
    document = json.loads(journal.path.read_bytes())
    journal.path.write_text(json.dumps(dict(reversed(document.items())), sort_keys=True))
    on_disk = journals.load(journal.path)
    assert on_disk is not None
    assert on_disk.state == journal.state


@pytest.mark.parametrize("version", ["x", None, 0, 1.5, [1]])
def test_a_journal_without_a_proper_version_is_not_obeyed(journal: Journal, version: object) -> None:
    journal.intend("a", "b", "1")
    document = json.loads(journal.path.read_bytes()) | {"version": version}
    journal.path.write_text(json.dumps(document))
    with pytest.raises(JournalError, match="damaged"):
        journals.load(journal.path)


def test_a_journal_that_was_edited_by_hand_is_recognised(journal: Journal) -> None:
    journal.intend("iam:role", "mine", "2.2")
    journal.path.write_text(journal.path.read_text().replace("mine", "theirs"))
    with pytest.raises(JournalError, match="edited by hand") as refused:
        journals.load(journal.path)
    assert "loh recover" in refused.value.hint
    with pytest.raises(JournalError, match="edited by hand"):
        journals.head(journal.path)


# --- where journals are ---


def test_a_journal_is_found_by_where_and_what_it_is_of(tmp_path: Path) -> None:
    path = journal_path(tmp_path, "aws-1-us-east-1", "alice")
    assert path == tmp_path / "deployments" / "aws-1-us-east-1" / "alice" / "journal.json"


def _lay(home: Path, scope: str, name: str) -> Path:
    """A deployment's journal in its place."""
    path = journal_path(home, scope, name)
    journals.create(path, _deployment()).save()
    return path


def test_every_journal_is_known_in_the_order_of_place_and_name(tmp_path: Path) -> None:
    laid = [_lay(tmp_path, scope, name) for scope in ("sandbox", "aws-1-x") for name in ("b", "a")]
    deployments = tmp_path / "deployments"
    (deployments / "sandbox" / "without").mkdir()
    (deployments / "sandbox" / "file").touch()
    (deployments / "file").touch()
    assert list(known_journals(tmp_path)) == sorted(laid)
    assert list(known_journals(tmp_path / "nowhere")) == []


def test_a_journal_that_may_not_be_looked_at_is_known_so_that_it_can_be_said_why(tmp_path: Path) -> None:
    path = _lay(tmp_path, "sandbox", "closed")
    path.parent.chmod(0)
    try:
        assert list(known_journals(tmp_path)) == [path]
        with pytest.raises(JournalError, match="Permission denied"):
            journals.load(path)
    finally:
        path.parent.chmod(0o700)


def test_a_journal_that_is_set_aside_is_kept_beside_its_place_with_the_time(tmp_path: Path) -> None:
    kept = []
    for _ in range(2):
        path = _lay(tmp_path, "sandbox", "alice")
        text = path.read_bytes()
        kept.append(set_aside(path))
        assert not path.exists()
        assert kept[-1].read_bytes() == text
    assert kept[0].parent == path.parent
    stamps = [re.fullmatch(r"journal\.(\d{8}T\d{12})\.bak", each.name) for each in kept]
    times = [datetime.strptime(each[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC) for each in stamps if each]
    assert len(times) == 2
    assert times[0] < times[1]
    assert abs(datetime.now(UTC) - times[1]) < timedelta(minutes=1)


def test_a_journal_that_is_replaced_is_kept_under_a_second_name_and_stays_until_then(tmp_path: Path) -> None:
    path = _lay(tmp_path, "sandbox", "alice")
    text = path.read_bytes()
    kept = kept_aside(path)
    assert kept.read_bytes() == path.read_bytes() == text
    journal = journals.load(path)
    assert journal is not None
    journal.saying(replace(journal.state, choices={"runtime": "nodejs"})).save()
    assert kept.read_bytes() == text != path.read_bytes()


def test_only_a_journal_that_is_useless_now_is_set_aside(tmp_path: Path) -> None:
    path = _lay(tmp_path, "sandbox", "alice")
    assert set_aside_if(path, lambda _: False) is None
    assert path.exists()
    kept = set_aside_if(path, lambda journal: journal.deployment.name == "alice")
    assert kept is not None
    assert (kept.exists(), path.exists()) == (True, False)
    assert set_aside_if(path, lambda _: True) is None, "somebody else was quicker"


def test_no_journal_is_not_an_error(tmp_path: Path) -> None:
    assert journals.load(tmp_path / "none.json") is None


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


def test_changes_from_many_threads_are_all_kept(journal: Journal) -> None:
    def write(number: int) -> None:
        journal.made(Record("kind", str(number), "1", RecordState.MADE))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    on_disk = journals.load(journal.path)
    assert on_disk is not None
    assert {record.name for record in on_disk.state.records} == {str(number) for number in range(20)}
    assert len({record.serial for record in on_disk.state.records}) == 20
