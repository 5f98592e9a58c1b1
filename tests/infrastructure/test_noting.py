"""Each part of a template says which step it belongs to, and can be shown alone."""

import pytest
import yaml

from lambda_over_https.infrastructure.languages import LANGUAGES
from lambda_over_https.infrastructure.sam import template
from lambda_over_https.tutorial.steps import STEPS
from tests.kit.exports.templates import described

MAKING = ["2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_that_makes_something_has_its_title_in_the_text_once(language: str) -> None:
    text = LANGUAGES[language].text(described(), None)
    for step in STEPS:
        assert text.count(f"# {step.number} {step.title}\n") == (step.number in MAKING)


def code_lines(text: str) -> set[str]:
    """The lines of a template but for comments, however they are laid out, whatever they enclose."""
    lines = ("".join(line.split()) for line in text.splitlines())
    return {line.rstrip("{}") for line in lines if not line.startswith("#")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_a_part_stands_in_the_whole(language: str) -> None:
    description = described()
    whole = code_lines(LANGUAGES[language].text(description, None))
    for step in STEPS:
        part = LANGUAGES[language].part(description, step.number)
        assert bool(part) == (step.number in MAKING)
        assert code_lines(part) <= whole


def test_the_parts_of_the_steps_together_are_all_of_the_resources() -> None:
    description = described()
    whole = template.template(description).partition("\nResources:\n")[2].partition("\nOutputs:\n")[0]
    lines = {line.strip() for line in whole.splitlines() if line.strip() and not line.strip().startswith("#")}
    parts = {
        line.strip()
        for step in STEPS
        for line in LANGUAGES["sam"].part(description, step.number).splitlines()
    }
    assert lines <= parts


def test_the_part_of_the_integration_has_what_leads_to_it_and_nothing_of_other_steps() -> None:
    part = LANGUAGES["sam"].part(described(), "3.4")
    assert part.startswith(
        "ManagerApi:\n  Properties:\n    DefinitionBody:\n      paths:\n        /DynamoDBManager:\n"
    )
    assert "x-amazon-apigateway-integration" in part
    assert "StageName" not in part
    assert "EndpointConfiguration" not in part


def test_what_leads_to_a_part_brings_no_comment_of_another_step() -> None:
    assert "3.2" not in LANGUAGES["terraform"].part(described(), "3.4")
    assert "Open to everyone" not in LANGUAGES["sam"].part(described(), "3.4")


def test_a_part_of_sam_is_yaml_by_itself() -> None:
    part = LANGUAGES["sam"].part(described(), "2.4")
    assert list(yaml.safe_load(part.replace("!Ref ", ""))) == ["ItemsTable"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_chapter_adds_is_all_that_it_changes(language: str) -> None:
    before, after = described(), described(chapters=("cors",))
    found = LANGUAGES[language].added(after, before)
    assert found.count("method.response.header.Access-Control-Allow-Origin") == 5
    assert "DEFAULT_5XX" in found
    assert "selectionPattern" not in found
    assert "TableName" not in found
    assert "hash_key" not in found
    assert LANGUAGES[language].added(after, after) == LANGUAGES[language].added(before, after) == ""
