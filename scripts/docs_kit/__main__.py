"""Write, or with ``--check`` compare, everything that is generated."""

import argparse
import sys

from docs_kit.texts import ROOT, outdated_texts, write_texts

PICTURES = ROOT / ".github" / "pictures"


def main() -> int:
    """Do it; 1 if something is out of date."""
    options = _options()
    if options.check:
        outdated = outdated_texts() + (_outdated_pictures() if options.pictures else [])
        for name in outdated:
            sys.stderr.write(f"{name} is out of date: run scripts/docs\n")
        return 1 if outdated else 0
    write_texts()
    if options.pictures:
        _draw()
    return 0


def _outdated_pictures() -> list[str]:
    from docs_kit import board, pictures  # a check of the texts alone loads neither rich nor a browser

    return [*pictures.outdated_pictures(PICTURES), *board.outdated_board(PICTURES)]


def _draw() -> None:
    from docs_kit import board, pictures

    PICTURES.mkdir(parents=True, exist_ok=True)
    pictures.draw(PICTURES)
    board.draw_board(PICTURES)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/docs", description="Write what is generated.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing, fail if anything is out of date"
    )
    parser.add_argument("--no-pictures", dest="pictures", action="store_false", help="only the texts")
    return parser.parse_args()


sys.exit(main())
