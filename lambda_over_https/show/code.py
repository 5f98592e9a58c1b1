"""Calls as highlighted code, in the sixteen colours that every terminal shows readably."""

from collections.abc import Iterator, Sequence
from typing import Any

from lambda_over_https.show.canvas.fitting import Code
from lambda_over_https.show.canvas.page import Line, Page, Span, Whole


def block_lines(block: Sequence[Code], page: Page) -> Iterator[Line]:
    """The calls of a block one below the other, each in all its forms, and a blank line."""
    for code in block:
        yield [(code.label, "dim")]
        yield from code_lines(code.text, code.language, page)
    yield []


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
