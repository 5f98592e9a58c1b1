"""What a page leaves out for want of room is told in words that say what the key c is for."""

import io
from typing import Any

import pytest
from rich.console import Console

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.show.lesson.pages import answer_line, fitted_calls, fitted_lines
from lambda_over_https.transcript.selection import effective
from lambda_over_https.tutorial.lessons import lesson
from tests.kit.program.lesson import calls_of, finished
from tests.kit.program.support import Account


def _last(number: str, rows: int, width: int = 80) -> str:
    """The last line of a step's calls in so many rows: what is left out."""
    page = Console(width=width, file=io.StringIO())
    calls = effective(calls_of(finished()), [number])
    shown = fitted_lines(fitted_calls(calls, lesson(number), page, rows), page)
    lines = ["".join(text for text, _ in line) for line in shown]
    return next(line for line in reversed(lines) if line)


@pytest.mark.parametrize(
    ("number", "rows", "width", "said"),
    [
        ("2.2", 2, 80, "Press c to see 2 calls: CreateRole, PutRolePolicy."),
        ("2.2", 8, 88, "Press c to see the rest of it, the aws command and 1 more call: PutRolePolicy."),
        ("2.3", 8, 70, "Press c to see the rest of it, the aws command and 3 more calls."),
        ("2.3", 8, 40, "Press c to see all of it."),
        ("3.6", 24, 80, "Press c to see 1 more call: AddPermission."),
        ("3.4", 2, 88, "Press c to see 9 calls."),
    ],
)
def test_what_is_left_out_is_told_on_one_line(
    account: Account, number: str, rows: int, width: int, said: str
) -> None:
    assert _last(number, rows, width).startswith(said)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"seconds": 1.234}, " 1.23 s  "),
        ({"seconds": 12.0, "attempts": 3}, "12.00 s, try 3  "),
        ({"by_hand": True}, "by hand  "),
        ({"attempts": 0}, "answer lost  "),
    ],
)
def test_a_call_tells_how_long_its_answer_took_if_anybody_knows(told: dict[str, Any], words: str) -> None:
    call = Call("", "1", "2.2", "iam", "CreateRole", {"RoleName": "r"}, {}, **told)
    line = "".join(text for text, _ in answer_line(call, Console(width=80, file=io.StringIO())))
    assert line.endswith(f" {words}r")
