"""The excerpt of a handler: from what Lambda calls on, in whole parts, as far as there is room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.deployment.handler.sources import bundled_source
from lambda_over_https.deployment.handler.starting_point import STARTING_POINTS
from lambda_over_https.show.lesson.handler import excerpt

BOTH = ("python", "nodejs")


def _source(runtime: str) -> str:
    return bundled_source(runtime).read_text()


@pytest.mark.parametrize("runtime", BOTH)
def test_on_a_large_page_the_excerpt_tells_the_idea(runtime: str) -> None:
    shown = excerpt(_source(runtime), 40)
    assert "handler" in "\n".join(shown.split("\n")[:2])
    assert "'create'" in shown or '"create"' in shown
    assert "BadRequestError(Exception)" not in shown


@pytest.mark.parametrize("runtime", BOTH)
def test_no_line_of_the_idea_is_cut_by_a_terminal_of_eighty_columns(runtime: str) -> None:
    before, mark, _ = _source(runtime).partition("That is the whole idea")
    idea = excerpt(before, before.count("\n") - 1)
    assert mark
    assert "TableName" in idea
    assert max(map(len, idea.split("\n"))) <= 80


@pytest.mark.parametrize("runtime", BOTH)
def test_a_short_handler_is_shown_whole(runtime: str) -> None:
    assert excerpt(STARTING_POINTS[runtime], 14) == STARTING_POINTS[runtime].strip("\n")


@pytest.mark.parametrize("runtime", BOTH)
@given(rows=st.integers(min_value=4, max_value=300))
def test_it_never_takes_more_rows_than_there_are(runtime: str, rows: int) -> None:
    assert len(excerpt(_source(runtime), rows).split("\n")) <= rows


@given(st.text(), st.integers(min_value=4, max_value=30))
def test_any_text_has_an_excerpt(text: str, rows: int) -> None:
    assert len(excerpt(text, rows).split("\n")) <= rows
