"""The walk: page, key, step; on a terminal by single keys, elsewhere by lines."""

import io
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lambda_over_https.sources import bundled_source
from lambda_over_https.steps import STEPS
from tests.support import Account, Ran, loh

ENTER = "\n"


def _walk(monkeypatch: pytest.MonkeyPatch, name: str, keys: str, *more: str) -> Ran:
    """Walk with these keys, each on a line of standard input."""
    monkeypatch.setattr(
        sys, "stdin", io.StringIO("".join(f"{key}\n" if key != ENTER else key for key in keys))
    )
    return loh("run", "--pause", "--name", name, *more)


def _states(name: str) -> dict[str, str]:
    report = loh("status", "--name", name, "--json").json
    return {step["number"]: step["state"] for step in report["steps"]}


def _away(name: str) -> None:
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_the_whole_walk_tells_each_step_and_ends_with_the_line_to_try(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _walk(monkeypatch, name, ENTER * 2 * len(STEPS))
    assert ran.code == 0
    for step in STEPS:
        assert f"{step.number}  {step.title}" in ran.err
    assert ran.err.index("lambda_.create_function(") < ran.err.index("→ CreateFunction")
    assert f"aws dynamodb create-table \\\n      --table-name {name}-LambdaTable" in ran.err
    assert ran.out.startswith("curl ")
    assert set(_states(name).values()) == {"done"}
    assert "\x1b" not in ran.err + ran.out
    _away(name)


def test_q_leaves_with_the_state_safe_and_says_how_to_go_on(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _walk(monkeypatch, name, ENTER * 6 + "q")
    assert ran.code == 0
    assert f"loh run --name {name}" in ran.err
    assert [number for number, state in _states(name).items() if state == "done"] == ["1", "2.1", "2.2"]
    assert loh("run", "--no-pause", "--name", name).code == 0
    _away(name)


def test_the_end_of_the_input_leaves_too(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _walk(monkeypatch, name, ENTER * 3).code == 0
    assert _states(name)["2.1"] == "done"
    _away(name)


def test_b_takes_the_last_step_back_and_comes_to_it_again(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = account.holdings()
    ran = _walk(monkeypatch, name, ENTER * 6 + "b" + "q")
    assert ran.err.count("2.2  Create the execution role") == 2
    assert _states(name)["2.2"] == "pending"
    assert account.holdings() == before
    _away(name)


def test_e_tells_more_and_c_shows_all_calls_and_answers(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _walk(monkeypatch, name, ENTER * 4 + "e" + "c" + ENTER + "c" + "q")
    assert "Two documents, two questions." in ran.err.replace("\n", " ")
    assert "Answer of CreateRole (step 2.2)" in ran.err
    assert f'"RoleName": "{name}-lambda-gateway-execution-role"' in ran.err
    _away(name)


def test_to_ends_the_walk_there(account: Account, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _walk(monkeypatch, name, ENTER * 9, "--to", "2.2")
    assert ran.code == 0
    assert "2.3  Create" not in ran.err
    _away(name)


def test_where_every_step_is_done_run_still_brings_a_changed_source(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "handler.py"
    source.write_text(bundled_source("python").read_text())
    assert loh("run", "--no-pause", "--name", name, "--source", str(source)).code == 0
    source.write_text(source.read_text() + "\n# changed\n")
    ran = _walk(monkeypatch, name, "")
    assert "lambda:function" in ran.err
    assert "updated" in ran.err
    assert ran.out.startswith("curl ")
    _away(name)


@pytest.mark.parametrize("width", [60, 80])
def test_running_text_and_picture_keep_to_a_narrow_window(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    ran = _walk(monkeypatch, name, ENTER * 2 + "e" + "q")
    told = [line for line in ran.err.splitlines() if "arn:" not in line and "loh " not in line]
    assert max(map(len, told)) <= width
    _away(name)


# The terminal becomes the process's own, so that ^C there is an interruption.
STARTER = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from lambda_over_https.cli import main
sys.argv[0] = "loh"
main()
"""


class _Terminal:
    """``loh`` on a terminal of its own."""

    def __init__(self, *arguments: str, columns: int, rows: int, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        self._said = ""
        size = {"COLUMNS": str(columns), "LINES": str(rows), "TERM": "xterm-256color"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", STARTER, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, **size, **environment},
            start_new_session=True,
        )
        os.close(theirs)

    def until(self, words: str, within: float = 60) -> str:
        """Read until these words have come; gives what came before them."""
        end = time.monotonic() + within
        while words not in self._said:
            ready, _, _ = select.select([self._ours], [], [], max(0.0, end - time.monotonic()))
            more = self._read() if ready else ""
            assert more, f"{words!r} does not come; so far: {self._said[-3000:]}"
            self._said += more
        before, _, self._said = self._said.partition(words)
        return before

    def _read(self) -> str:
        try:
            return os.read(self._ours, 65536).decode(errors="replace")
        except OSError:  # the process has ended
            return ""

    def press(self, key: str) -> None:
        os.write(self._ours, key.encode())

    def end(self) -> int:
        while self._read():
            pass
        code = self._process.wait(60)
        os.close(self._ours)
        return code


def test_a_single_key_is_enough_on_a_terminal_and_code_is_in_colour(account: Account, name: str) -> None:
    terminal = _Terminal("run", "--name", name, columns=100, rows=40)
    page = terminal.until("Enter do it")
    assert "step 1 of 12" in page
    terminal.press("\r")
    terminal.until("Enter next step")
    terminal.press(" ")
    terminal.until("2.1")
    terminal.until("q quit")
    terminal.press("q")
    terminal.until("Go on with: loh run")
    assert terminal.end() == 0
    _away(name)


@pytest.mark.parametrize(("variable", "colour"), [("NO_COLOR", False), ("NOTHING_OF_THE_KIND", True)])
def test_no_color_is_honoured(account: Account, name: str, variable: str, colour: bool) -> None:
    loh("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = _Terminal("run", "--name", name, columns=100, rows=40, **{variable: "1"})
    page = terminal.until("q quit")
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]m", page)) is colour
    assert "lambda_.create_function(" in re.sub(r"\x1b\[[0-9;]*m", "", page)
    terminal.press("q")
    assert terminal.end() == 0
    _away(name)


def test_a_page_fits_a_projector_of_forty_rows(account: Account, name: str) -> None:
    loh("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = _Terminal("run", "--name", name, columns=80, rows=40)
    page = terminal.until("q quit")
    assert len(page.splitlines()) <= 40
    terminal.press("q")
    assert terminal.end() == 0
    _away(name)


def test_control_c_leaves_like_an_interruption(account: Account, name: str, world: Path) -> None:
    terminal = _Terminal("run", "--name", name, columns=80, rows=40)
    terminal.until("q quit")
    terminal.press("\x03")
    assert terminal.end() == 130
    assert loh("run", "--no-pause", "--to", "2.1", "--name", name).code == 0
    _away(name)
