"""The prompt for the aws command: what is typed or pasted, and how what it writes is shown."""

import io
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lambda_over_https.cli.walking.aws_prompt import AwsPrompt, ask_command

ROLE = """aws iam create-role \\
    --role-name arn:\\
aws:role \\
    --document '{
      "Version": "2012-10-17"
    }'
"""


class _Shown:
    """What a learner sees, and what ``aws`` was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def raw(self, text: str) -> None:
        self.texts.append(text)

    def erase_line(self) -> None:
        self.texts.append("erased")

    @contextmanager
    def at_work(self, text: str) -> Iterator[None]:
        self.texts.append(text)
        yield

    def output(self, text: str, go_on: Callable[[bool], bool], *, manual: bool) -> None:
        self.texts.append(f"manual {text}" if manual else text)


@pytest.fixture
def shown(tmp_path: Path) -> _Shown:
    """With an ``aws`` that writes each word it is given on a line."""
    aws = tmp_path / "aws"
    aws.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    aws.chmod(0o700)
    return _Shown()


def _typed(shown: _Shown, folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    AwsPrompt(lambda: {"PATH": f"{folder}:/bin:/usr/bin"}, folder, shown, bool).until(
        lambda: False, ("r take back", "q quit")
    )
    return shown.texts


@pytest.mark.processes
def test_a_command_that_a_hint_shows_is_pasted_as_it_is(
    shown: _Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about, _, said, left = _typed(shown, tmp_path, monkeypatch, ROLE)
    assert "paste them, also over several lines" in about
    words = ["iam", "create-role", "--role-name", "arn:aws:role", "--document", "{"]
    assert said.split("\n") == [*words, '      "Version": "2012-10-17"', "    }", ""]
    assert left == "erased"


@pytest.mark.processes
def test_the_help_of_a_command_is_a_manual_page_and_help_alone_explains_the_prompt(
    shown: _Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about, _, manual, again, left = _typed(shown, tmp_path, monkeypatch, "aws help\nhelp\nq\n")
    assert (manual, again, left) == ("manual help\n", about, "erased")


@pytest.mark.parametrize(("typed", "key"), [("r\n", "r"), ("q\n", ""), ("\n", "")])
def test_a_key_of_the_page_leaves_the_prompt_for_the_page_to_act_on_it(
    shown: _Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, key: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}aws help\n"))
    prompt = AwsPrompt(lambda: {"PATH": str(tmp_path)}, tmp_path, shown, bool)
    assert prompt.until(lambda: False, ("r take back", "q quit")) == key
    assert shown.texts[1:] == ["erased"]


@pytest.mark.processes
def test_after_the_last_window_of_an_answer_nobody_is_asked(
    shown: _Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    asked: list[bool] = []

    def output(text: str, go_on: Callable[[bool], bool], *, manual: bool) -> None:
        assert [go_on(more) for more in (True, False)] == [True, False]

    monkeypatch.setattr(shown, "output", output)

    def ask(more: bool) -> bool:
        asked.append(more)
        return True

    AwsPrompt(lambda: {"PATH": f"{tmp_path}:/bin:/usr/bin"}, tmp_path, shown, ask).run("aws x")
    assert asked == [True]


def test_what_is_no_aws_command_is_told_so(
    shown: _Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _typed(shown, tmp_path, monkeypatch, "ls -l\naws iam get-role '\n\n")
    said = capsys.readouterr().err
    assert "Begin with the word aws." in said
    assert "The line is not complete" in said


@pytest.mark.parametrize("typed", ["", "\n", "   \n"])
def test_an_empty_line_and_the_end_of_the_input_leave(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert ask_command() == ""


class _Interrupted:
    """Somebody who presses ^C first, and then types the line."""

    def __init__(self, line: str) -> None:
        self._line = line
        self._pressed = False

    def isatty(self) -> bool:
        return False

    def readline(self, *_: int) -> str:
        if not self._pressed:
            self._pressed = True
            signal.raise_signal(signal.SIGINT)
        return self._line


def test_an_interruption_gives_up_the_line_and_nobody_else_hears_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    monkeypatch.setattr(sys, "stdin", _Interrupted("aws help\n"))
    assert ask_command() == "aws help"
    assert capsys.readouterr().out == "$ \n$ "
    assert heard == []
    signal.raise_signal(signal.SIGINT)
    signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]


def test_a_command_that_was_pasted_on_the_page_has_its_first_letter_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page takes the letter as the key that opens the prompt."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("ws iam get-role \\\n  --role-name r\n"))
    assert ask_command() == "aws iam get-role \\\n  --role-name r"


def test_a_prompt_that_goes_on_after_a_hint_explains_itself_no_more(
    shown: _Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("h\n"))
    prompt = AwsPrompt(lambda: {"PATH": str(tmp_path)}, tmp_path, shown, bool)
    assert prompt.until(lambda: False, ("h hint",), again=True) == "h"
    assert shown.texts == ["erased"]
