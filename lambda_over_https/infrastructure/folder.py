"""A folder that this program writes, and may write again as long as nobody has changed its files."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from lambda_over_https.errors import UsageError
from lambda_over_https.infrastructure.notes import SOURCE

MANIFEST = ".lambda-over-https.json"
"""Beside the files: which they are, each with the digests of what was written. It is written before them too,
with the old digests and the new, so that a run that was interrupted can be repeated."""

Digests = Mapping[str, list[str]]


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files, by their names in the folder; remove those of an earlier time that are not among them.

    Raises UsageError if the folder holds something else than what was written here, or cannot be written.
    """
    try:
        before = _written(folder)
        if taken := [name for name in files if name not in before and (folder / name).exists()]:
            raise _refused(f"This program did not write {', '.join(taken)} in {folder}.")
        digests = {name: [_digest(content)] for name, content in files.items()}
        both = {name: [*digests.get(name, []), *before.get(name, [])] for name in {**before, **digests}}
        _replace(folder / MANIFEST, _encoded(both))
        for name in before.keys() - files.keys():
            (folder / name).unlink(missing_ok=True)
        for name, content in files.items():
            _replace(folder / name, content, packed=name.startswith(f"{SOURCE}/"))
        _replace(folder / MANIFEST, _encoded(digests))
    except OSError as error:
        raise _refused(f"{folder} cannot be written: {error.strerror}.") from error


def _replace(path: Path, content: bytes, *, packed: bool = False) -> None:
    """Write the file so that it is never there by half; ``packed``: for Lambda, whatever the umask is.

    Lambda must be allowed to read it, and a zip keeps the mode (Lambda guide, ".zip file archives").
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_bytes(content)
        if packed:
            aside.chmod(0o644)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _encoded(digests: Digests) -> bytes:
    return (json.dumps(digests, indent=2) + "\n").encode()


def _refused(why: str) -> UsageError:
    return UsageError(why, "Choose another folder with -o, or move what is in this one.")


def _written(folder: Path) -> Digests:
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


def _manifest(folder: Path) -> Digests | None:
    """What the manifest says; None if there is none that this program can have written."""
    try:
        digests = json.loads((folder / MANIFEST).read_text())
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(digests, dict) or not all(isinstance(each, list) for each in digests.values()):
        return None
    inside = (not Path(name).is_absolute() and ".." not in Path(name).parts for name in digests)
    return digests if all(inside) else None


def _changed(folder: Path, digests: Digests) -> Iterator[str]:
    for name, known in digests.items():
        path = folder / name
        if path.exists() and _digest(path.read_bytes()) not in known:
            yield name


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
