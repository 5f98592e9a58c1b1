"""BEHAVIOUR.md keeps its promise: every entry names tests that exist, and describes faults as they are."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from lambda_over_https import sandbox
from lambda_over_https.sandbox.client.faults import FAULTS, Fault

FILE = Path(sandbox.__file__).with_name("BEHAVIOUR.md")
WIDTH = 100

_POINT = re.compile(r"^  - ([^:\n]+:)\s(.*?)(?=^  - |\Z)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+\.py)\)(?=(:?))")


@dataclass(frozen=True)
class Entry:
    """One entry: its bold title, and its points by their label ("AWS:", "Tests:")."""

    title: str
    points: tuple[tuple[str, str], ...]

    def point(self, label: str) -> str:
        """The text of the point with that label, "" if there is none."""
        return next((text for name, text in self.points if name == label), "")

    @property
    def tests(self) -> list[tuple[Path, list[str]]]:
        """Each file of tests that the entry links to, with the tests named in it; none named means all."""
        found = []
        for label, text in self.points:
            if label == "Tests:":
                for link in _LINK.finditer(text):
                    named = re.findall(r"`(test_\w+)`", text[link.end() :]) if link[3] else []
                    found.append(((FILE.parent / link[2]).resolve(), named))
        return found


def entries(text: str) -> list[Entry]:
    """The entries of such a document: items of a list that have points of their own."""
    items = re.findall(r"^- \*\*([^*]+)\*\*\n((?:  .*\n)+)", text, re.MULTILINE)
    return [
        Entry(_joined(title), tuple((name, _joined(rest)) for name, rest in _POINT.findall(body)))
        for title, body in items
    ]


def _joined(text: str) -> str:
    return " ".join(text.split())


@cache
def defined(path: Path) -> frozenset[str]:
    """The names of the tests in a file."""
    return frozenset(re.findall(r"^ *def (test_\w+)", path.read_text(), re.MULTILINE))


def missing(entry: Entry) -> list[str]:
    """What the entry names and does not exist: files, or tests in them."""
    problems = [] if entry.tests else [f"{entry.title}: no tests"]
    for path, names in entry.tests:
        if not path.is_file():
            problems.append(f"{entry.title}: no file {path}")
        else:
            problems += [f"{entry.title}: no {name} in {path}" for name in names if name not in defined(path)]
    return problems


ENTRIES = entries(FILE.read_text())
EXAMPLE = """
- **A behaviour**
  - AWS and sandbox: It does
    this.
  - Tests: [test_a.py](../../tests/sandbox/test_behaviour.py):
    `test_every_line_fits_a_screen`, `test_that_is_not_there`
"""


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.title)
def test_every_entry_says_what_aws_or_the_sandbox_does_and_names_tests_that_exist(entry: Entry) -> None:
    labels = {label for label, _ in entry.points}
    assert labels & {"AWS and sandbox:", "Sandbox:", "What is wrong:"}
    assert labels <= {
        "AWS and sandbox:",
        "AWS:",
        "Sandbox:",
        "Source:",
        "Tests:",
        "What is wrong:",
        "What the class sees:",
        "How to find and fix it:",
    }
    assert missing(entry) == []


def test_a_test_that_does_not_exist_is_noticed() -> None:
    [entry] = entries(EXAMPLE)
    assert entry.point("AWS and sandbox:") == "It does this."
    [problem] = missing(entry)
    assert problem.startswith("A behaviour: no test_that_is_not_there in ")
    [gone] = entries(EXAMPLE.replace("test_behaviour.py", "test_gone.py"))
    assert missing(gone)[0].startswith("A behaviour: no file ")


def test_every_item_that_looks_like_an_entry_is_one() -> None:
    text = FILE.read_text()
    assert len(ENTRIES) > 110
    assert len(ENTRIES) == len(re.findall(r"^- \*\*[^*]+\*\*$", text, re.MULTILINE))
    named = [name for entry in ENTRIES for _, names in entry.tests for name in names]
    assert len(named) == len(re.findall(r"`test_\w+`", text))


def test_every_line_fits_a_screen() -> None:
    assert [line for line in FILE.read_text().splitlines() if len(line) > WIDTH] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_is_described_as_the_command_line_describes_it(fault: Fault) -> None:
    [entry] = [each for each in ENTRIES if each.title == f"`{fault.name}`"]
    described = [
        entry.point(f"{label}:")
        for label in ("What is wrong", "What the class sees", "How to find and fix it")
    ]
    assert described == [fault.summary, fault.symptom, fault.search]
