"""Lines, prose and tables: whole in a pipe, coloured and folded on a terminal."""

import contextlib
import io
import os
import pty
import termios
from collections.abc import Callable
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.show.canvas.page import Span, Whole, folded
from lambda_over_https.show.canvas.screen import Screen


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has said anything about size and colours; terminals are of the usual kind."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def written(draw: Callable[[Screen], None], out: io.StringIO) -> str:
    """What arrives where standard output leads."""
    with contextlib.redirect_stdout(out):
        draw(Screen())
    return out.getvalue()


def piped(draw: Callable[[Screen], None]) -> str:
    return written(draw, io.StringIO())


def on_a_terminal(draw: Callable[[Screen], None]) -> str:
    return written(draw, _Terminal())


STEPS: list[list[Span]] = [
    [("3.4", ""), ("Set the function as the method's destination", ""), ("done", "green")],
    [("3.5", ""), ("Deploy the API", ""), ("pending", "dim")],
]


def test_a_pipe_gets_plain_lines_without_blanks_at_their_ends() -> None:
    assert piped(lambda to: to.print(("tutorial", "bold"), (" is there  ", ""), ("  ", "dim"))) == (
        "tutorial is there\n"
    )
    assert piped(lambda to: to.print()) == "\n"


def test_a_pipe_is_wide_enough_for_ids_and_urls() -> None:
    assert piped(lambda to: to.prose("word " * 50, width=1000)).count("\n") == 2


def test_the_terminal_behind_standard_error_counts_where_the_answer_is_piped() -> None:
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (30, 72))
    with os.fdopen(follower, "w") as terminal, contextlib.redirect_stderr(terminal):
        screen = Screen(stderr=True)
    os.close(leader)
    assert (screen.width, screen.height, screen.is_terminal) == (72, 30, True)


def test_a_terminal_gets_colours() -> None:
    said = on_a_terminal(lambda to: to.print(("done", "bold green"), (" and dusted", "")))
    assert said == "\x1b[32m\x1b[1mdone\x1b[0m and dusted\n"


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [("NO_COLOR", "1", "\x1b[1mdone\x1b[0m\n"), ("TERM", "dumb", "done\n")],
)
def test_colours_can_be_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert on_a_terminal(lambda to: to.print(("done", "bold green"))) == expected


def test_colours_can_be_had_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[32m" in piped(lambda to: to.print(("done", "green")))


def test_columns_stand_below_each_other() -> None:
    assert piped(lambda to: to.table(STEPS, ("step", "title", "state"))).splitlines() == [
        "step  title                                         state",
        "3.4   Set the function as the method's destination  done",
        "3.5   Deploy the API                                pending",
    ]


def test_the_widest_column_is_folded_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "dumb")
    assert on_a_terminal(lambda to: to.table(STEPS)).splitlines() == [
        "3.4  Set the function as the     done",
        "     method's destination",
        "3.5  Deploy the API              pending",
    ]


def test_a_table_without_rows_says_nothing() -> None:
    assert piped(lambda to: to.table([])) == ""


def test_a_text_of_several_lines_keeps_them_and_their_blank_ones_on_a_terminal() -> None:
    said = on_a_terminal(lambda to: to.print(("\nLook at it:  loh status\n\n  and go on", "")))
    assert said == "\nLook at it:  loh status\n\n  and go on\n"


CELLS = st.text(alphabet="ab ü-/:", max_size=40)
ROWS = st.integers(1, 4).flatmap(lambda count: st.lists(st.tuples(*[CELLS] * count), min_size=1, max_size=4))


@given(ROWS, st.integers(20, 90))
def test_a_table_fits_and_cuts_no_word(rows: list[tuple[str, ...]], columns: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("TERM", "dumb")
        said = on_a_terminal(lambda to: to.table([[(cell, "") for cell in row] for row in rows]))
    lines, words = said.splitlines(), " ".join(" ".join(row) for row in rows).split()
    assert all(len(line) <= columns or line in words for line in lines)
    assert all(line == line.rstrip() for line in lines)
    assert sorted(said.split()) == sorted(words)


@given(st.lists(st.tuples(CELLS, st.sampled_from(["", "bold"])), max_size=4), st.integers(20, 90))
def test_a_line_is_broken_between_words_and_keeps_its_styles(line: list[Span], columns: int) -> None:
    lines = list(folded(line, columns))
    told = ["".join(text for text, _ in each) for each in lines]
    words = "".join(text for text, _ in line).split()
    assert " ".join(told).split() == words
    assert all(len(each) <= columns or each in words for each in told)
    for style in ("", "bold"):
        kept, given = (
            "".join(text for text, of in spans if of == style) for spans in (chain.from_iterable(lines), line)
        )
        assert sorted("".join(kept.split())) == sorted("".join(given.split()))


def test_code_is_never_broken_since_it_is_copied() -> None:
    line = Whole([("word " * 30, "")])
    assert list(folded(line, 40)) == [line]
