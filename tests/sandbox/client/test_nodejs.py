"""Finding Node.js, and fetching the AWS SDK for JavaScript once and whole. A small program plays npm."""

import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from lambda_over_https.errors import LohError
from lambda_over_https.sandbox.client import nodejs
from tests.kit.sandbox.lambda_lab import needs_node

pytestmark = pytest.mark.processes

Program = Callable[[str, str], Path]

NPM = """
import json, os, pathlib, sys
lock = json.loads(pathlib.Path("package-lock.json").read_text())
with open({notes!r}, "a") as notes:
    notes.write(" ".join(sys.argv[1:]) + "\\n")
for path in [path for path in lock["packages"] if path]:
    pathlib.Path(path).mkdir(parents=True)
    pathlib.Path(path, "package.json").write_text("{{}}")
{then}
"""


@pytest.fixture(name="program")
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Put a Python program onto an otherwise empty PATH: ``program("npm", source)``."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def write(name: str, source: str) -> Path:
        file = folder / name
        file.write_text(f"#!{sys.executable}\n{source}")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return file

    return write


def npm(tmp_path: Path, then: str = "") -> tuple[str, Path]:
    """The source of a program that does what npm would, and where it notes how it was called."""
    notes = tmp_path / "calls"
    notes.touch()
    return NPM.format(notes=str(notes), then=then), notes


@needs_node
def test_the_version_of_node_is_known() -> None:
    major, *_ = nodejs.ensure_node().split(".")
    assert int(major) >= nodejs.MINIMUM


def test_without_node_there_is_a_clear_error(program: Program) -> None:
    with pytest.raises(LohError, match="there is no 'node' on the PATH") as caught:
        nodejs.ensure_node()
    assert "nodejs.org" in caught.value.hint


def test_a_node_that_is_too_old_is_named(program: Program) -> None:
    file = program(
        "node", "import sys\nprint('v16.20.2' if '--version' in sys.argv else '{\"version\": \"16.20.2\"}')\n"
    )
    with pytest.raises(LohError) as caught:
        nodejs.ensure_node()
    assert (
        caught.value.message == f"The AWS SDK for JavaScript needs Node.js 20 or newer; {file} is v16.20.2."
    )


def test_a_node_that_does_not_run_is_named(program: Program) -> None:
    program("node", "import sys\nsys.exit(1)\n")
    with pytest.raises(LohError, match="is broken"):
        nodejs.ensure_node()


def test_the_sdk_is_fetched_once_with_visible_progress(program: Program, tmp_path: Path) -> None:
    source, notes = npm(tmp_path)
    program("npm", source)
    told: list[str] = []
    folder = nodejs.ensure_sdk(tmp_path / "cache", told.append)
    assert (folder / "node_modules" / "@aws-sdk" / "lib-dynamodb").is_dir()
    assert "Fetching the AWS SDK for JavaScript 3." in told[0]
    assert told[-1] == "The AWS SDK for JavaScript is ready"
    told.clear()
    assert nodejs.ensure_sdk(tmp_path / "cache", told.append) == folder
    assert told == []
    [call] = notes.read_text().splitlines()
    assert call.startswith("ci --ignore-scripts")


def test_only_the_user_can_read_the_cache(program: Program, tmp_path: Path) -> None:
    program("npm", npm(tmp_path)[0])
    nodejs.ensure_sdk(tmp_path / "cache", print)
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


def test_a_broken_download_never_counts(program: Program, tmp_path: Path) -> None:
    failing, _ = npm(
        tmp_path, "print('npm error network getaddrinfo ENOTFOUND', file=sys.stderr)\nsys.exit(1)\n"
    )
    program("npm", failing)
    with pytest.raises(LohError) as caught:
        nodejs.ensure_sdk(tmp_path / "cache", print)
    assert caught.value.message.startswith(
        "npm could not fetch the AWS SDK for JavaScript.\nnpm error network"
    )
    assert "network" in caught.value.hint
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []
    program("npm", npm(tmp_path)[0])
    assert (nodejs.ensure_sdk(tmp_path / "cache", print) / "node_modules").is_dir()


def test_an_interrupted_download_leaves_nothing_behind(program: Program, tmp_path: Path) -> None:
    program("npm", npm(tmp_path, "import time\ntime.sleep(600)\n")[0])

    def interrupt(text: str) -> None:
        if " of " in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        nodejs.ensure_sdk(tmp_path / "cache", interrupt)
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


def test_without_npm_there_is_a_clear_error(program: Program, tmp_path: Path) -> None:
    with pytest.raises(LohError, match="there is no 'npm' on the PATH"):
        nodejs.ensure_sdk(tmp_path / "cache", print)


def test_two_at_once_fetch_once(program: Program, tmp_path: Path) -> None:
    source, notes = npm(tmp_path)
    program("npm", source)
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(nodejs.ensure_sdk(tmp_path / "cache", print)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(notes.read_text().splitlines()) == 1
