"""BEHAVIOUR.md keeps its promise: every row has a test, and the faults are described as they are."""

import re
from pathlib import Path

import pytest

from lambda_over_https import sandbox
from lambda_over_https.sandbox.client.faults import FAULTS, Fault

TEXT = Path(sandbox.__file__).with_name("BEHAVIOUR.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith(("| behaviour |", "| fault |"))
]
TESTS = Path(__file__).parents[1]
KNOWN = {
    name
    for path in TESTS.rglob("test_*.py")
    for name in re.findall(r"^ *def (test_\w+)", path.read_text(), re.MULTILINE)
}
NAMED_FILE = r"`(?:tests/sandbox/)?((?:[a-z_]+/)?test_[a-z_]+\.py)`"
PATHS = list(TESTS.rglob("test_*.py"))
MODULES = {path.name for path in PATHS} | {f"{path.parent.name}/{path.name}" for path in PATHS}


def exists(name: str) -> bool:
    """Whether there is such a test; one that ends in an ellipsis begins so."""
    if name.endswith("…"):
        return any(known.startswith(name.rstrip("…")) for known in KNOWN)
    return name in KNOWN


def test_every_row_names_a_test() -> None:
    assert len(ROWS) > 80
    for row in ROWS:
        *_, tests = row
        named = re.findall(r"`(test_\w+…?)`", tests)
        modules = re.findall(r"(?:^|; )(\w+)(?::|$|;)", tests)
        assert named or modules, row
        assert all(f"gateway/test_{module}.py" in MODULES for module in modules), row


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+…?)`", TEXT))))
def test_every_test_named_exists(name: str) -> None:
    assert exists(name)


@pytest.mark.parametrize("module", sorted(set(re.findall(NAMED_FILE, TEXT))))
def test_every_file_named_exists(module: str) -> None:
    assert module in MODULES


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_is_described_as_the_command_line_describes_it(fault: Fault) -> None:
    assert [f"`{fault.name}`", fault.summary, fault.symptom, fault.search] in [row[:4] for row in ROWS]
