"""What a journal's file says is read as it was written, and what was edited or damaged is not obeyed."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.format import VERSION
from lambda_over_https.deployment.journal.journal import Journal, JournalError
from lambda_over_https.deployment.journal.state import Deployment, Head, Record, State
from lambda_over_https.states import RecordState, StepState


def test_what_was_made_is_read_back_as_it_was_written(journal: Journal) -> None:
    journal.intend("iam:role", "r", "2.2")
    journal.made(Record("iam:role", "r", "2.2", RecordState.MADE, "AROA1", "arn:x", detail={"a": "b"}))
    journal.choose({"runtime": "nodejs"})
    journal.step("2.2", StepState.DONE)
    on_disk = journals.load(journal.path)
    assert on_disk is not None
    assert on_disk.state == journal.state


def test_a_list_of_deployments_gets_what_it_needs_without_the_records(journal: Journal) -> None:
    journal.made(Record("iam:role", "r", "2.2", RecordState.MADE, "AROA1", "arn:x"))
    journal.step("2.2", StepState.DONE)
    head = journals.head(journal.path)
    assert head is not None
    assert (head.deployment, head.steps) == (journal.deployment, {"2.2": StepState.DONE})
    assert journals.head(journal.path.with_name("none.json")) is None


def test_a_list_of_deployments_does_not_even_read_the_records(journal: Journal) -> None:
    """Hundreds of journals are listed as quickly as their digests are checked."""
    journal.made(Record("iam:role", "r", "2.2", RecordState.MADE, "AROA1", "arn:x"))
    content = "{" + journal.path.read_text().partition('", ')[2]
    begin = journal.path.read_text().partition(hashlib.sha256(content.encode()).hexdigest())[0]
    odd = content.replace('"records": [', '"records": [what')
    journal.path.write_text(f'{begin}{hashlib.sha256(odd.encode()).hexdigest()}", {odd[1:]}')
    head = journals.head(journal.path)
    assert head is not None
    assert head.deployment == journal.deployment
    with pytest.raises(JournalError, match="damaged"):
        journals.load(journal.path)


TEXTS = st.text(max_size=8) | st.sampled_from(
    ("steps", "deployment", "records", '"steps": {', '"deployment": {', '", "', '{"version": 1, "digest": "')
)
"""Also what stands between the parts of a journal."""


@given(
    choices=st.dictionaries(TEXTS, TEXTS, max_size=3),
    steps=st.dictionaries(st.sampled_from(("2.1", "2.2", "3.7")), st.sampled_from(StepState)),
    details=st.lists(st.dictionaries(TEXTS, TEXTS, max_size=3), max_size=3),
    name=TEXTS,
)
def test_whatever_a_journal_says_it_is_read_back_whole_in_part_and_reprinted(
    tmp_path_factory: pytest.TempPathFactory,
    choices: dict[str, str],
    steps: dict[str, StepState],
    details: list[dict[str, str]],
    name: str,
    deployment: Deployment,
) -> None:
    records = tuple(Record(name, name, name, RecordState.MADE, detail=each) for each in details)
    state = State(replace(deployment, endpoint_url=name), choices, steps, records)
    path = tmp_path_factory.getbasetemp() / "any.json"
    Journal(path, state).save()
    written = path.read_bytes()
    for text in (written, json.dumps(json.loads(written), indent=1, sort_keys=True).encode()):
        path.write_bytes(text)
        loaded, head = journals.load(path), journals.head(path)
        assert loaded is not None
        assert loaded.state == state
        assert head == Head(state.deployment, steps)


def test_the_order_of_what_a_journal_says_does_not_matter(journal: Journal) -> None:
    """A tool that pretty-prints JSON may sort it."""
    journal.made(Record("iam:role", "r", "2.2", RecordState.MADE, "id", detail={"b": "1", "a": "2"}))
    document = json.loads(journal.path.read_bytes())
    journal.path.write_text(json.dumps(dict(reversed(document.items())), sort_keys=True))
    on_disk = journals.load(journal.path)
    assert on_disk is not None
    assert on_disk.state == journal.state


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"version": 1}',
        b"\xff\xfe",
        b'{"version": "x", "deployment": 3}',
        b"[" * 100_000,
    ],
    ids=lambda damage: repr(damage[:12]),
)
def test_a_damaged_journal_is_recognised_and_not_obeyed(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "journal.json"
    path.write_bytes(damage)
    with pytest.raises(JournalError, match="damaged"):
        journals.load(path)
    assert path.read_bytes() == damage


@pytest.mark.parametrize("version", ["x", None, 0, 1.5, [1]])
def test_a_journal_without_a_proper_version_is_not_obeyed(journal: Journal, version: object) -> None:
    journal.intend("a", "b", "1")
    document = json.loads(journal.path.read_bytes()) | {"version": version}
    journal.path.write_text(json.dumps(document))
    with pytest.raises(JournalError, match="damaged"):
        journals.load(journal.path)


def test_a_journal_of_a_newer_version_says_so(journal: Journal) -> None:
    journal.intend("a", "b", "1")
    document = json.loads(journal.path.read_bytes()) | {"version": VERSION + 1}
    journal.path.write_text(json.dumps(document))
    with pytest.raises(JournalError, match="newer version") as refused:
        journals.load(journal.path)
    assert "Upgrade" in refused.value.hint
    assert "loh recover" in refused.value.hint


def test_a_journal_that_was_edited_by_hand_is_recognised(journal: Journal) -> None:
    journal.intend("iam:role", "mine", "2.2")
    journal.path.write_text(journal.path.read_text().replace("mine", "theirs"))
    with pytest.raises(JournalError, match="edited by hand") as refused:
        journals.load(journal.path)
    assert "loh recover" in refused.value.hint
    with pytest.raises(JournalError, match="edited by hand"):
        journals.head(journal.path)
