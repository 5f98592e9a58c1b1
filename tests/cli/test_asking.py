"""Questions that take only the keys they show."""

import io

import pytest
from rich.console import Console

from lambda_over_https.cli.keys import END, ENTER
from lambda_over_https.cli.walking.asking import Asking
from lambda_over_https.show.moving.walk import LONGER, WalkPages


def _asking(*keys: str) -> tuple[Asking, io.StringIO]:
    said = io.StringIO()
    left = iter(keys)
    return Asking(WalkPages(Console(file=said, width=80)), lambda: next(left)), said


def test_a_key_that_is_not_offered_shows_what_each_does_and_the_question_comes_again() -> None:
    asking, said = _asking("x", ENTER, "n")
    assert asking.choice("", ("y yes", "n no")) == "n"
    assert said.getvalue().count("y yes · n no") == 3
    assert "The key x does nothing here." in said.getvalue()


@pytest.mark.parametrize("key", ["y", END])
def test_a_key_that_is_offered_and_the_end_of_the_input_are_answers(key: str) -> None:
    assert _asking(key)[0].choice("", ("y yes", "Enter no")) == key


def test_a_long_text_goes_on_with_enter_alone() -> None:
    asking, said = _asking("t", ENTER)
    assert asking.go_on(more=True)
    assert said.getvalue().count(f"{LONGER[0]} ·") == 2
