"""The journal keeps what was made, whatever happens to the process or the disk."""

import errno
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.journal import Journal, JournalError
from lambda_over_https.deployment.journal.state import Deployment, Record, State
from lambda_over_https.files import write_private
from lambda_over_https.states import RecordState, StepState


class Counted:
    """A journal that counts how often its file is written; ``full`` makes the disk refuse."""

    def __init__(self, folder: Path, deployment: Deployment) -> None:
        self.writes, self.full = 0, False
        self.journal = journals.create(folder / "journal.json", deployment, self._write)

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
def counted(tmp_path: Path, deployment: Deployment) -> Counted:
    return Counted(tmp_path, deployment)


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


def test_a_full_disk_stops_before_the_next_change_and_keeps_the_old_file(
    tmp_path: Path, deployment: Deployment
) -> None:
    room = 1

    def write(path: Path, data: bytes) -> None:
        nonlocal room
        if room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        room -= 1
        write_private(path, data)

    journal = journals.create(tmp_path / "alice" / "journal.json", deployment, write)
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


def test_no_journal_is_not_an_error(tmp_path: Path) -> None:
    assert journals.load(tmp_path / "none.json") is None


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
