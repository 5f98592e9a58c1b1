"""Who sends requests to a deployment that throttles them backs off and tries again, as a good client does."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.kinds import Kind
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.ways import THROTTLING, backing_off
from tests.kit.in_memory.memory import Desk


@dataclass(frozen=True)
class Got:
    status: int


def got_with(desk: Desk, kind: Kind) -> list[int]:
    """What is got, until something else than 429 is taken, of a deployment with that kind of resource."""
    stack, answers = desk.stack(), iter([429, 429, 200])
    stack.journal.made(Record(kind, "it", "2.1", RecordState.MADE, "id"))
    got: list[int] = []

    def send() -> Got:
        got.append(next(answers))
        return Got(got[-1])

    assert backing_off(stack, send).status == got[-1]
    return got


@pytest.mark.parametrize("kind", THROTTLING)
def test_a_429_of_a_deployment_that_throttles_is_tried_again(tmp_path: Path, kind: Kind) -> None:
    assert got_with(Desk(tmp_path), kind) == [429, 429, 200]


def test_a_429_of_any_other_deployment_is_what_is_told(tmp_path: Path) -> None:
    assert got_with(Desk(tmp_path), Kind.STAGE) == [429]
