"""Questions that take only the keys they show."""

import io

import pytest
from rich.console import Console

from lambda_over_https.cli.keys import END, ENTER, REDRAW, name_of
from lambda_over_https.cli.walking.asking import Asking
from lambda_over_https.show.moving.dialogue import Dialogue
from lambda_over_https.show.moving.keys import LONGER


def _asking(*keys: str) -> tuple[Asking, io.StringIO]:
    said = io.StringIO()
    left = iter(keys)
    return Asking(Dialogue(Console(file=said, width=80)), lambda: next(left)), said


def test_a_key_that_is_not_offered_shows_what_each_does_and_the_question_comes_again() -> None:
    asking, said = _asking("x", ENTER, "n")
    assert asking.choice("", ("y yes", "n no")) == "n"
    assert said.getvalue().count("y yes · n no") == 3
    assert "The key x does nothing here." in said.getvalue()


@pytest.mark.parametrize("key", ["y", END])
def test_a_key_that_is_offered_and_the_end_of_the_input_are_answers(key: str) -> None:
    assert _asking(key)[0].choice("", ("y yes", "Enter no")) == key


def test_ctrl_l_draws_the_page_anew_with_its_question() -> None:
    said = io.StringIO()
    pages = Dialogue(Console(file=said, width=80, height=8, force_terminal=True, highlight=False))
    for number in range(20):
        pages.say(f"text {number}")
    left = iter([REDRAW, ENTER])
    assert Asking(pages, lambda: next(left)).key("", ("Enter go on",)) == ENTER
    _, cleared, anew = said.getvalue().partition("\x1b[2J")
    assert cleared
    assert "text 19" in anew
    assert "text 15" not in anew  # a window holds no more
    assert "go on" in anew


@pytest.mark.parametrize(
    ("key", "name"),
    [("x", "x"), ("\x1b", "Escape"), ("\t", "Tab"), ("\x01", "Ctrl-A"), ("\x7f", "Backspace")],
)
def test_a_key_that_prints_nothing_is_called_by_its_name(key: str, name: str) -> None:
    asking, said = _asking(key, ENTER)
    asking.act_on_keys("", ("Enter go on",), {})
    assert name_of(ENTER) == "Enter"
    assert f"The key {name} does nothing here." in said.getvalue()


def test_a_long_text_goes_on_with_enter_alone() -> None:
    asking, said = _asking("t", ENTER)
    assert asking.go_on(more=True)
    assert said.getvalue().count(f"{LONGER[0]} ·") == 2
