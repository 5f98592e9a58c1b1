"""The generated texts, each with the file that holds it."""

from collections.abc import Iterator
from pathlib import Path

from docs_kit.packages import package_map
from docs_kit.reference import reference

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "lambda_over_https" / "cli" / "commands" / "REFERENCE.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
BEGIN = "<!-- packages: begin (scripts/docs writes this) -->\n"
END = "<!-- packages: end -->\n"


def write_texts() -> None:
    """Bring every generated text up to date."""
    for path, text in _texts():
        path.write_text(text)


def outdated_texts() -> list[str]:
    """The files with a text that is no longer what would be generated."""
    return [
        str(path.relative_to(ROOT))
        for path, text in _texts()
        if not path.exists() or path.read_text() != text
    ]


def _texts() -> Iterator[tuple[Path, str]]:
    yield REFERENCE, reference()
    head, begin, rest = CONTRIBUTING.read_text().partition(BEGIN)
    _, end, tail = rest.partition(END)
    yield CONTRIBUTING, f"{head}{begin}{package_map(ROOT)}{end}{tail}"
