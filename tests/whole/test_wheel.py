"""What is published works: the built wheel, in a clean environment, in an empty folder."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from lambda_over_https.sandbox.client import daemon
from tests.kit.program.support import Account

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new virtual environment with the wheel in it; what the wheel depends on is lent by this one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = str(environment / "bin" / "python")
    (wheel,) = folder.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    # A path in a .pth file is not searched for further .pth files, so this checkout stays out of it.
    (packages / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return environment / "bin"


def _do(commands: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [commands / "loh", *arguments],
        cwd=cwd,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_the_wheel_does_the_whole_tutorial_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    where = [str(installed / "python"), "-c", "import lambda_over_https; print(lambda_over_https.__file__)"]
    package = subprocess.run(where, cwd=empty, check=True, capture_output=True, text=True).stdout
    assert package.startswith(str(installed.parent))
    home = tmp_path / "home"
    try:
        _do(installed, empty, "sandbox", "start", "--port", "0")
        running = daemon.find(home)
        assert running is not None
        before = Account(running).holdings()
        _do(installed, empty, "run", "--no-pause", "--yes")
        assert "18 of 18" in _do(installed, empty, "verify").stdout
        _do(installed, empty, "teardown", "--yes")
        assert Account(running).holdings() == before
    finally:
        _do(installed, empty, "sandbox", "stop")
    assert list(empty.iterdir()) == []


def test_the_wheel_has_what_is_read_beside_the_program(installed: Path) -> None:
    (package,) = installed.parent.glob("lib/python*/site-packages/lambda_over_https")
    for document in (
        "cli/commands/REFERENCE.md",
        "sandbox/BEHAVIOUR.md",
        "function/README.md",
        "board/EVENTS.md",
    ):
        assert (package / document).read_text().startswith("# ")


def test_the_wheel_has_every_file_of_the_boards_page(installed: Path) -> None:
    (package,) = installed.parent.glob("lib/python*/site-packages/lambda_over_https")
    packed, own = (_files(each / "board" / "page") for each in (package, ROOT / "lambda_over_https"))
    assert "classes/class.html" in own
    assert packed == own


def _files(folder: Path) -> dict[str, bytes]:
    """What each file holds, by its path below the folder."""
    found = (each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in found}


@pytest.mark.parametrize("command", ["loh", "lambda-over-https"])
def test_an_interruption_while_the_command_is_loaded_ends_it_without_a_traceback(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    ran = subprocess.run([installed / command], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "")
