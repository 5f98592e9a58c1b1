"""The logbook: what a learner did, kept beside the journal, one document a line."""

from pathlib import Path

from lambda_over_https import events
from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.recorded import logbook
from lambda_over_https.deployment.recorded.logbook_writer import Logbook
from lambda_over_https.report.progress import progress_of
from lambda_over_https.states import StepState

THIS = Deployment("one-1", "one", "sandbox", "123456789012", "us-east-1", "", "boot", "2026-01-01T00:00:00")
OTHER = Deployment("one-2", "one", "sandbox", "123456789012", "us-east-1", "", "boot", "2026-01-02T00:00:00")


def _ended(step: str, *, changed: bool = True, state: StepState = StepState.DONE) -> events.StepEnded:
    return events.StepEnded(step, "", state, changed, 0.1)


def _keep(folder: Path, *happened: events.Event, whose: Deployment = THIS) -> None:
    book = Logbook(lambda _: None)
    book.open(folder, whose)
    for event in happened:
        book(event)
    book.close()


def test_a_step_is_noted_once_until_it_is_undone_or_changed(tmp_path: Path) -> None:
    _keep(tmp_path, _ended("1", changed=False), _ended("1", changed=False))
    _keep(tmp_path, _ended("1", changed=False), events.Undone("1"), _ended("1", changed=False))
    assert [each["what"] for each in logbook.read(tmp_path)] == ["done", "undone", "done"]


def test_a_step_that_failed_or_was_interrupted_is_not_noted(tmp_path: Path) -> None:
    _keep(tmp_path, _ended("1", state=StepState.FAILED), _ended("1", state=StepState.PENDING))
    assert logbook.read(tmp_path) == []


def test_hints_mistakes_and_who_did_it_are_told_for_each_step(tmp_path: Path) -> None:
    _keep(
        tmp_path,
        events.HandsOn("2.4", ("dynamodb:table T",)),
        events.Hinted("2.4", 1),
        events.Hinted("2.4", 2),
        events.Hinted("2.4", 2),
        events.Mistaken("2.4", "dynamodb:table", "T", "KeySchema", "id", "Id"),
        _ended("2.4"),
        events.DoneByHand("2.4"),
        _ended("3.1"),
    )
    progress = progress_of(logbook.read(tmp_path))
    assert (progress["2.4"].by, progress["2.4"].hints, progress["3.1"].by) == ("hand", 2, "program")
    assert progress["2.4"].text == "by hand, 2 hints"
    assert [each["field"] for each in progress["2.4"].mistakes] == ["KeySchema"]


def test_what_was_absent_counts_until_the_step_is_done_or_undone(tmp_path: Path) -> None:
    _keep(tmp_path, events.HandsOn("2.4", ("dynamodb:table T",)))
    assert logbook.absent_when_begun(logbook.read(tmp_path), "2.4") == ["dynamodb:table T"]
    assert logbook.absent_when_begun(logbook.read(tmp_path), "3.1") == []
    _keep(tmp_path, _ended("2.4"))
    assert logbook.absent_when_begun(logbook.read(tmp_path), "2.4") == []


def test_another_deployment_of_that_name_begins_a_new_one(tmp_path: Path) -> None:
    _keep(tmp_path, _ended("1"))
    _keep(tmp_path, whose=OTHER)
    assert logbook.read(tmp_path) == []
    assert logbook.owner(tmp_path) == OTHER


def test_the_checks_of_a_command_are_counted(tmp_path: Path) -> None:
    checks = [events.Checked("3.7", "echo", "https", ok, 200, 1.0, "") for ok in (True, False)]
    _keep(tmp_path, *checks)
    (entry,) = logbook.read(tmp_path)
    assert (entry["what"], entry["passed"], entry["checks"]) == ("verify", 1, 2)


def test_half_a_line_is_passed_over(tmp_path: Path) -> None:
    _keep(tmp_path, _ended("1"))
    with (tmp_path / logbook.FILE).open("a") as file:
        file.write('{"at":"2026')
    assert [each["step"] for each in logbook.read(tmp_path)] == ["1"]


def test_the_file_is_private(tmp_path: Path) -> None:
    _keep(tmp_path, _ended("1"))
    assert (tmp_path / logbook.FILE).stat().st_mode & 0o777 == 0o600


def test_a_logbook_that_cannot_be_written_says_so_and_stops_nothing(tmp_path: Path) -> None:
    heard: list[events.Event] = []
    book = Logbook(heard.append)
    book.open(tmp_path, THIS)
    (tmp_path / logbook.FILE).unlink()
    book(_ended("1"))
    book(_ended("2.1"))
    notes = [each.text for each in heard if isinstance(each, events.Note)]
    assert len(notes) == 1
    assert "The logbook cannot be written" in notes[0]
