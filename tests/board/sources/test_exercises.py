"""The question of a drill on the board: asked, predicted, and explained after it was seen."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lambda_over_https.board.sources.exercises import LATE, Exercises
from lambda_over_https.deployment.recorded import logbook
from lambda_over_https.events import Asked, Explained, Predicted
from lambda_over_https.settings import home
from tests.board.test_vocabulary import described
from tests.kit.board.boards import board
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, done, loh

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TEXTS: dict[str, Any] = {"title": "t", "story": "s", "question": "q?", "choices": ["one", "two", "three"]}


def _entry(what: str, ago: timedelta = timedelta(0), **facts: Any) -> dict[str, Any]:
    at = (NOW - ago).isoformat(timespec="milliseconds")
    return {"at": at, "what": what, "exercise": "drill", "name": "permission", **facts}


ASKED = _entry("question", **TEXTS)


def test_a_question_goes_through_its_states_one_by_one() -> None:
    entries = [
        ASKED,
        _entry("prediction", said="b", truth="c"),
        _entry("hint", stage=1),
        _entry("answer", truth="c", why="because"),
    ]
    states = Exercises().take(entries, NOW)
    assert [(each["predicted"], each["said"], each["truth"], each["why"]) for each in states] == [
        (False, "", "", ""),
        (True, "b", "", ""),
        (True, "b", "c", "because"),
    ]
    assert states[0]["choices"] == ["one", "two", "three"]


def test_the_truth_is_not_told_with_the_prediction() -> None:
    states = Exercises().take([ASKED, _entry("prediction", said="", truth="c")], NOW)
    assert "c" not in [value for value in states[-1].values() if isinstance(value, str)]


def test_a_question_that_is_left_is_over_and_one_that_was_answered_is_not_told_of_again() -> None:
    entries = [ASKED, _entry("over"), ASKED, _entry("prediction", said="b", truth="c"), _entry("over")]
    states = Exercises().take(entries, NOW)
    assert [(each["predicted"], each["said"]) for each in states] == [
        *[(False, ""), (True, "")],
        *[(False, ""), (True, "b")],
    ]


@pytest.mark.parametrize("command", [("drill", "permission"), ("chapter", "try", "cache")])
def test_whatever_ends_an_exercise_at_its_question_the_logbook_says_that_it_is_over(
    account: Account, command: tuple[str, ...]
) -> None:
    name = finished()
    assert loh(*command, "--predict", "z", "--yes", "--name", name).code == 2
    noted = logbook.read(home() / "deployments" / "sandbox" / name)
    assert [(each["what"], each["name"]) for each in noted[-2:]] == [
        ("question", command[-1]),
        ("over", command[-1]),
    ]


def test_an_old_question_is_not_brought_up_again_nor_one_that_was_not_asked() -> None:
    old = {**ASKED, "at": (NOW - LATE - timedelta(seconds=1)).isoformat()}
    assert Exercises().take([old, _entry("answer", truth="a", why="w")], NOW) == []
    assert Exercises().take([ASKED, {**_entry("answer", truth="a", why="w"), "name": "other"}], NOW)[1:] == []


def test_the_events_are_the_entries(account: Account) -> None:
    """What the command emits has the members that the board reads."""
    assert set(Asked.__slots__) == {"exercise", "name", *TEXTS}
    assert set(Explained.__slots__) == {"exercise", "name", "truth", "why"}
    assert {"exercise", "name", "said", "truth"} == set(Predicted.__slots__)


def test_a_real_drill_asks_shows_its_request_and_says_why(account: Account) -> None:
    name = finished()
    with board(name) as running:
        stream = running.stream()
        stream.next()
        done("drill", "permission", "--predict", "b", "--name", name, "--yes")
        asked, predicted, request, told = (
            each.data
            for each in stream.each(
                ("exercise", {"truth": ""}),
                ("exercise", {"predicted": True, "truth": ""}),
                ("request", {"status": 500}),
                ("exercise", {"truth": "c"}),
            )
        )
        assert asked["question"] == "What will a caller get?"
        assert set(asked) <= described("exercise")
        assert predicted["said"] == "b"
        assert request["hops"][-1]["name"] == "permission"
        assert told["said"] == "b"
        assert told["why"]
        assert running.stream().next().data["exercise"] == told
