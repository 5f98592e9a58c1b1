"""Questions of yes or no on a terminal: what may be typed, and what ^C is there."""

import io
import sys

import pytest

from lambda_over_https.cli.shared import questions
from lambda_over_https.errors import DeclinedError, InterruptedRunError
from tests.kit.program.support import Account, done
from tests.kit.program.terminal import Terminal
from tests.kit.program.walking import away


class _Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _nothing_was_typed_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "forget_typed", lambda: None)


@pytest.mark.parametrize("typed", ["y\n", "Y\n", "yes\n", " YES \n"])
def test_a_yes_goes_on(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Keyboard(typed))
    questions.ask("Remove all of this?")


@pytest.mark.parametrize("typed", ["n\n", "No\n", "\n", ""])
def test_anything_that_means_no_changes_nothing(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Keyboard(typed))
    with pytest.raises(DeclinedError, match=r"^Nothing was changed\.$") as declined:
        questions.ask("Remove all of this?")
    assert declined.value.exit_code == 130


def test_anything_else_is_told_what_may_be_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", _Keyboard("sure\ny\n"))
    assert questions.answered("Remove all of this?")
    said = " ".join(capsys.readouterr().err.split())
    assert said.count("Remove all of this? [y/N]") == 2
    assert "sure is no answer here: type y for yes or n for no, then Enter." in said


def test_control_c_after_a_change_is_not_told_as_one_before_it() -> None:
    with pytest.raises(KeyboardInterrupt), questions.before_any_change(lambda: False):
        raise KeyboardInterrupt
    with pytest.raises(InterruptedRunError) as stopped, questions.before_any_change():
        raise KeyboardInterrupt
    assert stopped.value.hint == "Nothing was changed."


def test_control_c_at_a_question_is_an_interruption_that_changed_nothing(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", name)
    terminal = Terminal("teardown", "--name", name, columns=100, rows=40, NO_COLOR="1")
    terminal.until("[y/N], then Enter: ")
    terminal.press("\x03")
    said = terminal.until("Nothing was changed.")
    assert "Interrupted." in said
    assert "Aborted" not in said
    assert terminal.end() == 130
    away(name)
