"""What an experiment has seen, drawn for a terminal."""

from dataclasses import dataclass

import pytest

from lambda_over_https.practice.experiments.experiment import Seen
from lambda_over_https.show.chapters import drawn


@dataclass(frozen=True)
class _Page:
    width: int
    height: int = 24
    is_terminal: bool = True
    no_color: bool = True
    encoding: str = "utf-8"


SHORT, LONG = "from the cache", "this answer took its time because the function had to be started for it"


def _lines(width: int, *notes: str) -> list[str]:
    seen: list[Seen[None]] = [Seen("GET /prod/DynamoDBManager", 200, 12.5, note, 0.1) for note in notes]
    return ["".join(text for text, _ in line).rstrip() for line in drawn(seen, _Page(width))]


@pytest.mark.parametrize("width", [80, 100, 200])
def test_nothing_is_wider_than_the_page(width: int) -> None:
    assert max(map(len, _lines(width, SHORT, LONG))) <= width


def test_a_long_note_goes_on_below_itself() -> None:
    first, *more = _lines(80, LONG)
    column = first.index("this answer")
    assert more
    assert all(line[:column].isspace() for line in more)
    assert " ".join([first[column:], *(line.strip() for line in more)]) == LONG


def test_where_there_is_room_a_bar_shows_how_long_each_took() -> None:
    (line,) = _lines(100, SHORT)
    assert "█" in line
    assert "█" not in _lines(80, LONG)[0]
