"""The facts of a step that a learner does by hand: what is copied stays whole."""

import io

import pytest
from rich.console import Console

from lambda_over_https.cli.shared import finding
from lambda_over_https.practice.by_hand.facts import Exact, facts_for
from lambda_over_https.show.lesson.by_hand import task_lines
from tests.kit.program.lesson import at_work, finished
from tests.kit.program.support import Account


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_pattern_and_a_path_are_each_on_one_line_to_be_copied(account: Account, width: int) -> None:
    page = Console(width=width, file=io.StringIO(), force_terminal=True)
    with at_work(finished()) as (stack, _):
        facts = [fact for step in ("2.3", "3.4") for fact in facts_for(finding.find_step(step), stack)]
    lines = ["".join(text for text, _ in line) for line in task_lines([], facts, page)]
    exact = [value for _, value in facts if isinstance(value, Exact)]
    assert any("Task timed out after [0-9.]+ seconds" in value for value in exact)
    assert any(value.startswith("fileb:///") for value in exact)
    for value in exact:
        (line,) = [line for line in lines if line.endswith(value)]
        assert line == value or len(line) <= width
