"""What takes long begins first, in whatever order the others come."""

import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = """
from tests.kit.plugins.order import Order

def pytest_configure(config):
    config.pluginmanager.register(Order())
"""
LONG = "import pytest\n@pytest.mark.long\ndef test_long(): pass\n"
FILES = {"conftest.py": CONFTEST, "test_a.py": "def test_a(): pass\n", "test_b.py": LONG}


@pytest.mark.processes
@pytest.mark.parametrize("options", [(), ("--random-order-seed", "1")], ids=str)
def test_the_long_tests_are_the_first(tmp_path: Path, options: tuple[str, ...]) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--rootdir", str(tmp_path), *options]
    asked = subprocess.run(
        [*command, str(tmp_path)], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )
    listed = [line for line in asked.stdout.splitlines() if "::" in line]
    assert listed == ["test_b.py::test_long", "test_a.py::test_a"], asked.stdout + asked.stderr
