"""What of a function's configuration is kept as it is, in words."""

from typing import Any

import pytest

from lambda_over_https.names import TABLE_VARIABLE, names_for
from lambda_over_https.tutorial.steps.function.configuration import tuned


class _Named:
    names = names_for("tutorial")


OURS = {
    "Description": "The function of the tutorial (lambda-over-https)",
    "Timeout": 10,
    "MemorySize": 128,
    "Environment": {"Variables": {TABLE_VARIABLE: _Named.names.table}},
}


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ({}, []),
        ({"Timeout": 3}, ["Timeout 3 (AWS's default, the tutorial's is 10)"]),
        ({"Timeout": 30}, ["Timeout 30 (the tutorial's is 10)"]),
        ({"Description": ""}, ["no Description (the tutorial has one)"]),
        ({"Description": "Mine"}, ['Description "Mine"']),
    ],
)
def test_what_a_learner_left_as_aws_sets_it_is_told_from_what_somebody_set(
    seen: dict[str, Any], said: list[str]
) -> None:
    stack: Any = _Named()
    assert list(tuned(stack, {**OURS, **seen})) == said
