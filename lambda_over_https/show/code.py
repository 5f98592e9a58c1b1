"""Calls as highlighted code, in the sixteen colours that every terminal makes readable on its background."""

from typing import TYPE_CHECKING

from lambda_over_https.calls.aws_cli import aws_command
from lambda_over_https.calls.python import python_call
from lambda_over_https.history import Call
from lambda_over_https.show.console import MARGIN, code_width

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def print_call(call: Call, out: "Console") -> None:
    """One call, as boto3 Python and as the ``aws`` command."""
    width = code_width(out)
    out.print("boto3", style="dim")
    print_code(python_call(call, width=width), "python", out)
    out.print("aws", style="dim")
    print_code(aws_command(call, width=width), "bash", out)


def print_code(source: str, language: str, out: "Console", margin: int = MARGIN) -> None:
    """Source text, indented; long lines are left whole, so that they can be copied."""
    text = highlighted(source, language) if out.is_terminal and not out.no_color else _plain(source)
    for line in text.split("\n"):
        line.pad_left(margin)
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
            Name.Builtin: Style(color="magenta"),
            Name.Attribute: Style(color="cyan"),
            Name.Variable: Style(color="cyan"),
            Number: Style(color="cyan"),
            String: Style(color="green"),
        }
    )
    text = Syntax(source, language, theme=theme, background_color="default").highlight(source)
    text.rstrip()
    return text
