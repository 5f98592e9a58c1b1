"""What differs in a learner's resource is a mistake only if it stays so: a new function is Pending."""

import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from lambda_over_https.names import HANDLER
from lambda_over_https.practice.by_hand import compute
from lambda_over_https.practice.by_hand.facts import facts_for
from lambda_over_https.practice.by_hand.judged import Judged
from lambda_over_https.settings import RUNTIMES
from lambda_over_https.show.lesson.by_hand import state_lines
from lambda_over_https.tutorial.steps.function import STEP
from lambda_over_https.tutorial.steps.function.function import FUNCTION
from lambda_over_https.tutorial.steps.function.log_group import LOG_GROUP
from tests.kit.in_memory.memory import Desk


class _NotFoundError(Exception):
    pass


def _judged(folder: Path, **differs: Any) -> Judged:
    """The judgement on a function that is right but for what ``differs``."""
    stack = Desk(folder).stack()
    found = {
        "Handler": HANDLER,
        "Runtime": RUNTIMES["python"],
        "Role": stack.role_arn,
        "CodeSha256": "abc",
        "Environment": {"Variables": {"TABLE_NAME": stack.names.table}},
        **differs,
    }
    exceptions = SimpleNamespace(ResourceNotFoundException=_NotFoundError)
    lambda_ = SimpleNamespace(get_function_configuration=lambda **_: found, exceptions=exceptions)
    cloud: Any = SimpleNamespace(lambda_=lambda_)
    fields = compute.function(FUNCTION, replace(stack, cloud=cloud))
    assert fields is not None
    return Judged(FUNCTION, stack.names.function, there=True, fields=fields)


def _shown(judged: Judged) -> str:
    page = Console(width=80, file=io.StringIO())
    return "\n".join("".join(text for text, _ in line) for line in state_lines([judged], page))


def test_a_function_that_is_still_pending_is_not_right_and_no_mistake(tmp_path: Path) -> None:
    judged = _judged(tmp_path, State="Pending")
    assert (judged.right, judged.wrong) == (False, [])
    assert [each.name for each in judged.under_way] == ["State"]


def test_an_active_function_is_right(tmp_path: Path) -> None:
    judged = _judged(tmp_path, State="Active")
    assert (judged.right, judged.wrong, judged.under_way) == (True, [], [])


@pytest.mark.parametrize("state", ["Pending", "Active"])
def test_a_real_mistake_counts_in_any_state(tmp_path: Path, state: str) -> None:
    judged = _judged(tmp_path, State=state, Handler="index.handler")
    assert [each.name for each in judged.wrong] == ["Handler"]
    assert judged.under_way == [], "waiting would not help"


def test_a_function_that_failed_needs_to_be_corrected(tmp_path: Path) -> None:
    assert [each.name for each in _judged(tmp_path, State="Failed").wrong] == ["State"]


def test_what_is_under_way_is_shown_as_such(tmp_path: Path) -> None:
    said = _shown(_judged(tmp_path, State="Pending"))
    assert "nearly ready" in said
    assert "State: Pending. Lambda is still preparing it." in said
    assert "should be" not in said


def test_what_is_said_to_be_not_needed_is_right_however_it_is_set(tmp_path: Path) -> None:
    said = dict(facts_for(STEP, Desk(tmp_path).stack()))["not needed"]
    members = said.partition(":")[0].split(", ")
    assert sorted(members) == ["Description", "MemorySize", "Timeout"]
    assert _judged(tmp_path, Description="", MemorySize=256, Timeout=3).right


def test_what_a_further_call_sets_is_still_to_do_and_no_mistake(tmp_path: Path) -> None:
    judged = _judged(tmp_path, Environment={})
    assert (judged.right, judged.wrong, judged.under_way) == (False, [], [])
    assert [each.name for each in judged.differs] == ["Environment TABLE_NAME"]
    said = _shown(judged)
    assert "it is there; still to do:" in said
    assert "Environment TABLE_NAME: not set" in said
    assert "!" not in said


def test_a_variable_that_is_set_wrong_is_a_mistake(tmp_path: Path) -> None:
    judged = _judged(tmp_path, Environment={"Variables": {"TABLE_NAME": "Tabel"}})
    assert [each.name for each in judged.wrong] == ["Environment TABLE_NAME"]
    assert "  ! " in _shown(judged)


def test_a_group_without_a_retention_yet_is_no_mistake(tmp_path: Path) -> None:
    stack = Desk(tmp_path).stack()
    group = {"logGroupName": stack.names.log_group}
    logs = SimpleNamespace(describe_log_groups=lambda **_: {"logGroups": [group]})
    cloud: Any = SimpleNamespace(logs=logs)
    fields = compute.log_group(LOG_GROUP, replace(stack, cloud=cloud))
    assert fields is not None
    assert [(each.right, each.to_do) for each in fields] == [(False, True)]
