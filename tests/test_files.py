"""What is written is private to the user, whole or not there."""

import errno
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.files import private_folder, read_regular, write_for_user, write_private


def test_a_folder_and_every_parent_that_was_missing_is_for_the_user_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    folder = private_folder(tmp_path / "a" / "b" / "c")
    made = [folder, *folder.parents][:3]
    assert [stat.S_IMODE(each.stat().st_mode) for each in made] == [0o700] * 3
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o750)
    assert private_folder(tmp_path / "a").is_dir()
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o750


def test_a_folder_that_cannot_be_made_says_where_to_choose_another(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LohError) as failed:
        private_folder(tmp_path / "file" / "folder")
    assert "LAMBDA_OVER_HTTPS_HOME" in failed.value.hint


def test_a_file_is_replaced_in_one_step_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_private(path, b"old")
    write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("code", [errno.EINVAL, errno.EOPNOTSUPP])
def test_a_file_system_that_cannot_sync_is_written_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Some network file systems answer so, most of them only for folders."""

    def refuse(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    write_private(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_data_and_name_are_on_the_disk_when_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written, synced, renamed, and the renaming synced: in another order a power cut could leave half."""
    done: list[str] = []

    def told(real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            kind = "folder" if name == "fsync" and stat.S_ISDIR(os.fstat(arguments[0]).st_mode) else "file"
            done.append(f"{name} {kind}")
            return real(*arguments)

        return call

    monkeypatch.setattr(os, "fsync", told(os.fsync, "fsync"))
    monkeypatch.setattr(os, "replace", told(os.replace, "rename"))
    write_private(tmp_path / "file", b"new")
    assert done == ["fsync file", "rename file", "fsync folder"]


@contextmanager
def _no_room_beyond(size: int) -> Iterator[None]:
    """Let the system refuse to make any file of this process longer than ``size`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_where_the_system_has_no_room_the_old_file_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_private(path, b"old")
    with _no_room_beyond(100), pytest.raises(OSError, match="File too large"):
        write_private(path, b"new" * 1000)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_in_a_read_only_folder_the_old_file_stays(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write_private(folder / "file", b"old")
    folder.chmod(0o500)
    with pytest.raises(PermissionError):
        write_private(folder / "file", b"new")
    folder.chmod(0o700)
    assert (folder / "file").read_bytes() == b"old"


def test_a_file_in_the_folders_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LohError, match="Cannot use the folder"):
        private_folder(tmp_path / "file")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    os.chown(theirs, 65534, 65534)
    with pytest.raises(LohError, match="it belongs to another user") as failed:
        private_folder(theirs)
    assert "LAMBDA_OVER_HTTPS_HOME" in failed.value.hint
    assert list(theirs.iterdir()) == []


@pytest.mark.parametrize("size", [0, 1, 9000, 20_000])
def test_a_file_is_read_to_its_end_if_it_is_not_too_long(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(os.urandom(size))
    assert read_regular(path, size) == path.read_bytes()


def test_a_file_that_is_too_long_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(OSError, match="it has more than 1 MB"):
        read_regular(path, 2**20)


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="a pipe or a device, not a file"):
        read_regular(tmp_path / "pipe", 10)
    with pytest.raises(OSError, match="a folder, not a file"):
        read_regular(tmp_path, 10)


@pytest.mark.processes
def test_what_the_user_asked_for_is_utf_8_in_every_locale(tmp_path: Path) -> None:
    path = tmp_path / "tutorial.sh"
    program = (
        "from lambda_over_https.files import *; write_for_user(Path(sys.argv[1]), '\\u2192', executable=True)"
    )
    ascii_alone = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    line = [sys.executable, "-c", f"import sys; {program}", str(path)]
    subprocess.run(line, check=True, env=os.environ | ascii_alone)
    assert path.read_bytes() == "→".encode()
    assert path.stat().st_mode & 0o111


def test_a_file_of_the_users_is_replaced_only_if_he_says_so(tmp_path: Path) -> None:
    letter = tmp_path / "letter.md"
    letter.write_text("Dear Bob")
    with pytest.raises(UsageError, match="exists already") as refused:
        write_for_user(letter, "x")
    assert (letter.read_text(), "--force" in refused.value.hint) == ("Dear Bob", True)
    write_for_user(letter, "x", replace=True)
    assert letter.read_text() == "x"
    write_for_user(Path(os.devnull), "x")  # a device holds nothing to lose


def test_what_cannot_be_written_for_the_user_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Cannot write"):
        write_for_user(tmp_path / "nowhere" / "tutorial.sh", "x")
