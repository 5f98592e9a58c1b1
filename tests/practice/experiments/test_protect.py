"""The verdict on a flood: it is of what came back, whatever the lines say."""

from collections import Counter

import pytest

from lambda_over_https.practice.experiments.experiment import Seen
from lambda_over_https.practice.experiments.protect import (
    FLOOD,
    FORBIDDEN,
    GOOD,
    LISTED,
    MORE,
    Answers,
    Layer,
    is_stopped,
)
from lambda_over_https.tutorial.chapters.protect.firewall.web_acl import LIMIT

STOPPED = {
    "good": Answers(Counter({200: GOOD}), Layer.NONE, good=True),
    "refused": Answers(Counter({403: LISTED}), Layer.POLICY),
    "blocked": Answers(Counter({403: LISTED}), Layer.FIREWALL),
    "flood": Answers(Counter({200: 5, 500: LIMIT - 5, 403: FLOOD - LIMIT})),
    "more": Answers(Counter({403: MORE})),
    "still good": Answers(Counter({200: GOOD}), Layer.NONE, good=True),
    "wrong path": None,
    "log": None,
}


def _is_stopped(**changed: Answers) -> bool:
    values = {**STOPPED, **{name.replace("_", " "): value for name, value in changed.items()}}
    return is_stopped([Seen(name, FORBIDDEN, 1.0, value=value) for name, value in values.items()])


def test_a_flood_that_each_layer_stops_as_it_should_is_stopped() -> None:
    assert _is_stopped()


@pytest.mark.parametrize(
    "changed",
    [
        {"flood": Answers(Counter({403: FLOOD}))},  # "120 × 403" ends as "20 × 403" does
        {"flood": Answers(Counter({200: FLOOD}))},
        {"more": Answers(Counter({403: MORE - 1, 200: 1}))},
        {"refused": Answers(Counter({403: LISTED}), Layer.NONE)},
        {"blocked": Answers(Counter({403: LISTED}), Layer.POLICY)},
        {"good": Answers(Counter({200: GOOD - 1, 403: 1}), good=True)},
        {"still_good": Answers(Counter({403: GOOD}), good=True)},
    ],
)
def test_a_flood_that_a_layer_stops_otherwise_is_not(changed: dict[str, Answers]) -> None:
    assert not _is_stopped(**changed)
