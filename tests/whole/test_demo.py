"""``scripts/demo --teardown`` ends what ``scripts/demo`` began, however much of it is gone already."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_over_https.sandbox.client import daemon
from tests.kit.program.support import loh

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[2]


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """The script in a checkout whose virtual environment is there already."""
    checkout = tmp_path / "checkout"
    (checkout / "scripts").mkdir(parents=True)
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "loh").symlink_to(Path(sys.executable).with_name("loh"))
    script = Path(shutil.copy(ROOT / "scripts" / "demo", checkout / "scripts"))
    venv = script.with_name("venv")
    venv.write_text("#!/bin/sh\n")
    venv.chmod(0o755)
    return script


def test_it_ends_the_sandbox_also_when_the_deployment_is_gone_and_touches_no_other_target(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("LAMBDA_OVER_HTTPS_HOME", str(home))
    daemon.start(home, port=0)
    try:
        assert loh("run", "--to", "2.1", "--no-pause").code == 0
        elsewhere = os.environ | {
            "LAMBDA_OVER_HTTPS_TARGET": "aws",
            "LAMBDA_OVER_HTTPS_ENDPOINT_URL": "http://x",
        }
        for said in (
            "Nothing is left of tutorial.\nThe sandbox has stopped.",
            "The sandbox was not running.",
        ):
            done = subprocess.run(
                [demo, "--teardown"], env=elsewhere, capture_output=True, text=True, check=False
            )
            assert (done.returncode, done.stdout.strip()) == (0, said), done.stderr
        assert daemon.find(home) is None
    finally:
        daemon.stop(home)


def test_whoever_makes_the_environment_is_told_how_to_reach_the_command(tmp_path: Path) -> None:
    for folder in ("scripts", ".venv"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pyproject.toml").write_text("")
    script = shutil.copy(ROOT / "scripts" / "venv", tmp_path / "scripts")
    stamp = subprocess.run(["cksum"], input="", capture_output=True, text=True, check=True).stdout
    for name in (".installed", ".installed-dev"):
        (tmp_path / ".venv" / name).write_text(stamp)
    said, for_tests = (
        subprocess.run([script, *more], capture_output=True, text=True, check=True).stdout
        for more in ((), ("dev",))
    )
    assert said == f'loh is .venv/bin/loh: for this shell, PATH="{tmp_path}/.venv/bin:$PATH"\n'
    assert for_tests == ""


@pytest.mark.parametrize("wrong", [["--teardwn"], ["--bad"], ["--teardown", "x"]])
def test_what_it_does_not_know_makes_nothing(wrong: list[str]) -> None:
    told = subprocess.run([ROOT / "scripts" / "demo", *wrong], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr.split(maxsplit=1)[0]) == (2, "", "usage:")
    asked = subprocess.run([ROOT / "scripts" / "demo", "-h"], capture_output=True, text=True, check=False)
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, told.stderr, "")
