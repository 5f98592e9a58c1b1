"""A request that was tried: on a narrow window, too, no word of it is cut."""

import io

import pytest
from rich.console import Console

from lambda_over_https.practice.trying import HOPS, REFUSED, Tried
from lambda_over_https.show.lesson.trying import tried_lines
from lambda_over_https.tutorial.ways import Reply

URL = "https://127.0.0.1:38995/_aws/execute-api/i6pqq1dnh2/prod/DynamoDBManager"
EVENT = '{"operation": "list", "tableName": "LambdaTable", "payload": {}}'


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_request_that_was_refused_stops_before_the_function(width: int) -> None:
    refused = Tried(f"POST {URL}  {EVENT}", Reply(500, "Internal server error", 0.1), HOPS, 2, REFUSED)
    page = Console(width=width, file=io.StringIO())
    lines = ["".join(text for text, _ in line) for line in tried_lines(refused, page)]
    asked, _, _ = "\n".join(lines).partition(EVENT.split(maxsplit=1)[0])
    assert asked.replace("\n  ", "").strip() == f"POST {URL}"
    assert EVENT in " ".join(lines)
    assert any(line.startswith("client ") and " ✗ Lambda" in line for line in lines)
    assert max(map(len, lines)) <= width
