"""The generated texts, each with the file that holds it."""

from collections.abc import Iterator
from pathlib import Path

from docs_kit.members import member_tables, refusals
from docs_kit.packages import package_map
from docs_kit.reference import reference

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "lambda_over_https" / "cli" / "commands" / "REFERENCE.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
SANDBOX = ROOT / "lambda_over_https" / "sandbox"
BEHAVIOUR = SANDBOX / "BEHAVIOUR.md"
MEMBERS = SANDBOX / "MEMBERS.md"


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
    yield MEMBERS, member_tables()
    yield CONTRIBUTING, _with_part(CONTRIBUTING, "packages", package_map(ROOT))
    yield BEHAVIOUR, _with_part(BEHAVIOUR, "refusals", refusals())


def _with_part(path: Path, name: str, part: str) -> str:
    """The file's text with what is between the marks of that name replaced."""
    begin, end = f"<!-- {name}: begin (scripts/docs writes this) -->\n", f"<!-- {name}: end -->\n"
    head, _, rest = path.read_text().partition(begin)
    _, _, tail = rest.partition(end)
    return f"{head}{begin}{part}{end}{tail}"
