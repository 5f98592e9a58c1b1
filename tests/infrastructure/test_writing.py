"""Whatever text a deployment has in it, both languages' readers read it as it was meant."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_over_https.infrastructure.description import Noted
from lambda_over_https.infrastructure.sam.yaml import mapping_lines
from lambda_over_https.infrastructure.terraform import hcl
from tests.kit.exports.terraform import core

TRAPS = (
    *("yes", "null", "Off", "~", "1.0", "2012-10-17", "12:30:45", "0x1", "1e3", "", " ", "=", "<<"),
    *("a: b", "a #b", "a:", "#", "- a", "?", "*", "&a", "@a", "`", "{a", "[a", ", a", "|", ">", "!Ref x"),
    *("${x}", "$${", "%{if}", "$ref", "$input.json('$.x')", "{\"a\": $input.json('$.x')}"),
    *("'", '"', "'\"", "'\"\\", "\\", r"\[Bad\][\s\S]*", r"(?!\[)[\s\S]*x$"),
    *("a\n b", "a\n", "a\n\nb", "\na", "\n", "a\n\n", "a \nb", "\t", "a\tb", "\r", "a\rb"),
    *("é", "\x85", "\xa0", "a\u2028b", "\ufeff", "\x00", "\x7f", "𝒳", "/é"),
)
"""Texts that mean something else where they are not quoted as they must be."""

TEXTS = st.one_of(st.sampled_from(TRAPS), st.text(max_size=8))
SCALARS = st.one_of(TEXTS, st.integers(-10, 10**6), st.booleans(), st.none())
TREES = st.dictionaries(
    TEXTS,
    st.one_of(SCALARS, st.lists(st.one_of(SCALARS, st.dictionaries(TEXTS, SCALARS, max_size=2)), max_size=2)),
    min_size=1,
    max_size=3,
)


def _nested(text: str) -> dict[str, Any]:
    """A text wherever a tree can have one."""
    return {
        "value": text,
        text: "key",
        "items": [text, [text], {text: text, "inner": {"x": [{text: text}]}}],
        "empty": [{}, []],
    }


def _yaml(tree: Any) -> Any:
    return yaml.safe_load("\n".join(mapping_lines(tree)) + "\n")


def test_a_reader_of_yaml_reads_every_trap_as_the_text_that_it_is() -> None:
    for trap in TRAPS:
        assert _yaml(_nested(trap)) == _nested(trap)


@settings(max_examples=50)
@given(TREES, st.text("ab #:'\"{}[]\n-&*!", max_size=100))
def test_a_reader_of_yaml_reads_what_was_meant_and_no_comment(tree: dict[str, Any], comment: str) -> None:
    assert _yaml({key: Noted(value, "2.2", comment) for key, value in tree.items()}) == tree


@pytest.mark.processes
def test_terraform_reads_every_trap_as_the_text_that_it_is_and_would_format_nothing(tmp_path: Path) -> None:
    outputs = [
        hcl.Block({"value": hcl.Function(_nested(trap), "jsonencode")}, f'output "o{number}"')
        for number, trap in enumerate(TRAPS)
    ]
    (tmp_path / "main.tf").write_text(hcl.text(outputs) + "\n")
    assert core("fmt", tmp_path) == ""
    read = core("outputs", tmp_path)
    assert [json.loads(read[f"o{number}"]) for number in range(len(TRAPS))] == [
        _nested(trap) for trap in TRAPS
    ]
