"""A folder that this program writes, and may write again as long as nobody has changed its files."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from lambda_over_https.errors import UsageError

MANIFEST = ".lambda-over-https.json"
"""Beside the files: which they are, each with the digest of what was written."""


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files, by their names in the folder; remove those of an earlier time that are not among them.

    Raises UsageError if the folder holds something else than what was written here, or cannot be written.
    """
    try:
        before = _written(folder)
        if taken := [name for name in files if name not in before and (folder / name).exists()]:
            raise _refused(f"This program did not write {', '.join(taken)} in {folder}.")
        for name in before.keys() - files.keys():
            (folder / name).unlink(missing_ok=True)
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        digests = {name: _digest(text.encode()) for name, text in files.items()}
        (folder / MANIFEST).write_text(json.dumps(digests, indent=2) + "\n")
    except OSError as error:
        raise _refused(f"{folder} cannot be written: {error.strerror}.") from error


def _refused(why: str) -> UsageError:
    return UsageError(why, "Choose another folder with -o, or move what is in this one.")


def _written(folder: Path) -> Mapping[str, str]:
    """The digests of what was written there before; raises UsageError if that is not what is there."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return {}
    if not folder.is_dir():
        raise _refused(f"{folder} is a file, and this format needs a folder.")
    digests = _manifest(folder)
    if digests is None:
        raise _refused(f"{folder} is not empty, and this program did not write it.")
    if changed := list(_changed(folder, digests)):
        raise _refused(f"Somebody has changed {', '.join(changed)} in {folder}.")
    return digests


def _manifest(folder: Path) -> Mapping[str, str] | None:
    try:
        digests = json.loads((folder / MANIFEST).read_text())
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(digests, dict) or not all(isinstance(each, str) for each in digests.values()):
        return None
    inside = (not Path(name).is_absolute() and ".." not in Path(name).parts for name in digests)
    return digests if all(inside) else None


def _changed(folder: Path, digests: Mapping[str, str]) -> Iterator[str]:
    for name, digest in digests.items():
        path = folder / name
        if path.exists() and _digest(path.read_bytes()) != digest:
            yield name


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
