"""A command is folded so that a shell still reads the same words."""

import json
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.show.canvas.commands import folded_command
from lambda_over_https.tutorial.request import curl_line

EVENT = '{"operation": "create", "tableName": "LambdaTable", "payload": {"Item": {"Id": "1"}}}'


def curl(event: str) -> str:
    """The request as it is shown."""
    return curl_line("https://127.0.0.1:8471/prod/DynamoDBManager", "/home/me/ca.pem", event)


CURL = curl(EVENT)
TEXTS = st.text(alphabet="ab ,:{}[]\"'\\\\", max_size=12)
EVENTS = st.recursive(
    st.one_of(st.integers(), st.booleans(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)


def test_what_fits_stays_on_its_line() -> None:
    assert folded_command("loh status --name alice", 60) == "loh status --name alice"


@given(st.integers(min_value=20, max_value=200), st.dictionaries(TEXTS, EVENTS))
def test_a_shell_reads_the_same_command_whatever_the_strings_of_its_json_hold(width: int, event: Any) -> None:
    command = curl(json.dumps(event))
    words, folded = shlex.split(command), shlex.split(folded_command(command, width).replace(" \\\n", " "))
    place = words.index("-d") + 1
    assert json.loads(folded[place]) == json.loads(words[place])
    assert [*folded[:place], *folded[place + 1 :]] == [*words[:place], *words[place + 1 :]]


def test_no_line_is_wider_than_the_terminal_but_for_a_word_that_is() -> None:
    assert max(map(len, folded_command(CURL, 60).splitlines())) <= 60


@pytest.mark.parametrize("width", [60, 80])
def test_json_is_broken_after_a_comma_and_its_lines_stand_below_each_other(width: int) -> None:
    lines = folded_command(CURL, width).splitlines()
    assert lines[-3:-1] == [
        """  '{"operation": "create", "tableName": "LambdaTable",""",
        """   "payload": {"Item": {"Id": "1"}}}' \\""",
    ]


def test_what_only_begins_as_json_stays_as_it_is() -> None:
    word = """'{"a string, without its end: %s'""" % ("x " * 60)
    assert folded_command(f"curl -d {word}", 60) == f"curl -d \\\n  {word}"


def test_text_in_quotes_is_never_broken() -> None:
    command = "aws logs filter-log-events --filter-pattern 'two  words of text' --limit 5"
    assert "'two  words of text'" in folded_command(command, 30)
