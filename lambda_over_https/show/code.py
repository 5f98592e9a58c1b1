"""Calls as highlighted code, in the sixteen colours that every terminal makes readable on its background."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lambda_over_https.show.fitting import Code

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def print_block(block: Sequence[Code], out: "Console") -> None:
    """Code of one kind below the other, and a blank line."""
    for code in block:
        out.print(code.label, style="dim", markup=False)
        print_code(code.text, code.language, out)
    out.print()


def print_code(source: str, language: str, out: "Console") -> None:
    """Source text from the first column on, whole lines: what is copied can be pasted."""
    text = highlighted(source, language) if out.is_terminal and not out.no_color else _plain(source)
    for line in text.split("\n"):
        out.print(line, soft_wrap=True)


def _plain(source: str) -> "Text":
    from rich.text import Text

    return Text(source)


def highlighted(source: str, language: str) -> "Text":
    """Source text in colour."""
    from pygments.token import Comment, Keyword, Name, Number, String, Token  # type: ignore[import-untyped]
    from rich.style import Style
    from rich.syntax import ANSISyntaxTheme, Syntax

    theme = ANSISyntaxTheme(
        {
            Token: Style(),
            Comment: Style(dim=True),
            Keyword: Style(color="magenta"),
            Name.Attribute: Style(color="cyan"),
            Name.Variable: Style(color="cyan"),
            Number: Style(color="cyan"),
            String: Style(color="green"),
            String.Escape: Style(dim=True),
        }
    )
    text = Syntax(source, language, theme=theme, background_color="default").highlight(source)
    text.rstrip()
    return text
