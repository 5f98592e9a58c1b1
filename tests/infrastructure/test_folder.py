"""A folder is written again only as long as nobody else has a hand in it."""

import os
from pathlib import Path

import pytest

from lambda_over_https.errors import UsageError
from lambda_over_https.infrastructure import folder as folders
from lambda_over_https.infrastructure.folder import MANIFEST


def write_folder(folder: Path, files: dict[str, str]) -> None:
    folders.write_folder(folder, {name: text.encode() for name, text in files.items()})


def content(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_a_new_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    write_folder(tmp_path / "a" / "b", {"x": "1", "src/y": "2"})
    assert content(tmp_path / "a" / "b") == {"x": "1", "src/y": "2"}


def test_lambda_may_read_what_is_packed_for_it_and_the_umask_decides_on_the_rest(tmp_path: Path) -> None:
    usual = os.umask(0o077)
    try:
        write_folder(tmp_path, {"template.yaml": "1", "src/handler.py": "2"})
    finally:
        os.umask(usual)
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in ("template.yaml", "src/handler.py")}
    assert modes == {"template.yaml": 0o600, "src/handler.py": 0o644}


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    write_folder(tmp_path, {"x": "1"})
    assert content(tmp_path) == {"x": "1"}


def test_what_was_written_before_is_replaced_and_what_is_no_longer_written_goes(tmp_path: Path) -> None:
    write_folder(tmp_path, {"x": "1", "src/y": "2", "src/z": "3"})
    write_folder(tmp_path, {"x": "one", "src/z": "3"})
    assert content(tmp_path) == {"x": "one", "src/z": "3"}


def test_what_a_tool_has_put_beside_stays(tmp_path: Path) -> None:
    write_folder(tmp_path, {"x": "1"})
    (tmp_path / "terraform.tfstate").write_text("state")
    write_folder(tmp_path, {"x": "2"})
    assert content(tmp_path) == {"x": "2", "terraform.tfstate": "state"}


def test_a_file_that_somebody_deleted_is_written_again(tmp_path: Path) -> None:
    write_folder(tmp_path, {"x": "1", "y": "2"})
    (tmp_path / "x").unlink()
    write_folder(tmp_path, {"x": "1"})
    assert content(tmp_path) == {"x": "1"}


def test_a_folder_of_somebody_elses_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("theirs")
    with pytest.raises(UsageError, match="is not empty, and this program did not write it"):
        write_folder(tmp_path, {"x": "1"})
    assert content(tmp_path) == {"x": "theirs"}


def test_a_file_that_somebody_changed_is_not_overwritten(tmp_path: Path) -> None:
    write_folder(tmp_path, {"x": "1", "y": "2"})
    (tmp_path / "y").write_text("better")
    with pytest.raises(UsageError, match="Somebody has changed y"):
        write_folder(tmp_path, {"x": "one", "y": "two"})
    assert content(tmp_path) == {"x": "1", "y": "better"}


def test_a_new_file_does_not_overwrite_one_that_somebody_put_there(tmp_path: Path) -> None:
    write_folder(tmp_path, {"x": "1"})
    (tmp_path / "y").write_text("theirs")
    with pytest.raises(UsageError, match="did not write y in"):
        write_folder(tmp_path, {"x": "1", "y": "2"})
    assert content(tmp_path) == {"x": "1", "y": "theirs"}


@pytest.mark.parametrize("manifest", ["", "[]", "no json", '{"x": "1"}', '{"../../x": ["1"]}', '{"/x": []}'])
def test_a_manifest_that_is_none_of_ours_is_as_good_as_none(tmp_path: Path, manifest: str) -> None:
    (tmp_path / MANIFEST).write_text(manifest)
    with pytest.raises(UsageError):
        write_folder(tmp_path, {"x": "1"})


def test_a_file_in_the_place_of_the_folder_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UsageError):
            write_folder(path, {"x": "1"})


@pytest.mark.parametrize("last", ["b", MANIFEST])
def test_what_was_interrupted_can_be_done_again(
    tmp_path: Path, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = {"a": "1", "b": "2", "c": "3"}, {"a": "one", "b": "two", "d": "four"}
    write_folder(tmp_path, before)
    replace = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        if target.name == last and (tmp_path / "a").read_text() == "one":
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_folder(tmp_path, after)
    write_folder(tmp_path, after)
    assert content(tmp_path) == after
