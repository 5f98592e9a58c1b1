"""The documents say what is true of the program as it is now."""

import importlib
import re
from pathlib import Path

import pytest

from lambda_over_https.cli.commands import OnDemand

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
DOCUMENTS = [
    *ROOT.glob("*.md"),
    ROOT / "function" / "README.md",
    *(ROOT / "scripts").rglob("*.md"),
    *(ROOT / "lambda_over_https").rglob("*.md"),
]


def test_the_generated_texts_are_current(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command reference and the map of the packages; ``scripts/docs --no-pictures`` writes them."""
    monkeypatch.syspath_prepend(ROOT / "scripts")
    assert importlib.import_module("docs_kit.texts").outdated_texts() == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_repository_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", document.read_text())
    inside = [link for link in links if not link.startswith(("http:", "https:"))]
    assert [link for link in inside if not (document.parent / link).exists()] == []


def test_the_readme_can_be_read_in_one_go() -> None:
    assert len(README.splitlines()) <= 250


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"(?:^|`)loh ([a-z][a-z-]*)", README, re.MULTILINE)))
)
def test_every_command_that_the_readme_names_exists(command: str) -> None:
    assert command in OnDemand()
