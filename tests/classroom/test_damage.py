"""A class, a plan and a report that somebody has edited: refused in one sentence, or as good as before."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambda_over_https.classroom.papers import handed_in, reports
from lambda_over_https.classroom.roll import book
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.classroom.sweeping import plan as plans
from lambda_over_https.classroom.sweeping.plan import Plan, Planned
from lambda_over_https.errors import LohError, UsageError
from tests.kit.in_memory.damage import damaged

T = TypeVar("T")
ALICE = Student("alice", "t-alice", "a@example.com", "Alice")
TAUGHT = Class("t", "t", "aws", "aws", "123456789012", "us-east-1", "", "2026-01-01", (ALICE,))
PLAN = Plan(
    "t", "123456789012", "us-east-1", "2026-01-01", (Planned("alice", "iam:role", "r", "i"),), ({"why": "x"},)
)
AT = "2026-01-01T00:00:00+00:00"
REPORT: dict[str, Any] = {
    "deployment": {"id": "t-alice-1", "name": "t-alice", "target": "aws", "account": "123456789012"},
    "steps": [
        {"number": "2.1", "done": True, "by": "hand", "at": AT, "hints": 1, "mistakes": [{}]},
        {"number": "2.2", "done": False, "by": None, "at": None, "hints": 0, "mistakes": []},
    ],
    "predictions": [{"right": True}],
    "repairs": [{"by_hand": True}],
    "verify": {"passed": 18, "checks": 18},
    "teardown": {"left": 0},
    "calls": [{"request_id": "r"}],
}
ANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def _tried(read: Callable[[], T]) -> tuple[T | None, str]:
    """What was read, or the error of which the user is told."""
    try:
        return read(), ""
    except LohError as error:
        return None, error.message


@ANY
@given(data=st.data())
def test_a_class_is_loaded_as_it_was_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    path = book.save(tmp_path, TAUGHT)
    assert book.load(tmp_path, "t") == TAUGHT
    path.write_text(json.dumps(data.draw(damaged(json.loads(path.read_text())))))
    loaded, refused = _tried(lambda: book.load(tmp_path, "t"))
    if loaded is None:
        assert "cannot be read" in refused
    else:
        assert [each for each in loaded.students if not isinstance(each.deployment, str)] == []


@ANY
@given(data=st.data())
def test_a_plan_is_followed_as_it_is_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "plan.json"
    plans.write(path, PLAN, replace=True)
    assert plans.read(path, TAUGHT) == PLAN
    path.write_text(json.dumps(data.draw(damaged(json.loads(path.read_text())))))
    plan, refused = _tried(lambda: plans.read(path, TAUGHT))
    if plan is None:
        assert str(path) in refused
    else:
        assert {type(value) for each in plan.entries for value in asdict(each).values()} <= {str}


@ANY
@given(data=st.data())
def test_a_report_is_counted_or_left_out(tmp_path: Path, data: st.DataObject) -> None:
    (tmp_path / "whole.json").write_text(json.dumps(REPORT))
    (tmp_path / "a.json").write_text(json.dumps(data.draw(damaged(REPORT))))
    found = handed_in.read_reports(tmp_path)
    assert len(found.reports) + len(found.refused) == 2
    (line,) = reports.lines_of(TAUGHT, found.reports, [])
    assert line.steps_done is not None
    assert reports.as_csv(TAUGHT, [line]).startswith("name,")


def test_a_damaged_class_is_named_and_keeps_no_other_from_being_made_or_read(tmp_path: Path) -> None:
    damaged_file, other = book.save(tmp_path, TAUGHT), replace(TAUGHT, name="u", prefix="u")
    damaged_file.write_text("{")
    [said] = book.check_alone(tmp_path, other)
    assert str(damaged_file) in said
    book.save(tmp_path, other)
    assert book.load(tmp_path, "u") == other
    with pytest.raises(UsageError, match="There are several classes: t, u"):
        book.load(tmp_path, None)
    with pytest.raises(UsageError, match="has deployments of the same names"):
        book.check_alone(tmp_path, replace(other, name="v"))


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "[" * 100_000])
def test_what_is_no_json_object_is_refused(tmp_path: Path, text: str) -> None:
    path = book.save(tmp_path, TAUGHT)
    path.write_text(text)
    with pytest.raises(LohError, match="cannot be read"):
        book.load(tmp_path, "t")
    with pytest.raises(UsageError, match="is no plan of a sweep"):
        plans.read(path, TAUGHT)
    (refused,) = handed_in.read_reports(path.parent).refused
    assert refused.startswith("class.json is not a report: ")
