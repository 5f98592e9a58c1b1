"""Each chapter, pairs of them and all together: on, tried, off, and everything is as it was before."""

import os
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from lambda_over_https.tutorial.chapter_lessons import OUTLINES
from tests.kit.account.census import Census, census, difference
from tests.kit.program.chaptered import deployed_anew
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, Ran, done, loh

FULL = os.environ.get("LOH_SWEEP") == "full"
NAMES = [each.name for each in OUTLINES]
PAIRS = list(combinations(NAMES, 2))
SETS = [*((name,) for name in NAMES), *PAIRS[:: 1 if FULL else 4], tuple(NAMES)]
"""Each chapter, pairs (all of them with ``LOH_SWEEP=full``, else every fourth), and all together."""

WAITS = frozenset({"schedule"})
"""The chapters whose experiment waits for a clock."""


@pytest.fixture
def chaptered(account: Account) -> Iterator[str]:
    """A finished deployment; chapters that a failed test left on go off again, so that the next can pass."""
    yield finished("chaptered")
    for name in _is_on("chaptered"):
        loh("chapter", "off", name, "--name", "chaptered")


def chapter(verb: str, chapter: str, name: str, code: int = 0) -> Ran:
    fast = ("--fast",) if verb == "try" and chapter in WAITS else ()
    ran = loh("chapter", verb, chapter, "--json", "--name", name, *fast)
    assert ran.code == code, f"{verb} {chapter}: {ran.err}{ran.out}"
    return ran


def _is_on(name: str) -> set[str]:
    chapters = loh("chapter", "list", "--json", "--name", name).json["chapters"]
    return {each["name"] for each in chapters if each["on"]}


def _assert_whole(name: str) -> None:
    plan = loh("plan", "--json", "--name", name).json["steps"]
    assert {step["action"] for step in plan} == {"keep"}, plan
    doctor = loh("doctor", "--json", "--name", name)
    assert doctor.code == 0, [each for each in doctor.json["findings"] if not each["ok"]]
    assert loh("verify", "--json", "--name", name).json["passed"]


@pytest.mark.parametrize("chosen", SETS, ids="+".join)
def test_on_tried_off_leaves_everything_as_it_was(
    account: Account, chaptered: str, chosen: tuple[str, ...]
) -> None:
    before = deployed_anew(account)
    for name in chosen:
        report = chapter("on", name, chaptered).json
        assert report["on"] is True
        assert report["resources"]
        assert {each["state"] for each in report["resources"]} == {"made"}
    assert _is_on(chaptered) == set(chosen)
    for name in chosen:
        tried = chapter("try", name, chaptered).json
        assert tried["foretold"] is True
        assert tried["seen"]
        assert tried["summary"]
    _assert_whole(chaptered)
    for name in reversed(chosen):  # protect first: its firewall counts what comes within a minute
        assert chapter("off", name, chaptered).json == {"chapter": name, "on": False, "resources": []}
    assert difference(before, deployed_anew(account)) == []
    assert _is_on(chaptered) == set()
    _assert_whole(chaptered)


@pytest.mark.parametrize("chosen", SETS, ids="+".join)
def test_a_teardown_takes_them_all(
    account: Account, before: Census, name: str, chosen: tuple[str, ...]
) -> None:
    finished(name)
    for each in chosen:
        chapter("on", each, name)
    ran = loh("teardown", "--yes", "--json", "--name", name)
    assert ran.code == 0, ran.err
    assert ran.json["left"] == ran.json["kept"] == []
    assert difference(before, census(account)) == []


@pytest.mark.parametrize("name", NAMES)
def test_before_it_is_on_a_try_shows_what_is_missing(chaptered: str, name: str) -> None:
    tried = loh("chapter", "try", name, "--json", "--name", chaptered)
    assert tried.code == 0, tried.out
    assert tried.json["foretold"] is True


@pytest.mark.parametrize("name", NAMES)
def test_the_same_twice_changes_nothing(account: Account, chaptered: str, name: str) -> None:
    assert "was off already" in loh("chapter", "off", name, "--name", chaptered).err
    chapter("on", name, chaptered)
    before = census(account)
    again = loh("chapter", "on", name, "--no-pause", "--name", chaptered)
    assert "was on already, and is as it should be" in again.err
    assert loh("run", "--no-pause", "--name", chaptered).code == 0
    assert difference(before, census(account)) == []
    chapter("off", name, chaptered)


def test_undo_switches_the_last_one_off(account: Account, chaptered: str) -> None:
    before = deployed_anew(account)
    for name in reversed(NAMES):
        chapter("on", name, chaptered)
    undone = [loh("undo", "--json", "--name", chaptered).json for _ in NAMES]
    assert [each["step"]["name"] for each in undone] == NAMES
    assert {each["next"] for each in undone} == {None}, "every step of the tutorial is done"
    assert difference(before, deployed_anew(account)) == []
    _assert_whole(chaptered)


def test_after_an_undo_it_says_how_the_chapter_is_switched_on_again(chaptered: str) -> None:
    chapter("on", NAMES[0], chaptered)
    said = loh("undo", "--name", chaptered).err
    assert f"The chapter {NAMES[0]} is off." in said
    assert f"`loh chapter on {NAMES[0]} --name {chaptered}` switches it on again" in said


@pytest.mark.parametrize("name", NAMES)
def test_what_was_never_on_goes_off_without_a_change(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", "begun")
    before = census(account)
    assert "was off already" in loh("chapter", "off", name, "--name", "begun").err
    assert difference(before, census(account)) == []
    assert loh("teardown", "--yes", "--name", "begun").code == 0


def test_a_lost_journal_is_rebuilt_with_the_chapters(account: Account, name: str, world: Path) -> None:
    finished(name)
    for each in NAMES:
        chapter("on", each, name)
    (journal,) = world.glob(f"deployments/*/{name}/journal.json")
    before = census(account)
    journal.unlink()
    assert loh("recover", "--name", name).code == 0
    assert _is_on(name) == set(NAMES)
    assert loh("run", "--no-pause", "--name", name).code == 0
    assert difference(before, census(account)) == []
    _assert_whole(name)
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_a_chapter_needs_the_finished_tutorial(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "3.2", "--name", name)
    for verb in ("on", "try"):
        ran = loh("chapter", verb, NAMES[0], "--json", "--name", name)
        assert ran.code == 1
        assert "step 3.3 is not done yet" in ran.err
        assert f"`loh run --name {name}`" in ran.err
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_a_chapter_that_is_not_there_is_wrong_usage(chaptered: str) -> None:
    ran = loh("chapter", "on", "throttel", "--name", chaptered)
    assert ran.code == 2
    assert "Did you mean throttle?" in ran.err


def test_without_a_deployment_there_is_nothing_to_switch(account: Account, name: str) -> None:
    for verb in ("on", "try", "off"):
        ran = loh("chapter", verb, NAMES[0], "--name", name)
        assert ran.code == 1
        assert f"no deployment named {name}" in ran.err
    assert _is_on(name) == set()


def test_status_and_steps_tell_of_the_chapters_that_are_on(chaptered: str) -> None:
    chapter("on", NAMES[0], chaptered)
    for command in ("status", "steps"):
        steps = loh(command, "--json", "--name", chaptered).json["steps"]
        assert [each["state"] for each in steps if each["name"] in NAMES] == ["done"]
    calls = loh("history", "--step", NAMES[0], "--json", "--name", chaptered).json["calls"]
    assert {each["chapter"] for each in calls} == {NAMES[0]}
    assert {"3.3", "3.4"} <= {each["step"] for each in calls}, "it is made in several steps"
    calls = loh("history", "--step", "3.3", "--json", "--name", chaptered).json["calls"]
    assert {each["chapter"] for each in calls} == {""}
    chapter("off", NAMES[0], chaptered)
    steps = loh("steps", "--json", "--name", chaptered).json["steps"]
    assert not [each for each in steps if each["name"] in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_is_explained_with_the_calls_that_switch_it_on(chaptered: str, name: str) -> None:
    report = loh("explain", name, "--json", "--name", chaptered).json
    assert report["why"]
    assert report["costs"]
    assert report["calls"]
