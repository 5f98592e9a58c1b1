"""A page to hand out, written: as Markdown, or as HTML to be printed."""

from collections.abc import Callable, Iterator, Mapping
from html import escape

from lambda_over_https.classroom.papers.handouts import Sheet


def as_markdown(sheet: Sheet) -> str:
    """The page as Markdown."""
    return "\n".join(_markdown(sheet)) + "\n"


def _markdown(sheet: Sheet) -> Iterator[str]:
    yield from (f"# {_plain(sheet.title)}", "", _plain(sheet.lead))
    for block in sheet.blocks:
        yield from ("", f"## {block.heading}", "")
        yield from block.prose
        if block.commands:
            yield from (*([""] if block.prose else []), "```sh", *block.commands, "```")
        if block.rows:
            yield from (
                "| | |",
                "|---|---|",
                *(f"| {_code(left)} | {_code(right)} |" for left, right in block.rows),
            )


def _plain(text: str) -> str:
    """A name from a roster is text, whatever signs it has."""
    return "".join(f"\\{each}" if each in "\\`*_[]<>#|" else each for each in text)


def _code(text: str) -> str:
    return f"`{text}`" if text.startswith("loh ") else text.replace("|", "\\|")


STYLE = """
@page { size: A4; margin: 14mm }
body { font: 10.5pt/1.35 system-ui, sans-serif; max-width: 180mm; margin: 8mm auto; color: #111 }
h1 { font-size: 17pt; margin: 0 0 2mm } h2 { font-size: 11.5pt; margin: 4mm 0 1mm }
p { margin: 0 0 1.5mm } table { border-collapse: collapse; width: 100% }
td { border-bottom: 1px solid #ccc; padding: .7mm 2mm .7mm 0; vertical-align: top }
td:first-child { width: 38%; color: #333 }
pre { background: #f3f3f3; border-left: 1mm solid #888; margin: 0 0 1mm; padding: 1.2mm 2.5mm;
      white-space: pre-wrap; overflow-wrap: anywhere }
code, pre { font: 9pt/1.4 ui-monospace, monospace }
section { break-inside: avoid }
"""


def as_html(sheet: Sheet) -> str:
    """The page as one HTML file without anything from elsewhere; it prints on one sheet."""
    body = "\n".join(_html(sheet))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(sheet.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _html(sheet: Sheet) -> Iterator[str]:
    yield f"<h1>{escape(sheet.title)}</h1>\n<p>{escape(sheet.lead)}</p>"
    for block in sheet.blocks:
        yield f"<section>\n<h2>{escape(block.heading)}</h2>"
        yield from (f"<p>{_inline(each)}</p>" for each in block.prose)
        if block.commands:
            yield "<pre>" + escape("\n".join(block.commands)) + "</pre>"
        if block.rows:
            yield "<table>"
            for left, right in block.rows:
                yield f"<tr><td>{_inline(left)}</td><td>{_inline(_code(right))}</td></tr>"
            yield "</table>"
        yield "</section>"


def _inline(text: str) -> str:
    """Prose in HTML: what stands in backticks is code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{each}</code>" if number % 2 else each for number, each in enumerate(parts))


FORMS: Mapping[str, Callable[[Sheet], str]] = {"md": as_markdown, "html": as_html}
"""How a page can be written, by the ending of its file."""
