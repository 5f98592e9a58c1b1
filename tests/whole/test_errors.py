"""Whatever AWS says, people hear what happened, where, and what to do next; and no secrets get out."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_over_https.cli.process.bugs import report_bug, without_secrets
from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.places import journal_path
from lambda_over_https.deployment.journal.state import Deployment
from tests.kit.account.between import Between, error
from tests.kit.program.support import Account, loh, remove_session, session_keys, use_keys


def test_an_error_nobody_knows_is_shown_without_a_traceback_with_awss_words_and_the_step(
    account: Account, name: str, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, account.sandbox)
    with Between(account.sandbox.endpoint_url) as between:
        between.meddle = lambda call, forward: (
            error(call, "Teapot", "Short and stout", 418)
            if call.name == "dynamodb:CreateTable"
            else forward()
        )
        where = ("--name", name, "--region", "us-east-1", "--endpoint-url", between.url)
        failed = loh("run", "--no-pause", "--yes", *where)
        assert failed.code == 1
        for part in ("step 2.4", "Teapot", "Short and stout", "11111111-2222", "Next:"):
            assert part in failed.err
        assert "Traceback" not in failed.err
        between.meddle = lambda _, forward: forward()
        assert loh("teardown", "--yes", *where).code == 0


def test_a_traceback_is_shown_only_when_asked_for(account: Account) -> None:
    assert "Traceback" not in loh("status", "--name", "nobody").err
    assert "Traceback" in loh("--debug", "status", "--name", "nobody").err


def test_the_debug_switch_is_a_variable_too(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMBDA_OVER_HTTPS_DEBUG", "1")
    assert "Traceback" in loh("status", "--name", "nobody").err


SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "short-token",
}


@pytest.mark.processes
@pytest.mark.usefixtures("at_step")
def test_a_bug_leaves_a_private_report_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    said = " ".join([*SECRETS.values(), "ASIAQQQQQQQQQQQQQQQQ", "secret_key='abcdefgh'", "Token: xyzxyzxyz"])
    with pytest.raises(ZeroDivisionError) as bug:
        raise ZeroDivisionError(said)
    assert report_bug(bug.value) == 70
    [report] = (tmp_path / "home" / "bugs").iterdir()
    text = report.read_text()
    assert str(report) in capsys.readouterr().err
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "ZeroDivisionError" in text
    assert "test_errors.py" in text
    assert "step: 2.3" in text
    for secret in (*SECRETS.values(), "ASIAQ", "abcdefgh", "xyzxyzxyz"):
        assert secret not in text


def test_what_is_no_secret_stays_readable() -> None:
    text = "arn:aws:lambda:us-east-1:123456789012:function:LambdaFunctionOverHttps at line 12 of engine.py"
    assert without_secrets(text, {"HOME": "/root", "AWS_REGION": "us-east-1"}) == text


def test_nothing_secret_is_written_anywhere_in_the_state_folder(
    account: Account, name: str, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = session_keys(account, f"{name}-somebody")
    for variable, value in keys.items():
        monkeypatch.setenv(variable, value)
    secrets = (keys["AWS_SECRET_ACCESS_KEY"], keys["AWS_SESSION_TOKEN"])
    where = ("--name", name, "--region", "us-east-1", "--endpoint-url", account.sandbox.endpoint_url)
    assert loh("run", "--no-pause", "--yes", "--to", "2.4", *where).code == 0
    files = {path.name: path for path in world.glob(f"deployments/*/{name}/*")}
    assert files.keys() >= {"journal.json", "history.jsonl", "LambdaFunctionOverHttps.zip"}
    for path in files.values():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    for path in world.rglob("*"):
        if path.is_file():
            assert not any(secret.encode() in path.read_bytes() for secret in secrets), path
    assert loh("teardown", "--yes", *where).code == 0
    remove_session(account, f"{name}-somebody")


LIMITED = (
    "import resource, sys; from lambda_over_https.cli.app import main; sys.argv = ['loh', *sys.argv[1:]]\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY)); main()"
)
IMPATIENT = (
    "import io, sys; from lambda_over_https.cli.app import main; sys.argv = ['loh', *sys.argv[1:]]\n"
    "class Impatient(io.StringIO):\n    def write(self, text): raise KeyboardInterrupt\n"
    "sys.stderr = Impatient(); main()"
)


def _in_a_process(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def somebody(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    use_keys(monkeypatch, account.sandbox)


@pytest.mark.usefixtures("somebody")
def test_a_disk_that_takes_no_more_is_said_and_is_no_bug(account: Account, name: str, world: Path) -> None:
    where = ("--name", name, "--region", "us-east-1", "--endpoint-url", account.sandbox.endpoint_url)
    ran = _in_a_process(LIMITED, "run", "--no-pause", "--yes", "--to", "2.1", *where)
    assert ran.returncode == 1, ran.stderr
    assert "File too large" in ran.stderr
    assert "bug" not in ran.stderr
    assert not (world / "bugs").exists()
    assert loh("teardown", "--yes", *where).code == 0


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize("command", [("run", "--no-pause", "--yes"), ("teardown", "--yes"), ("recover",)])
def test_a_state_folder_that_is_read_only_is_named(
    account: Account, name: str, world: Path, command: tuple[str, ...]
) -> None:
    where = ("--name", name, "--region", "us-east-1", "--endpoint-url", account.sandbox.endpoint_url)
    assert loh("run", "--no-pause", "--yes", "--to", "2.1", *where).code == 0
    [folder] = world.glob(f"deployments/*/{name}")
    folder.chmod(0o500)
    try:
        ran = loh(*command, *where)
    finally:
        folder.chmod(0o700)
    assert ran.code == 1
    assert str(folder) in ran.err
    assert loh("teardown", "--yes", *where).code == 0


@pytest.mark.parametrize("command", [("status",), ("teardown", "--yes")])
@pytest.mark.parametrize("closed", ["sandbox/lesson", "sandbox", "."])
def test_a_state_folder_that_may_not_be_looked_into_is_named(
    tmp_path: Path, command: tuple[str, ...], closed: str
) -> None:
    home = tmp_path / "home"
    for name in ("lesson", "other"):
        where = ("sandbox", "123456789012", "us-east-1", "", "boot")
        deployment = Deployment(f"{name}-1", name, *where, created="2026-11-01T00:00:00+00:00")
        journals.create(journal_path(home, "sandbox", name), deployment).save()
    folder = home / "deployments" / closed
    folder.chmod(0)
    try:
        ran = loh(*command, "--name", "lesson")
        other = loh("status", "--name", "other")
    finally:
        folder.chmod(0o700)
    assert ran.code == 1
    assert str(folder) in ran.err
    assert "Permission denied" in ran.err
    assert other.code == (0 if closed == "sandbox/lesson" else 1), "the others are no worse for it"


@pytest.mark.processes
def test_an_interruption_while_the_program_is_loaded_ends_it_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    command = [sys.executable, "-m", "lambda_over_https", "--version"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "")


@pytest.mark.processes
def test_a_second_interruption_while_the_first_is_told_ends_at_once_without_a_traceback() -> None:
    ran = _in_a_process(IMPATIENT, "status", "--name", "nobody", "--target", "nowhere")
    assert (ran.returncode, ran.stderr) == (130, "")
