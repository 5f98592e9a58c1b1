"""A manual page comes in the user's pager; other long output, a window at a time."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from rich.console import Console

from lambda_over_https.show.canvas.pager import pager, plain
from lambda_over_https.show.moving.dialogue import Dialogue

LONG = "N\bNA\bAME\n" + "a line\x1b[2J\n" * 40


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ["less"]),
        ({"PAGER": "less -i"}, ["less", "-i"]),
        ({"PAGER": "less", "MANPAGER": "more"}, ["more"]),
        ({"PAGER": ""}, ["less"]),
        ({"PAGER": "nowhere-installed"}, []),
    ],
)
def test_the_pager_is_the_one_that_man_would_take(
    tmp_path: Path, environment: Mapping[str, str], expected: list[str]
) -> None:
    for name in ("less", "more"):
        (tmp_path / name).touch(mode=0o700)
    assert pager({"PATH": str(tmp_path), **environment}) == expected


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dialogue]:
    """Pages on a terminal of 24 rows, with a pager that notes what it is given."""
    monkeypatch.setenv("PAGER", f"tee {tmp_path / 'paged'}")
    monkeypatch.delenv("MANPAGER", raising=False)
    with (tmp_path / "screen").open("w") as screen:
        yield Dialogue(Console(file=screen, width=80, height=24, force_terminal=True, highlight=False))


def _asked(pages: Dialogue, text: str, *, manual: bool) -> list[bool]:
    """How often the reader was asked to go on, and whether there was more."""
    asked: list[bool] = []

    def go_on(more: bool) -> bool:
        asked.append(more)
        return True

    pages.output(text, go_on, manual=manual)
    return asked


@pytest.mark.processes
def test_a_manual_page_comes_in_the_pager_with_its_bold_letters_and_nothing_that_drives_the_screen(
    pages: Dialogue, tmp_path: Path
) -> None:
    assert _asked(pages, LONG, manual=True) == []
    assert (tmp_path / "paged").read_text() == LONG.replace("\x1b", "\\u001b")


def test_what_a_window_holds_is_shown_at_once(pages: Dialogue, tmp_path: Path) -> None:
    assert _asked(pages, "N\bNA\bAME\n", manual=True) == []
    assert not (tmp_path / "paged").exists()
    pages.out.file.flush()
    assert "NAME" in (tmp_path / "screen").read_text()


@pytest.mark.parametrize("manual", [True, False])
def test_other_long_output_comes_a_window_at_a_time_and_so_does_all_without_a_pager(
    pages: Dialogue, tmp_path: Path, manual: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if manual:
        monkeypatch.setenv("PAGER", "nowhere-installed")
    assert _asked(pages, LONG, manual=manual) == [True, False]


def test_manual_pages_come_without_overstriking() -> None:
    assert plain("N\bNA\bAME  +\bo _\bx") == "NAME  o x"
