"""A source is looked at before it is read: a pipe is not waited for, and a device has no end."""

import os
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from lambda_over_https.cli.shared.own_source import check_source
from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.handler.sources import LARGEST, build_archive, check_syntax, read_source
from lambda_over_https.errors import UsageError
from tests.kit.in_memory.memory import Desk
from tests.kit.program.support import Account, loh


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe.py")
    return tmp_path / "pipe.py"


def _linked(folder: Path, target: str) -> Path:
    link = folder / "handler.py"
    link.symlink_to(target)
    return link


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/random", "/dev/tty"])
def test_a_device_is_refused(device: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"not a file|cannot be read"):
        read_source(_linked(tmp_path, device))


def test_a_pipe_is_refused_and_not_waited_for(pipe: Path) -> None:
    with pytest.raises(UsageError, match="a pipe or a device, not a file"):
        read_source(pipe)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    with pytest.raises(UsageError, match="a folder, not a file"):
        read_source(tmp_path / "folder.py")


def test_more_than_lambda_takes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = tmp_path / "large.py"
    with large.open("wb") as file:
        file.truncate(40 * 2**30)
    with pytest.raises(UsageError, match="more than 50 MB"):
        read_source(large)


def test_as_much_as_lambda_takes_is_read(tmp_path: Path) -> None:
    full = tmp_path / "full.py"
    full.write_bytes(b"#" * LARGEST)
    assert len(read_source(full)) == LARGEST


def test_a_source_of_any_encoding_becomes_a_package(tmp_path: Path) -> None:
    file = tmp_path / "latin.py"
    file.write_bytes("# Größe\n".encode("latin-1"))
    assert b"Gr\xf6\xdfe" in build_archive(read_source(file), "python")


@pytest.mark.parametrize("command", ["run --no-pause", "plan", "next", "watch", "doctor"])
def test_what_cannot_be_a_source_is_wrong_usage_before_anything_is_made(
    command: str, account: Account, name: str, pipe: Path
) -> None:
    ran = loh(*command.split(), "--name", name, "--source", str(pipe))
    assert ran.code in (1, 2), ran.err  # watch looks for a deployment first
    assert account.of(name) == set()
    assert "Next: " in ran.err


def test_a_mistake_of_syntax_is_told_with_the_file_and_the_line(tmp_path: Path) -> None:
    source = tmp_path / "bad.py"
    source.write_text("import os\n\ndef handler(event, context)\n    return {}\n")
    with pytest.raises(UsageError, match=r"bad\.py, line 3: expected ':'\."):
        check_syntax(source)
    source.write_text("raise SystemExit  # it is not run\n")
    check_syntax(source)
    source.write_bytes(b"x = 1\0")
    with pytest.raises(UsageError, match=r"bad\.py"):
        check_syntax(source)


def test_a_handler_with_a_mistake_of_syntax_is_told_before_anything_is_made(
    account: Account, name: str, tmp_path: Path
) -> None:
    source = tmp_path / "bad.py"
    source.write_text("def handler(event, context)\n    return {}\n")
    ran = loh("run", "--source", str(source), "--no-pause", "--name", name)
    assert ran.code == 2
    assert f"{source}, line 1: expected ':'." in " ".join(ran.err.split())
    assert not account.of(name)


@pytest.mark.parametrize(("sandbox", "refused"), [(True, True), (False, False)])
def test_where_awss_python_is_newer_a_mistake_of_syntax_is_only_told(
    sandbox: bool,
    refused: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = tmp_path / "bad.py"
    source.write_text("def handler(event, context)\n")
    stack = Desk(tmp_path).stack()
    place = replace(stack.place, target="sandbox" if sandbox else "aws", boot_id="b" if sandbox else "")
    stack = replace(stack, place=place, choices=Choices(source=source))
    monkeypatch.setattr("sys.version_info", (3, 11, 4))
    with pytest.raises(UsageError) if refused else nullcontext():
        check_source(stack)
    told = " ".join(capsys.readouterr().err.split())
    assert ("It goes on: this is python3.11, and AWS runs python3.14." in told) is not refused
