"""A flood is bounded, and goes to this machine's own sandbox alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from lambda_over_https.aws.place import Place
from lambda_over_https.errors import UsageError
from lambda_over_https.practice.experiments.flood import MOST, Flood, counted
from tests.kit.program.lesson import at_work, finished
from tests.kit.program.support import Account

BODY = '{"operation": "ping"}'


@pytest.mark.parametrize(
    "elsewhere",
    [
        lambda place: replace(place, boot_id=""),
        lambda place: replace(place, web_url="https://192.0.2.1"),
        lambda place: replace(place, web_url=""),
    ],
    ids=["another endpoint", "another machine", "AWS"],
)
def test_nothing_is_sent_anywhere_else(account: Account, elsewhere: Callable[[Place], Place]) -> None:
    with at_work(finished()) as (stack, _):
        there = replace(stack, place=elsewhere(stack.place))
        with pytest.raises(UsageError, match="to the sandbox on this machine only"):
            Flood(there, {}, BODY)


def test_no_more_is_sent_than_the_bound(account: Account) -> None:
    with at_work(finished()) as (stack, _):
        flood = Flood(stack, {"Content-Type": "application/json"}, BODY)
        with pytest.raises(AssertionError, match=f"more than {MOST}"):
            flood.send(MOST + 1, "127.0.0.1")
        assert flood.sent == MOST


def test_answers_are_counted_by_status(account: Account) -> None:
    with at_work(finished()) as (stack, _):
        replies = Flood(stack, {"Content-Type": "application/json"}, BODY).send(3, "127.0.0.1")
    assert counted(replies) == "3 × 200"
