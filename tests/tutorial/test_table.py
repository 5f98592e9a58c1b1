"""A new table is waited for as long as it may still come, and no longer."""

from types import SimpleNamespace
from typing import Any

import pytest

from lambda_over_https.errors import LohError
from lambda_over_https.run_context import RunContext
from lambda_over_https.tutorial.steps.table import KNOWN_WITHIN, wait_until_active
from tests.kit.in_memory.clock import StoppedClock


class NotThereError(Exception):
    """What DynamoDB answers of a table that is not there."""


def _seconds_waited(*statuses: str) -> float:
    """Wait for a table that has these statuses, look after look, and the last one for ever; "" is none."""
    left, clock = list(statuses), StoppedClock()

    def describe(**_: str) -> dict[str, Any]:
        status = left.pop(0) if len(left) > 1 else left[0]
        if not status:
            raise NotThereError
        return {"Table": {"TableStatus": status}}

    errors = SimpleNamespace(ResourceNotFoundException=NotThereError)
    cloud = SimpleNamespace(
        patience=300.0, dynamodb=SimpleNamespace(describe_table=describe, exceptions=errors)
    )
    run = RunContext(lambda _: None, clock, clock.pass_)
    stack: Any = SimpleNamespace(run=run, cloud=cloud, names=SimpleNamespace(table="books"))
    try:
        wait_until_active(stack)
    finally:
        assert clock() < 2 * KNOWN_WITHIN
    return clock()


def test_a_table_that_is_not_known_yet_is_waited_for() -> None:
    assert _seconds_waited("", "", "CREATING", "", "ACTIVE") > 0


@pytest.mark.parametrize("statuses", [("",), ("CREATING", "CREATING", "")])
def test_one_that_somebody_deletes_meanwhile_is_not(statuses: tuple[str, ...]) -> None:
    with pytest.raises(LohError, match="There is no table books any more") as told:
        _seconds_waited(*statuses)
    assert "sweep of the class" in told.value.hint
