"""What step 3.7 shows: on a narrow window no word of what went well is cut."""

import io
import json

import pytest
from rich.console import Console

from lambda_over_https.events import Checked
from lambda_over_https.show.lesson.answers import exchange_lines
from lambda_over_https.show.lesson.exchanges import mistake_lines, result_lines


@pytest.mark.parametrize("width", [60, 80, 120])
def test_how_many_checks_passed_is_said_to_the_end(width: int) -> None:
    ways = ("invoke", "test-invoke-method", "https")
    checks = [Checked("3.7", "echo", way, ok=True, status=200, latency_ms=5, detail="") for way in ways]
    page = Console(width=width, file=io.StringIO())
    lines = ["".join(text for text, _ in line) for line in result_lines(checks, page)]
    assert max(map(len, lines)) <= width
    said = " ".join(" ".join(lines).split())
    assert said.endswith(
        "ok 3 checks passed: echo, each by 3 ways (invoke, test-invoke-method, https); in 5 ms at most"
    )


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_request_is_shown_as_a_client_sends_it_and_echo_is_counted(width: int) -> None:
    event = {"operation": "create", "tableName": "LambdaTable", "payload": {"Item": {"Id": "1", "n": "x"}}}
    checks = [
        Checked("3.7", name, via, ok=True, status=200, latency_ms=5, request=request, body="{}", detail="")
        for name, request in (("echo", "{}"), ("create", json.dumps(event, indent=2)))
        for via in ("invoke", "https")
    ]
    page = Console(width=width, file=io.StringIO())
    lines = ["".join(text for text, _ in line) for line in result_lines(checks, page)]
    assert max(map(len, lines)) <= width
    said = " ".join(" ".join(lines).split())
    assert f"create {json.dumps(event)} 200 {{}}" in said
    assert "4 checks passed: 2 operations (echo is one of them), each by 2 ways (invoke, https)" in said


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_mistake_shows_its_status_its_message_and_what_makes_it(width: int) -> None:
    page = Console(width=width, file=io.StringIO())
    body = json.dumps({"errorMessage": "[BadRequest] ValidationException: Missing the key Id in the item"})
    lines = ["".join(text for text, _ in line) for line in mistake_lines('{"a": 1}', 400, body, page)]
    assert max(map(len, lines)) <= width
    said = " ".join(" ".join(lines).split())
    assert 'create {"a": 1} 400 {"errorMessage": "[BadRequest]' in said
    assert "Missing the key Id in the item" in said
    assert "the pattern of step 3.4 makes that 400" in said


def test_all_answers_of_the_test_are_whole_and_hide_nothing() -> None:
    body = json.dumps({"Item": {"Id": "1", "name": "Bob" * 40}})
    checks = [
        Checked("3.7", "read", "https", ok=True, status=200, latency_ms=5, request="{}", body=body, detail="")
    ]
    lines = ["".join(text for text, _ in line) for line in exchange_lines(checks, Console(width=80))]
    assert lines[0] == "read by https: the event, and the answer with status 200"
    assert json.loads("".join(lines[2:])) == json.loads(body)
