"""Files beside the journal that somebody has edited, or a disk has spoilt: what is left of them is told."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https import events
from lambda_over_https.board.sources.own_requests import shown
from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.recorded import history, logbook, request_log
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.deployment.recorded.lines import documents
from lambda_over_https.errors import LohError
from lambda_over_https.report.learning_report import Learnt, learning_report
from tests.kit.in_memory.damage import damaged

AT = "2026-01-01T00:00:00.000+00:00"
WHOSE = Deployment("one-1", "one", "sandbox", "123456789012", "us-east-1", "", "", AT)
CALL = {
    **asdict(Call(AT, "1", "2.2", "iam", "CreateRole", {"RoleName": "r"}, {"Role": {"RoleId": "i"}})),
    "answer": {"Payload": {"$bytes": "x"}},
}
EVENTS: dict[str, events.Event] = {
    "began": events.HandsOn("2.2", ("iam:role r",)),
    "hint": events.Hinted("2.2", 1),
    "mistake": events.Mistaken("2.2", "iam:role", "r", "Path", "/a", "/"),
    "by hand": events.DoneByHand("2.2"),
    "undone": events.Undone("2.4"),
    "question": events.Asked("", "drill", "path", "t", "s", "q", ("a", "b")),
    "prediction": events.Predicted("", "drill", "path", "a", "b"),
    "answer": events.Explained("", "drill", "path", "b", "so"),
    "over": events.ExerciseEnded("", "drill", "path"),
    "repair": events.Repaired("", "path", True, 2),
    "teardown": events.TornDown("4", 3, 0),
}
ENTRIES: list[dict[str, Any]] = [
    *({"at": AT, "what": what, **asdict(event)} for what, event in EVENTS.items()),
    {"at": AT, "what": "done", "step": "2.2"},
    {"at": AT, "what": "verify", "step": "3.7", "passed": 18, "checks": 18},
]
REQUEST = {"at": AT, **asdict(events.Requested("", "r1", "POST", "https://a/prod/x", "{}", 200, "{}", 1.5))}


def _lines(*each: object) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in each)


def test_each_kind_of_entry_is_tried_here() -> None:
    assert {each["what"] for each in ENTRIES} == set(logbook.KINDS)


def test_what_is_whole_is_all_read() -> None:
    (call,) = history.parsed(_lines(CALL))
    assert call.answer == {"Payload": b"x"}
    assert list(logbook.entries_on(_lines(*json.loads(json.dumps(ENTRIES))))) == json.loads(
        json.dumps(ENTRIES)
    )
    assert list(request_log.requests_on(_lines(REQUEST))) == [REQUEST]


@given(st.data())
def test_a_damaged_call_is_passed_over_and_the_others_stay(data: st.DataObject) -> None:
    calls = history.parsed(_lines(CALL, data.draw(damaged(CALL)), CALL))
    assert calls[0] == calls[-1]
    assert len(calls) in (2, 3)
    for call in calls:
        assert call.changes in (True, False)
        assert isinstance(call.error + call.step + call.service, str)


@given(st.data())
def test_a_damaged_entry_spoils_no_report(data: st.DataObject) -> None:
    spoilt = [*ENTRIES]
    place = data.draw(st.integers(0, len(ENTRIES) - 1))
    spoilt[place] = data.draw(damaged(ENTRIES[place]))
    entries = list(logbook.entries_on(_lines(*spoilt)))
    report = learning_report(Learnt(WHOSE, entries, [], exists=True))
    assert len(report["steps"]) > 10
    assert len(logbook.done_steps(entries)) <= 2
    assert isinstance(logbook.absent_when_begun(entries, "2.2"), list)


@given(st.data())
def test_a_damaged_request_is_not_shown(data: st.DataObject) -> None:
    lines = _lines(REQUEST, data.draw(damaged(REQUEST)))
    assert len(list(shown(request_log.requests_on(lines), "", "api"))) in (1, 2)


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-01", 3, None])
def test_what_happened_at_no_moment_is_passed_over(at: object) -> None:
    moved = {"at": at}
    assert list(logbook.entries_on(_lines(*({**each, **moved} for each in ENTRIES)))) == []
    assert history.parsed(_lines({**CALL, **moved})) == []
    assert list(request_log.requests_on(_lines({**REQUEST, **moved}))) == []


@pytest.mark.parametrize(
    "line", [b"", b"{", b"null", b"[]", b"3", b'"x"', b"\xff", b"[" * 100_000, b'{"$bytes": "x"}', b"NaN"]
)
def test_a_line_that_is_no_object_is_passed_over(line: bytes) -> None:
    assert list(documents(line + b"\n" + _lines({"a": 1}))) in ([{"a": 1}], [{"$bytes": "x"}, {"a": 1}])
    assert history.parsed(line + b"\n" + _lines(CALL))[0].operation == "CreateRole"


@pytest.mark.parametrize("header", [{}, {"deployment": 3}, {"deployment": {"id": "one-1"}}, [], None])
def test_whose_they_are_is_asked_of_a_header_that_can_be_read(tmp_path: Path, header: object) -> None:
    for name in (history.FILE, logbook.FILE):
        (tmp_path / name).write_bytes(_lines(header, CALL))
    assert logbook.owner(tmp_path) is None
    with pytest.raises(LohError, match="is damaged"):
        history.deployment_of(tmp_path / history.FILE)
