"""The page of a class in a real browser: a tile each, and a sweep that empties them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.board.classes.tiles import Tiles
from lambda_over_https.classroom.account import Resource
from lambda_over_https.classroom.following.progress import STUCK, Row, rows_of
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.kinds import Kind
from tests.kit.board.boards import class_board
from tests.kit.board.browser import Browser, browser
from tests.kit.program.support import Account, done

HOSTILE = "<img src=x onerror=alert(1)>"
"""What somebody may call themselves."""


@pytest.fixture
def page() -> Iterator[Browser]:
    with browser() as opened:
        opened.resize(1280, 720)
        yield opened
        assert opened.console() == []


def _states(page: Browser) -> dict[str, str]:
    """The state of each student, in the order of the tiles."""
    found: dict[str, str] = page.run(
        "return Object.fromEntries([...document.querySelectorAll('#tiles button')]"
        ".map((each) => [each.dataset.key, each.className]))"
    )
    return found


@pytest.mark.processes
def test_a_class_of_thirty_shows_who_is_where_and_a_sweep_empties_it(
    page: Browser, account: Account, name: str, tmp_path: Path
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "name,display\n" + "".join(f"{n:02},{HOSTILE if n == 3 else ''}\n" for n in range(1, 31))
    )
    done("class", "new", name, "--prefix", name, "--roster", str(roster))
    done("class", "run", "--class", name, "--only", "01", "--only", "02")
    done("class", "run", "--class", name, "--only", "03", "--to", "2.3")
    with class_board(name) as running:
        page.open(running.url)
        page.until_text("#summary", "30 students: 1 at work, 2 done: the API answers, 27 not begun")
        states = _states(page)
        assert len(states) == 30
        assert (states["01"], states["02"], states["03"], states["04"]) == (
            "answers",
            "answers",
            "working",
            "waiting",
        )
        assert HOSTILE in page.text('[data-key="03"]')
        assert "at 2.3" in page.text('[data-key="03"]')
        _can_be_read_from_the_last_row(page, among=90)
        _opens_a_look(page, name)
        _hides_names(page, name)
        _says_how_long_it_looks_and_why_it_failed(page)
        done("class", "sweep", "--class", name, "--yes")
        page.until_text("#removal", "Nothing is left.")
        assert page.text("#summary") == "30 students: 27 not begun, 3 with nothing left"
        assert {state for student, state in _states(page).items() if student < "04"} == {"gone"}
        _can_be_read_from_the_last_row(page, among=90)


def _can_be_read_from_the_last_row(page: Browser, among: int) -> None:
    """In each size and theme, also in the colours of the states that nobody is in."""
    page.run(
        "for (const [at, state] of ['stuck', 'deployed'].entries())"
        " document.querySelectorAll('#tiles button')[10 + at].className = state"
    )
    for width, height, least in ((1280, 720, 20), (1920, 1080, 30)):
        page.resize(width, height)
        for _ in ("light", "dark"):
            assert page.words_that_cannot_be_read(least, among) == [], width
            page.run("document.documentElement.classList.toggle('dark')")
    page.resize(1280, 720)


def _opens_a_look(page: Browser, name: str) -> None:
    """By keys alone, and whoever closes it is where they were."""
    page.run("document.querySelector('[data-key=\"03\"]').focus()")
    page.press("Enter")
    page.until_text("#looked", "1 check is wrong. Looked at")
    assert page.text("#detail-title") == HOSTILE
    assert page.text("#how-far").startswith("▸ at 2.3 · last change")
    [wrong] = page.texts("#findings li")
    assert f"step 2.4: not done: Create the table. Missing: dynamodb:table {name}-03" in wrong
    assert page.texts("#findings code") == [f"loh run --to 2.4 --name {name}-03"]
    assert page.text("#command code") == f"loh class look 03 --class {name}"
    assert f"{name}-03" not in page.text("#well")
    page.run("document.querySelector('#well summary').focus()")
    page.press("Enter")
    page.until_text("#well", f"lambda:function {name}-03-LambdaFunctionOverHttps: as it should be")
    _can_be_read_from_the_last_row(page, among=110)
    _obeys_the_keys_over_a_dialog(page)
    _is_closed(page)
    assert page.run("return document.activeElement.dataset.key") == "03"
    page.run("document.querySelector('[data-key=\"01\"]').click()")
    page.until_text("#looked", "✓ Nothing is wrong.")
    assert page.texts("#findings li") == []
    _is_closed(page)


def _obeys_the_keys_over_a_dialog(page: Browser) -> None:
    size = "return parseFloat(getComputedStyle(document.documentElement).fontSize)"
    page.press("d", "+")
    assert page.run("return document.documentElement.classList.contains('dark')")
    assert page.run(size) > 20
    page.press("d", "-", "f")
    page.until(lambda: page.run("return document.fullscreenElement !== null"), "the full screen")
    page.press("f")
    page.until(lambda: page.run("return document.fullscreenElement === null"), "the end of the full screen")
    assert page.run("return document.querySelector('#detail').open")


def _is_closed(page: Browser) -> None:
    page.press("Escape")
    page.until(lambda: not page.run("return document.querySelector('#detail').open"), "the end of the dialog")


CUT = """
return [...document.querySelectorAll('#tiles .name')]
  .filter((each) => each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight + 1)
  .map((each) => each.textContent);
"""
"""The names that a tile has no room for."""


def _hides_names(page: Browser, name: str) -> None:
    """Also in a look that is open when they are hidden."""
    page.run("document.querySelector('[data-key=\"03\"]').click()")
    page.until_text("#looked", "Looked at")
    page.press("n")
    page.until_text("#detail-title", "No. 3")
    assert "loh run --to 2.4 --name …" in page.text("#detail")
    page.run("for (const each of document.querySelectorAll('#detail details')) each.open = true")
    assert [each for each in (name, HOSTILE) if each in page.text("#detail")] == []
    _is_closed(page)
    page.until_text('[data-key="03"]', "No. 3")
    assert page.run(CUT) == []
    page.press("n")


SLOW = "globalThis.fetch = () => new Promise((answer) => { globalThis.answer = answer; })"
FAILED = "answer(Response.json({findings: [], problem: 'AWS refuses it. `aws sso login`'}))"


def _says_how_long_it_looks_and_why_it_failed(page: Browser) -> None:
    page.run(SLOW)
    page.run("document.querySelector('[data-key=\"02\"]').click()")
    page.until_text("#looked", "Looking at the account")
    page.until_text("#seconds", " s")
    page.run(FAILED)
    page.until_text("#looked", "✗ The look failed. AWS refuses it. `aws sso login`")
    assert (page.text("#seconds"), page.texts("#findings li")) == ("", [])
    _is_closed(page)


def _class(count: int) -> Class:
    students = tuple(Student(f"{number:02}", f"c-{number:02}") for number in range(1, count + 1))
    place: dict[str, Any] = {"target": "aws", "partition": "aws", "account": "1" * 12, "region": "us-east-1"}
    return Class("c", "c", **place, endpoint_url="", created="", students=students)


def _tile(taught: Class, found: list[Resource], now: datetime) -> dict[str, Any]:
    rows: list[Row] = rows_of(taught, found, (), {}, now)
    return dict(Tiles(taught).described(rows, found)["students"][0])


def test_who_has_changed_nothing_for_long_is_stuck_and_comes_first() -> None:
    taught = _class(3)
    now = datetime(2026, 11, 26, 12, STUCK, tzinfo=UTC)
    began = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    tile = _tile(taught, [Resource("03", Kind.ROLE, "r", "r", began)], now)
    assert (tile["name"], tile["state"], tile["stuck_minutes"]) == ("03", "stuck", STUCK)


def test_a_removal_says_how_many_are_empty_and_how_long_the_rest_takes_at_awss_rate() -> None:
    taught = _class(4)
    apis = [Resource(each.name, Kind.REST_API, "a", "a", None) for each in taught.students]
    tiles = Tiles(taught)
    assert tiles.described(rows_of(taught, apis, (), {}), apis)["removal"] is None
    left = tiles.described(rows_of(taught, apis[:2], (), {}), apis[:2])
    assert left["removal"] == {"of": 4, "gone": 2, "minutes": 1}
    assert [each["state"] for each in left["students"]].count("gone") == 2
