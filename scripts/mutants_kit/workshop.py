"""A copy of the checkout in which mutmut plants faults and runs tests."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from mutants_kit.groups import Group

ROOT = Path(__file__).parents[2]
COPIED = (
    "lambda_over_https",
    "function",
    "scripts",
    "tests",
    "pyproject.toml",
    "README.md",
    "CONTRIBUTING.md",
)
UNNOTICED = (0, 5, 33)
"""mutmut's codes for a fault that survived, or that no test came near."""

PLUGINS = ("cacheprovider", "xdist", "random_order")
"""Plugins of pytest that a single process with one purpose can do without."""


class Workshop:
    """The copy for one group, in ``.mutants/NAME``."""

    def __init__(self, name: str, group: Group) -> None:
        self.folder = ROOT / ".mutants" / name
        self._group = group

    def open(self, *, again: bool) -> None:
        """Copy the checkout; what was noticed ``again`` counts if the last copy is still there."""
        if not again:
            shutil.rmtree(self.folder, ignore_errors=True)
        for name in COPIED:
            self._copy(ROOT / name)
        settings = self.folder / "pyproject.toml"
        settings.write_text(f"{settings.read_text()}\n[tool.mutmut]\n{self._settings()}")
        for results in self.folder.glob("mutants/**/*.meta"):
            _forget_unnoticed(results)
        (self.folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)

    def _copy(self, source: Path) -> None:
        for path in [source] if source.is_file() else source.rglob("*"):
            target = self.folder / path.relative_to(ROOT)
            if path.is_dir() or "__pycache__" in path.parts:
                continue
            if target.exists() and target.stat().st_mtime == path.stat().st_mtime:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)

    def _settings(self) -> str:
        modules = [f"lambda_over_https/{each}" for each in self._group.modules]
        types = [sys.executable, str(Path(__file__).with_name("checker.py")), "mypy", *modules]
        settings = {
            "source_paths": ["lambda_over_https"],
            "only_mutate": modules,
            "also_copy": ["function", "scripts", "README.md", "CONTRIBUTING.md"],
            "pytest_add_cli_args": [part for plugin in PLUGINS for part in ("-p", f"no:{plugin}")],
            "pytest_add_cli_args_test_selection": list(self._group.tests),
            "type_check_command": types,
            "use_git_change_detection": False,
            "track_dependencies": False,
        }
        # TOML writes texts, lists of texts and truth values as JSON does.
        return "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())

    def work(self, environment: dict[str, str]) -> None:
        """Plant every fault, and run the tests on it; raises CalledProcessError if mutmut cannot."""
        command = [Path(sys.executable).with_name("mutmut"), "run"]
        log = self.folder / "mutmut.log"
        with log.open("w") as said:
            done = subprocess.run(
                command, cwd=self.folder, env=os.environ | environment, stdout=said, stderr=said, check=False
            )
        if done.returncode:
            sys.stderr.write(log.read_text()[-3000:])
            sys.exit(f"Error: mutmut failed; all that it said is in {log}.")


def _forget_unnoticed(path: Path) -> None:
    results = json.loads(path.read_text())
    codes = results["exit_code_by_key"]
    codes.update({name: None for name, code in codes.items() if code in UNNOTICED})
    path.write_text(json.dumps(results))
