"""A command is folded so that a shell still reads the same words."""

import json
import shlex

from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.show.canvas.commands import folded_command

EVENT = '{"operation": "create", "tableName": "LambdaTable", "payload": {"Item": {"Id": "1"}}}'
CURL = f"curl --cacert /home/me/ca.pem -X POST -d '{EVENT}' https://127.0.0.1:8471/prod/DynamoDBManager"


def test_what_fits_stays_on_its_line() -> None:
    assert folded_command("loh status --name alice", 60) == "loh status --name alice"


@given(st.integers(min_value=20, max_value=200))
def test_a_shell_reads_the_same_command(width: int) -> None:
    words, folded = shlex.split(CURL), shlex.split(folded_command(CURL, width).replace("\\\n", ""))
    place = words.index("-d") + 1
    assert json.loads(folded[place]) == json.loads(words[place])
    assert [*folded[:place], *folded[place + 1 :]] == [*words[:place], *words[place + 1 :]]


def test_no_line_is_wider_than_the_terminal_but_for_a_word_that_is() -> None:
    assert max(map(len, folded_command(CURL, 60).splitlines())) <= 60


def test_text_in_quotes_is_never_broken() -> None:
    command = "aws logs filter-log-events --filter-pattern 'two  words of text' --limit 5"
    assert "'two  words of text'" in folded_command(command, 30)
