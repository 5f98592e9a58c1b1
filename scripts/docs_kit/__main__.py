"""Generate, or with ``--check`` compare, the README's command reference and the pictures."""

import sys
from pathlib import Path

from docs_kit.pictures import draw, outdated_pictures
from docs_kit.reference import commands

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PICTURES = ROOT / ".github" / "pictures"
BEGIN = "<!-- commands: begin (scripts/docs writes this) -->\n"
END = "<!-- commands: end -->"


def main() -> int:
    """Do it; 1 if something is out of date."""
    before = README.read_text()
    head, _, rest = before.partition(BEGIN)
    after = f"{head}{BEGIN}\n{commands()}\n{END}{rest.partition(END)[2]}"
    if "--check" not in sys.argv[1:]:
        README.write_text(after)
        PICTURES.mkdir(parents=True, exist_ok=True)
        draw(PICTURES)
        return 0
    outdated = ["README.md"] if after != before else []
    outdated += outdated_pictures(PICTURES)
    for name in outdated:
        sys.stderr.write(f"{name} is out of date: run scripts/docs\n")
    return 1 if outdated else 0


sys.exit(main())
