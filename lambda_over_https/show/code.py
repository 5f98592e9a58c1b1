"""Source text and calls as such, highlighted in the sixteen colours that every terminal shows readably."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.show.canvas.page import Line, Page, Span, Whole, code_width
from lambda_over_https.transcript.aws_cli import aws_command
from lambda_over_https.transcript.python import python_call


@dataclass(frozen=True, slots=True)
class Code:
    """Source text with the label that stands above it."""

    label: str
    language: str
    text: str

    @property
    def height(self) -> int:
        """Rows, including the label."""
        return self.text.count("\n") + 2


def both_ways(call: Call, width: int) -> tuple[Code, ...]:
    """A call as boto3 Python and as the ``aws`` command."""
    python = Code("Python (boto3)", "python", python_call(call, width=width))
    return python, Code("the aws command", "bash", aws_command(call, width=width))


def block_lines(block: Sequence[Code], page: Page) -> Iterator[Line]:
    """The calls of a block one below the other, each in all its forms, and a blank line."""
    for code in block:
        yield [(code.label, "dim")]
        yield from code_lines(code.text, code.language, page)
    yield []


def call_lines(calls: Sequence[Call], page: Page) -> Iterator[Line]:
    """Calls as boto3 Python and as ``aws`` commands, one below the other."""
    for call in calls:
        yield from block_lines(both_ways(call, code_width(page)), page)


def code_lines(source: str, language: str, page: Page) -> Iterator[Line]:
    """Source text in whole lines from the first column: so it can be copied and pasted."""
    if page.is_terminal and not page.no_color:
        yield from _highlighted(source, language)
    else:
        for line in source.split("\n"):
            yield Whole([(line, "")])


def _highlighted(source: str, language: str) -> Iterator[Line]:
    from pygments.lexers import get_lexer_by_name

    line: list[Span] = []
    styles = _styles()
    for kind, text in get_lexer_by_name(language).get_tokens(source):
        style = next((style for token, style in styles if kind in token), "")
        first, *others = text.split("\n")
        line.append((first, style))
        for other in others:
            yield Whole(line)
            line = [(other, style)]


def _styles() -> Sequence[tuple[Any, str]]:
    """The style of each kind of token; the first that matches counts."""
    from pygments.token import Comment, Keyword, Name, Number, String

    return (
        (Comment, "dim"),
        (Keyword, "magenta"),
        (Name.Attribute, "cyan"),
        (Name.Variable, "cyan"),
        (Name.Tag, "cyan"),
        (Number, "cyan"),
        (String.Escape, "dim"),
        (String, "green"),
    )
