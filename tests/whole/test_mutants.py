"""``scripts/mutants`` knows modules and tests by their names: all of them are there."""

import importlib
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXPLAINED = tomllib.loads((ROOT / "scripts" / "mutants_kit" / "explained.toml").read_text())["fault"]


def test_every_group_names_modules_and_tests_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    groups = importlib.import_module("mutants_kit.groups").GROUPS.values()
    modules = [ROOT / "lambda_over_https" / module for group in groups for module in group.modules]
    tests = [ROOT / test for group in groups for test in group.tests]
    assert [str(file) for file in (*modules, *tests) if not file.is_file()] == []


@pytest.mark.parametrize("fault", EXPLAINED, ids=lambda fault: fault["becomes"])
def test_every_explained_fault_is_one_of_the_code_as_it_is(fault: dict[str, str]) -> None:
    lines = {line.strip() for line in (ROOT / fault["module"]).read_text().splitlines()}
    assert set(fault["was"].splitlines()) <= lines
