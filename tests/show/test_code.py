"""Calls in colour: what is seen is what is pasted."""

from dataclasses import dataclass

import pytest

from lambda_over_https.show.canvas.page import Line
from lambda_over_https.show.code import code_lines

PYTHON = 'lambda_.invoke(\n    FunctionName="alice",  # by hand\n    Payload=b"{}",\n)'
SHELL = "aws lambda invoke \\\n  --function-name 'alice' \\\n  out.json"
JSON = '{\n  "Items": [1, 2.5, true, "\\u00fc"]\n}'


@dataclass
class _Page:
    is_terminal: bool = True
    no_color: bool = False
    width: int = 80
    height: int = 24
    encoding: str = "utf-8"


def _text(lines: list[Line]) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


@pytest.mark.parametrize(("source", "language"), [(PYTHON, "python"), (SHELL, "bash"), (JSON, "json")])
def test_colours_change_no_letter(source: str, language: str) -> None:
    lines = list(code_lines(source, language, _Page()))
    assert _text(lines) == source
    assert {style for line in lines for _, style in line} - {""}


@pytest.mark.parametrize("page", [_Page(is_terminal=False), _Page(no_color=True)])
def test_where_there_are_no_colours_code_is_plain(page: _Page) -> None:
    lines = list(code_lines(PYTHON, "python", page))
    assert _text(lines) == PYTHON
    assert {style for line in lines for _, style in line} == {""}


def test_strings_and_comments_are_told_apart() -> None:
    styles = {text.strip(): style for line in code_lines(PYTHON, "python", _Page()) for text, style in line}
    assert styles["# by hand"] == "dim"
    assert styles["alice"] == "green"
