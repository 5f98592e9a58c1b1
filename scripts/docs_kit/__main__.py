"""Write, or with ``--check`` compare, everything that is generated."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from docs_kit.packages import package_map
from docs_kit.pictures import draw, outdated_pictures
from docs_kit.reference import reference

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / ".github" / "pictures"
REFERENCE = ROOT / "lambda_over_https" / "cli" / "commands" / "REFERENCE.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
BEGIN = "<!-- packages: begin (scripts/docs writes this) -->\n"
END = "<!-- packages: end -->\n"


def main() -> int:
    """Do it; 1 if something is out of date."""
    options = _options()
    outdated = [path for path, text in _texts() if not path.exists() or path.read_text() != text]
    if options.check:
        names = [str(path.relative_to(ROOT)) for path in outdated]
        names += outdated_pictures(PICTURES) if options.pictures else []
        for name in names:
            sys.stderr.write(f"{name} is out of date: run scripts/docs\n")
        return 1 if names else 0
    for path, text in _texts():
        path.write_text(text)
    if options.pictures:
        PICTURES.mkdir(parents=True, exist_ok=True)
        draw(PICTURES)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/docs", description="Write what is generated.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing, fail if anything is out of date"
    )
    parser.add_argument("--no-pictures", dest="pictures", action="store_false", help="only the texts")
    return parser.parse_args()


def _texts() -> Iterator[tuple[Path, str]]:
    """Each generated text with the file that holds it."""
    yield REFERENCE, reference()
    head, begin, rest = CONTRIBUTING.read_text().partition(BEGIN)
    _, end, tail = rest.partition(END)
    yield CONTRIBUTING, f"{head}{begin}{package_map(ROOT)}{end}{tail}"


sys.exit(main())
