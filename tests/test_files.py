"""What is written is private to the user, whole or not there."""

import stat
from pathlib import Path

import pytest

from lambda_over_https.errors import LohError
from lambda_over_https.files import private_folder, write_private


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
