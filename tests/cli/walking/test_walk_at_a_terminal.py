"""The walk at a terminal: single keys, and pages that fit its window."""

import re
from pathlib import Path

import pytest

from tests.kit.program.support import Account, done, loh
from tests.kit.program.terminal import Terminal
from tests.kit.program.walking import away, begun, leave, walk


def _states(name: str) -> dict[str, str]:
    report = loh("status", "--name", name, "--json").json
    return {step["number"]: step["state"] for step in report["steps"]}


@pytest.mark.parametrize(("columns", "rows"), [(60, 20), (80, 24), (120, 50)])
def test_the_first_page_tells_the_goal_in_one_window(
    account: Account, name: str, columns: int, rows: int
) -> None:
    terminal = Terminal("run", "--name", name, columns=columns, rows=rows)
    page = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.until(" quit"))
    terminal.press("q")
    terminal.until("Nothing was made. Begin with: loh run")
    assert terminal.end() == 0
    told = page[page.index("You will build") :]
    assert len(told.splitlines()) < rows
    for words in (
        "DynamoDB",
        "client",
        "○ permission",
        "○ is not there yet, ● is.",
        "20 minutes",
        "loh teardown",
        "begin",
    ):
        assert words in " ".join(told.split())


def test_a_single_key_is_enough_on_a_terminal_and_code_is_in_colour(account: Account, name: str) -> None:
    terminal = begun(name)
    page = terminal.until(" do it")
    assert "Step 1 (1 of 12)" in page
    terminal.press("\r")
    terminal.until(" go on")
    terminal.press(" ")
    terminal.until("2.1")
    terminal.until(" quit")
    terminal.press("q")
    terminal.until("Leave the walk?")
    terminal.until(" no")
    terminal.press("y")
    terminal.until("Stopped; what was made is recorded.")
    terminal.until("Step 2.1 comes next. Continue with: loh run")
    assert terminal.end() == 0
    away(name)


@pytest.mark.parametrize(("variable", "colour"), [("NO_COLOR", False), ("NOTHING_OF_THE_KIND", True)])
def test_no_color_is_honoured(account: Account, name: str, variable: str, colour: bool) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = Terminal("run", "--name", name, columns=100, rows=40, **{variable: "1"})
    page = terminal.until(" quit")
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]m", page)) is colour
    assert "lambda_.create_function(" in re.sub(r"\x1b\[[0-9;]*m", "", page)
    assert leave(terminal) == 0
    away(name)


def test_a_page_fits_a_projector_of_forty_rows(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = Terminal("run", "--name", name, columns=80, rows=40)
    terminal.until("Step 2.3 (4 of 12)")
    page = terminal.until(" quit")
    assert len(page.splitlines()) < 40
    assert "--function-name" in page
    assert leave(terminal) == 0
    away(name)


def test_what_is_longer_than_the_window_comes_a_window_at_a_time(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = Terminal("run", "--name", name, columns=80, rows=24)
    terminal.until(" quit")
    terminal.press("c")
    assert "create_log_group" in terminal.until(" skip the rest")
    terminal.press("\r")
    _, _, window = terminal.until(" skip the rest").rpartition("\x1b[1A\x1b[2K")  # the first question goes
    assert len(window.splitlines()) <= 24
    terminal.press("q")
    assert "invoke" not in terminal.until(" quit")
    assert leave(terminal) == 0
    away(name)


def test_q_after_the_last_window_leaves_the_text_and_not_the_walk(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "3.1", "--name", name)
    terminal = Terminal("run", "--name", name, columns=80, rows=40)
    terminal.until(" quit")
    terminal.press("c")
    terminal.until("create-resource")
    terminal.until(" back")
    terminal.press("q")
    terminal.until(" quit")
    assert leave(terminal) == 0
    away(name)


def test_a_question_that_was_answered_goes_from_a_terminal_and_stays_in_a_file(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert walk(monkeypatch, name, "eq").err.count("q quit") == 2
    terminal = begun(name, columns=80, rows=24)
    terminal.until(" quit")
    terminal.press("e")
    assert terminal.until("GetCallerIdentity").count("\x1b[1A\x1b[2K") == 1
    terminal.until(" quit")
    assert leave(terminal) == 0


def test_a_dumb_terminal_gets_no_control_sequences(account: Account, name: str) -> None:
    terminal = Terminal("run", "--name", name, columns=80, rows=24, TERM="dumb")
    said = terminal.until(" quit")
    terminal.press("\r")
    said += terminal.until(" quit")
    assert leave(terminal) == 0
    assert "\x1b" not in said
    away(name)


def test_control_c_leaves_like_an_interruption(account: Account, name: str, world: Path) -> None:
    terminal = Terminal("run", "--name", name, columns=80, rows=40)
    terminal.until(" quit")
    terminal.press("\x03")
    assert terminal.end() == 130
    assert loh("run", "--no-pause", "--to", "2.1", "--name", name).code == 0
    away(name)


def test_keys_pressed_before_a_page_is_shown_are_dropped(account: Account, name: str) -> None:
    """Ten times Enter made four steps that nobody had read."""
    terminal = begun(name)
    terminal.until(" do it")
    terminal.press("\r" * 10)
    terminal.until(" go on")
    assert leave(terminal) == 0
    states = {each["number"]: each["state"] for each in loh("steps", "--name", name, "--json").json["steps"]}
    assert (states["1"], states["2.1"]) == ("done", "pending")
    away(name)


@pytest.mark.parametrize(("key", "said"), [("?", "more"), ("x", "The key x does nothing here")])
def test_a_key_that_does_nothing_shows_what_the_keys_do(
    account: Account, name: str, key: str, said: str
) -> None:
    terminal = begun(name)
    terminal.until(" quit")
    terminal.press(key)
    shown = terminal.until(" quit")
    assert said in shown
    assert re.search(r"Enter\S* +\S*do it", re.sub(r"\x1b\[[0-9;]*m", "", shown))
    assert leave(terminal) == 0
    away(name)


def test_the_escape_key_alone_does_not_wait_for_another(account: Account, name: str) -> None:
    terminal = begun(name)
    terminal.until(" quit")
    terminal.press("\x1b")
    terminal.until("does nothing here")
    terminal.until(" do it")
    terminal.press("\x1b[A")
    terminal.until("does nothing here")
    terminal.until(" do it")
    assert leave(terminal) == 0
    away(name)


def test_a_yes_that_was_typed_before_the_question_is_none(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = Terminal("teardown", "--name", name, columns=100, rows=40)
    terminal.press("y\ny\n")
    terminal.until("Remove all of this? [y/N], then Enter: ")
    terminal.press("n\n")
    assert "Error" not in terminal.until("Nothing was changed.")
    assert terminal.end() == 130
    assert account.of(name)
    away(name)


def test_b_says_what_it_undoes_and_asks_before_a_step_too(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = Terminal("run", "--name", name, columns=100, rows=40, NO_COLOR="1")
    terminal.until(" undo 2.2")
    terminal.until(" quit")
    terminal.press("b")
    assert f"{name}-lambda-gateway-execution-role" in terminal.until("Remove all of this?")
    terminal.until(" yes")
    terminal.until(" no")
    terminal.press("n")
    terminal.until("Nothing was changed.")
    terminal.until(" quit")
    assert _states(name)["2.2"] == "done"
    terminal.press("b")
    terminal.until("Remove all of this?")
    terminal.until(" no")
    terminal.press("y")
    terminal.until("iam:role \x1b[1m")
    terminal.until(" deleted")
    assert "Step 2.2" not in terminal.until(" go on")  # what was removed is in view
    terminal.press("\r")
    terminal.until(" undo 2.1")
    terminal.until(" quit")
    assert _states(name)["2.2"] == "pending"
    assert leave(terminal) == 0
    away(name)


def test_one_q_too_many_does_not_leave_the_walk(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = Terminal("run", "--name", name, columns=80, rows=24)
    terminal.until(" quit")
    for _ in range(2):
        terminal.press("q")
        terminal.until("Leave the walk? What was made stays.")
        terminal.until(" no")
        terminal.press("n")
        terminal.until(" quit")
    terminal.press("q")
    terminal.until("Leave the walk?")
    terminal.until(" no")
    terminal.press("q")  # a second one leaves, as the end of the input does: it would never answer else
    terminal.until("Continue with: loh run")
    assert terminal.end() == 0
    away(name)


def test_b_promises_to_undo_only_where_something_would_be_removed(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "1", "--name", name)
    terminal = Terminal("run", "--name", name, columns=80, rows=24, NO_COLOR="1")
    terminal.until(" back to 1")
    terminal.until(" quit")
    terminal.press("b")
    terminal.until("Step 1 (1 of 12)")
    terminal.until(" quit")
    assert leave(terminal) == 0
    away(name)


def test_what_makes_nothing_is_undone_without_a_question(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "1", "--name", name)
    terminal = Terminal("undo", "--name", name, columns=100, rows=40)
    assert "Remove all of this?" not in terminal.until("is undone")
    assert terminal.end() == 0
    away(name)
