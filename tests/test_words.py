"""Numbers and values in words: one is no plural, and no value is written as Python writes it."""

import pytest

from lambda_over_https.words import about_minutes, counted, told


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 students"), (1, "1 student"), (1.0, "1 student"), (1.5, "1.5 students"), (30, "30 students")],
)
def test_one_is_no_plural(number: float, said: str) -> None:
    assert counted(number, "student") == said


def test_a_plural_may_be_another_word() -> None:
    assert [counted(each, "reply", "replies") for each in (1, 2)] == ["1 reply", "2 replies"]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "less than a minute"), (0.9, "less than a minute"), (1.4, "about a minute"), (2, "about 2 minutes")],
)
def test_a_duration_is_in_whole_minutes(minutes: float, said: str) -> None:
    assert about_minutes(minutes) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "not set"),
        ("apigateway.amazonaws.com", "apigateway.amazonaws.com"),
        (True, "true"),
        (5.0, "5.0"),
        ({"Service": ["a", "b"]}, '{"Service": ["a", "b"]}'),
    ],
)
def test_a_value_is_written_as_aws_s_documents_write_it(value: object, said: str) -> None:
    assert told(value) == said
