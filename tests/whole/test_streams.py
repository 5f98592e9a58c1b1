"""Whatever the streams, the terminal and the machine's limits are: the work is done, or an error says why."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambda_over_https.cli.process.streams import settle
from tests.kit.program.forks import Zygote
from tests.kit.program.support import Account, loh

ENCODINGS = ("latin-1", "ascii", "cp437", "cp850", "koi8-r")
COMMANDS = (
    "status",
    "explain 3.4",
    "steps",
    "plan",
    "doctor",
    "history",
    "verify",
    "export --format markdown",
)


@pytest.fixture(scope="module")
def deployed(zygote: Zygote) -> Iterator[str]:
    """A whole deployment that the tests only look at."""
    assert zygote.loh("run", "--no-pause", "--name", "streams").code == 0
    yield "streams"
    assert zygote.loh("teardown", "--yes", "--name", "streams").code == 0


@pytest.fixture
def program(account: Account, world: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The program as a shell starts it, with the sandbox that the tests share."""
    monkeypatch.setenv("PYTHONUTF8", "0")
    return [sys.executable, "-m", "lambda_over_https"]


def _shell(program: list[str], command: str, redirections: str) -> "subprocess.CompletedProcess[str]":
    line = f'"$@" {redirections}'
    return subprocess.run(
        ["bash", "-c", line, "bash", *program, *command.split()],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_encoding_can_be_written(encoding: str, command: str, deployed: str, zygote: Zygote) -> None:
    ran = zygote.loh(*command.split(), "--name", deployed, PYTHONIOENCODING=encoding)
    assert ran.code == 0, ran.err
    assert "?" not in ran.out or command in ("explain 3.4", "export --format markdown")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_it_is_the_encoding_that_python_was_started_with(
    encoding: str, deployed: str, zygote: Zygote, program: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    command = [*program, "steps", "--name", deployed]
    ran = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=True)
    assert ran.stdout.decode(encoding) == zygote.loh(*command[3:], PYTHONIOENCODING=encoding).out


def test_a_sign_that_an_encoding_lacks_is_written_plainly(
    program: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    ran = subprocess.run([*program, "run", "--name", "…→ü"], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "'...->\\xfc' cannot be the name" in ran.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full", "2>/dev/full >&-"])
@pytest.mark.parametrize("command", ["status", "verify --json", "run --no-pause", "plan"])
def test_a_closed_stream_or_a_full_one_for_narration_does_not_stop_the_work(
    closed: str, command: str, deployed: str, program: list[str]
) -> None:
    ran = _shell(program, f"{command} --name {deployed}", closed)
    assert (ran.returncode, "bug" in ran.stderr) == (0, False), ran.stderr


def test_what_is_opened_never_takes_the_place_of_a_closed_stream(
    deployed: str, program: list[str], world: Path
) -> None:
    """The history would be the first file with number 1, and what is printed would land in it."""
    assert _shell(program, f"verify --name {deployed}", ">&- <&-").returncode == 0
    [history] = world.glob(f"deployments/*/{deployed}/history.jsonl")
    assert all(line.startswith("{") for line in history.read_text().splitlines())


@pytest.mark.parametrize("command", ["status", "history --all", "verify --json"])
def test_an_answer_that_cannot_be_written_is_an_error(
    command: str, deployed: str, program: list[str]
) -> None:
    ran = _shell(program, f"{command} --name {deployed}", ">/dev/full")
    assert ran.returncode == 1
    assert "No space left on device" in ran.stderr
    assert "bug" not in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stderr.count("Error") == 1


@pytest.mark.parametrize("command", ["status", "history --all", "--help"])
def test_a_reader_who_leaves_early_is_no_error(command: str, deployed: str, program: list[str]) -> None:
    name = "" if command == "--help" else f" --name {deployed}"
    ran = _shell(program, command + name, "| head -1")
    assert ran.stderr == ""
    assert len(ran.stdout.splitlines()) == 1


def _in_a_terminal(command: list[str]) -> tuple[int, bytes]:
    """Run in a terminal that tells nothing of its size: 0 columns and 0 rows."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.execv(command[0], command)
    said = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said


@pytest.mark.parametrize(
    "command", [*COMMANDS, "logs", "call ping", "sandbox fault list", "drill list", "--help"]
)
def test_a_terminal_that_does_not_know_its_size_has_the_usual_one(
    command: str, deployed: str, program: list[str]
) -> None:
    name = [] if command.startswith(("sandbox", "drill", "--help")) else ["--name", deployed]
    code, said = _in_a_terminal([*program, *command.split(), *name])
    assert code == 0, said
    assert max(len(line) for line in said.decode().splitlines()) > 20


@pytest.mark.parametrize("columns", ["0", "-5", "x", "1", "7"])
def test_any_width_will_do(
    columns: str, deployed: str, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for command in COMMANDS:
        ran = loh(*command.split(), "--name", deployed)
        assert ran.code == 0, ran.err


LONG = "/tmp/" + "a" * 300
DEEP = "/tmp/" + "abcdefghi/" * 500


@pytest.mark.parametrize("home", [LONG, DEEP, "/dev/null", "/proc/none", "~nobody-at-all/x"])
@pytest.mark.parametrize("command", ["status", "run --no-pause", "teardown --yes", "history", "recover"])
def test_a_state_folder_that_cannot_be_is_an_error(
    home: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAMBDA_OVER_HTTPS_HOME", home)
    ran = loh(*command.split())
    assert ran.code == (2 if home.startswith("~") else 1), ran.err
    assert "Next: " in ran.err
    assert "LAMBDA_OVER_HTTPS_HOME" in ran.err or "loh run" in ran.err


NOBODY = "import pwd\ndef getpwuid(uid): raise KeyError(uid)\npwd.getpwuid = getpwuid\n"


def test_a_user_without_a_home_is_told_what_to_set(
    program: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "LAMBDA_OVER_HTTPS_HOME"):
        monkeypatch.delenv(name)
    code = f"{NOBODY}from lambda_over_https.__main__ import main\nmain()"
    command = [sys.executable, "-c", code, "status"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "LAMBDA_OVER_HTTPS_HOME" in ran.stderr
    assert not Path("~").exists()


LIMITED = (
    "import resource, sys; from lambda_over_https.cli.app import main; sys.argv = ['loh', *sys.argv[1:]]\n"
    "resource.setrlimit(resource.{limit}, ({value}, {value})); main()"
)


@pytest.mark.parametrize("files", [4, 5, 6, 8, 10])
def test_descriptors_that_run_out_are_an_error_with_a_way_out(
    files: int, deployed: str, account: Account
) -> None:
    code = LIMITED.format(limit="RLIMIT_NOFILE", value=files)
    command = [sys.executable, "-c", code, "plan", "--name", deployed]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr
    assert "bug" not in ran.stderr
    if ran.returncode:
        assert "ulimit" in ran.stderr


def test_settling_leaves_streams_alone_that_are_none_of_the_systems(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = sys.stdout
    settle()
    assert sys.stdout is before
