"""The function's source file, and the deployment package made of it."""

import base64
import hashlib
import io
import warnings
import zipfile
from pathlib import Path

from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.files import read_regular
from lambda_over_https.names import ARCHIVE, HANDLER_MODULE

SUFFIXES = {"python": ".py", "nodejs": ".js"}


def runtime_of(path: Path) -> str:
    """The runtime that a source is written for, by its name; empty if the name does not tell."""
    return next((runtime for runtime, suffix in SUFFIXES.items() if path.suffix == suffix), "")


# The earliest time a zip can hold. Without compression and with this one time, the same source gives the same
# bytes on every machine, whatever its zlib.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def bundled_source(runtime: str) -> Path:
    """Our own handler for ``python`` or ``nodejs``: inside an installed package, beside a checkout's."""
    file = f"{HANDLER_MODULE}{SUFFIXES[runtime]}"
    package = Path(__file__).parents[2]
    for folder in (package / "function", package.parent / "function"):
        if (folder / file).is_file():
            return folder / file
    raise UsageError(f"This installation lacks its own {file}.", "Install lambda-over-https again.")


LARGEST = 50 * 2**20
"""Bytes of a package that is uploaded directly (Lambda developer guide, "Lambda quotas")."""


def read_source(path: Path) -> bytes:
    """The source's bytes; raises UsageError if it cannot be read, or Lambda would not take it."""
    try:
        return read_regular(path, LARGEST)
    except OSError as error:
        raise UsageError(
            f"The function's source {path} cannot be read: {error.strerror}.",
            "Pass another file with --source.",
        ) from error


def check_syntax(path: Path) -> None:
    """Raises UsageError with the file and the line if the Python source at ``path`` is none.

    It is compiled, and not run.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(read_source(path), str(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        where = f"{path}, line {error.lineno}" if error.lineno else str(path)
        raise UsageError(
            f"{where}: {error.msg}.", "Correct the source, then run the same command."
        ) from error
    except ValueError as error:  # a zero byte, in older Pythons
        raise UsageError(
            f"{path} is no Python source: {error}.", "Pass another file with --source."
        ) from error


def deployed_source(folder: Path, runtime: str) -> tuple[str, bytes]:
    """The handler's file name and source, from the package in ``folder``; the tutorial's if there is none.

    Raises LohError if the package cannot be read.
    """
    try:
        with zipfile.ZipFile(folder / ARCHIVE) as archive:
            name = archive.namelist()[0]
            return name, archive.read(name)
    except FileNotFoundError:
        source = bundled_source(runtime)
        return source.name, source.read_bytes()
    except (zipfile.BadZipFile, IndexError) as error:
        raise LohError(
            f"The deployment package {folder / ARCHIVE} is damaged.", "`loh run` builds it again."
        ) from error


def build_archive(source: bytes, runtime: str) -> bytes:
    """The deployment package: a zip with the handler's module at its root, byte for byte reproducible."""
    entry = zipfile.ZipInfo(f"{HANDLER_MODULE}{SUFFIXES[runtime]}", _EPOCH)
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(entry, source)
    return buffer.getvalue()


def code_sha256(archive: bytes) -> str:
    """The digest as Lambda's ``CodeSha256`` gives it: SHA-256 in base64."""
    return base64.b64encode(hashlib.sha256(archive).digest()).decode()
