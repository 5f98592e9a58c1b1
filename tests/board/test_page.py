"""The page in a real browser: what a class sees, and what nobody must be able to make it do."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.board.sources.architecture import ADDITIONS, PARTS
from lambda_over_https.board.web import MOST_PAGES
from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.places import journal_path
from lambda_over_https.deployment.journal.state import Deployment, Record, State
from lambda_over_https.settings import home
from lambda_over_https.states import RecordState, StepState
from lambda_over_https.tutorial.chapter_lessons import OUTLINES
from lambda_over_https.tutorial.lessons import LESSONS
from tests.board.test_requests import seeing, send
from tests.kit.board.boards import Board, board
from tests.kit.board.browser import Browser, browser
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, done

pytestmark = pytest.mark.processes

STOPPED = "/events - Failed to load resource: net::ERR_CONNECTION_REFUSED"
"""What the browser says of its next try once a test has stopped the board."""

ECHO = {"operation": "echo", "payload": {"a": 1}}


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def page(window: Browser) -> Iterator[Browser]:
    """The window as a new one; at the end its console must have had nothing to say."""
    window.resize(1280, 720)
    window.prefer(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    yield window
    assert [each for each in window.console() if STOPPED not in each] == []
    window.driver.get("about:blank")


def _look(page: Browser, running: Board) -> dict[str, Any]:
    """Open the board, once it follows the sandbox; gives a snapshot."""
    _, snapshot = seeing(running)
    page.open(running.url)
    page.until_text("#link", "live")
    return snapshot


def _part(page: Browser, label: str) -> tuple[str, str]:
    """The class and the text of a part."""
    made = f'[data-part="{label}"]'
    return str(page.run("return document.querySelector(arguments[0])?.className", made)), page.text(made)


def test_a_whole_run_lights_up_part_by_part_and_requests_stop_where_they_stop(
    page: Browser, account: Account, name: str
) -> None:
    with board(name) as running:
        _look(page, running)
        assert "No deployment yet" in page.text("#step")
        assert _part(page, "function")[1].startswith("○")
        done("run", "--to", "3.5", "--name", name, "--no-pause", "--yes")
        page.until_text("#step", "3.6")
        assert page.text("#step") == "3.6 Grant permission to invoke"
        for label in ("API", "resource", "method", "integration", "stage", "function", "role", "table"):
            assert "made" in _part(page, label)[0]
        assert f"{name}-LambdaFunctionOverHttps" in _part(page, "function")[1]
        assert "absent" in _part(page, "statement")[0]
        snapshot = running.stream().next().data
        assert page.text("#url code") == snapshot["invoke_url"]
        assert send(snapshot, ECHO, account) == 500
        page.until_text("#reason", "500: API Gateway knocked, Lambda did not open")
        assert page.run("return document.querySelector('.service.stop').id") == "permission"
        done("run", "--to", "3.6", "--name", name, "--no-pause", "--yes")
        page.until(lambda: "made" in _part(page, "statement")[0], "the permission")
        assert send(snapshot, ECHO, account) == 200
        page.until_text("#reason", "200: the function answered")
        assert page.run("return document.querySelectorAll('.service.stop').length") == 0
        assert [row.split()[-1] for row in page.texts("#requests li")] == ["200", "500"]
        done("teardown", "--name", name, "--yes")
        page.until_text("#step", "No deployment yet")
        assert _part(page, "function")[1].startswith("○")


def test_what_a_request_writes_stands_in_the_table(page: Browser, account: Account, name: str) -> None:
    done("run", "--name", name, "--no-pause", "--yes")
    with board(name) as running:
        _look(page, running)
        page.until_text("#count", "no items")
        done("call", "create", "Id=1", "name=<b>Bob</b>", "--name", name)
        page.until_text("#items", '{"Id": "1", "name": "<b>Bob</b>"}')
        assert page.text("#count") == "1 item"
        for number in range(2, 7):
            done("call", "create", f"Id={number}", "--name", name)
        page.until_text("#items", "… and 2 more")
        done("teardown", "--name", name, "--yes")
        page.until(lambda: page.text("#count") == "", "the end of the table")


def test_a_clock_runs_for_what_costs_by_the_hour(page: Browser, account: Account, name: str) -> None:
    done("run", "--name", name, "--no-pause", "--yes")
    with board(name) as running:
        _look(page, running)
        done("chapter", "on", "cache", "--name", name, "--yes")
        page.until_text("#gauges", "Cost clock: cache, 0 minutes, 0.0000 USD on AWS, free here")
        done("chapter", "off", "cache", "--name", name, "--yes")
        page.until(lambda: "Cost clock" not in page.text("#gauges"), "the end of the cost")
    done("teardown", "--name", name, "--yes")


FOLLOW_THE_DOT = """
globalThis.places = [];
const dot = document.querySelector('#dot');
const note = () => places.push(dot.style.transform);
new MutationObserver(note).observe(dot, {attributes: true, attributeFilter: ['style']});
"""


def test_the_dot_runs_to_the_function_and_back(page: Browser, account: Account) -> None:
    page.prefer(prefers_color_scheme="light", prefers_reduced_motion="no-preference")
    with board(finished()) as running:
        snapshot = _look(page, running)
        page.run(FOLLOW_THE_DOT)
        assert send(snapshot, ECHO, account) == 200
        page.until(lambda: page.run("return document.querySelector('#dot').hidden && places.length > 1"))
        places = page.run("return places.map((each) => Number(each.match(/[\\d.]+/)[0]))")
        far = places.index(max(places))
        assert places[:far] == sorted(places[:far])
        assert places[-1] == places[0] < max(places)


def test_a_call_opens_with_its_python_its_command_and_its_answer_by_keys_alone(
    page: Browser, account: Account
) -> None:
    with board(finished()) as running:
        _look(page, running)
        page.run("document.querySelector('#calls button').focus()")
        page.press("Enter")
        page.until_text("#detail", "boto3")
        assert page.texts("#detail h3") == ["boto3", "aws", "Answer"]
        first, second, third = page.texts("#detail pre")
        assert first.startswith("apigateway.test_invoke_method(")
        assert second.startswith("aws apigateway test-invoke-method")
        assert json.loads(third)["status"] == 200
        page.press("Escape")
        page.until(lambda: not page.run("return document.querySelector('#detail').open"))


CHOSEN = "return document.activeElement.dataset.key"


def test_a_request_stays_chosen_while_others_come_and_keys_work_over_its_dialog(
    page: Browser, account: Account
) -> None:
    with board(finished()) as running:
        snapshot = _look(page, running)
        send(snapshot, ECHO, account)
        page.until_text("#requests li", "200")
        page.run("document.querySelector('#requests button').focus()")
        chosen = page.run(CHOSEN)
        page.press("Enter")
        page.until_text("#detail", "What happened")
        page.press("d")
        assert page.run("return document.documentElement.classList.contains('dark')")
        send(snapshot, ECHO, account)
        page.until(lambda: page.texts("#requests li .row-more.good") == ["✓ 200", "✓ 200"], "the second one")
        page.press("Escape")
        page.until(lambda: page.run(CHOSEN) == chosen, "the first one")
        send(snapshot, ECHO, account)
        _until_answered(page, 3)
        assert page.run(CHOSEN) == chosen


EVIL = (
    "<img src=x onerror=\"document.title='broken'\">",
    "<script>document.title='broken'</script>",
    "\u202e</pre></dialog><h1>broken</h1>",
)
COUNT = "return document.querySelectorAll('img, script, iframe, h1, style, link').length"


def _until_answered(page: Browser, count: int) -> None:
    """Wait until the page shows that many requests that were answered well, the newest first."""
    page.until(lambda: len(page.texts("#requests li .row-more.good")) == count, f"answer {count}")


def test_bodies_answers_and_paths_are_text_and_nothing_but_text(page: Browser, account: Account) -> None:
    with board(finished()) as running:
        snapshot = _look(page, running)
        before, title = page.run(COUNT), page.driver.title
        for number, evil in enumerate(EVIL, 1):
            send(snapshot, {"operation": "echo", "payload": {"evil": evil}}, account)
            _until_answered(page, number)
            page.run("document.querySelector('#requests button').click()")
            page.until_text("#detail", "What happened")
            assert evil.replace("\u202e", "\\u202e")[:20] in page.text("#detail").replace('\\"', '"')
            page.press("Escape")
        send(snapshot, {"operation": EVIL[0], "payload": {}}, account)
        send(snapshot, EVIL[1], account, path="/%3Cimg%20src=x%20onerror=alert(1)%3E")
        page.until_text("#requests li", "%3Cimg")
        assert page.run(COUNT) == before
        assert page.driver.title == title


EVIL_HANDLER = f"""
def handler(event, context):
    print({EVIL[0]!r})
    if "fail" in event["payload"]:
        raise ValueError({EVIL[1]!r})
    return event["payload"]
"""


def test_what_a_handler_writes_to_its_log_is_text_as_well(
    page: Browser, account: Account, name: str, tmp_path: Path
) -> None:
    source = tmp_path / "evil.py"
    source.write_text(EVIL_HANDLER)
    done("run", "--to", "3.6", "--name", name, "--no-pause", "--yes", "--source", str(source))
    with board(name) as running:
        snapshot = _look(page, running)
        before, title = page.run(COUNT), page.driver.title
        send(snapshot, {"operation": "echo", "payload": {"fail": 1}}, account)
        page.until_text("#requests li", "500")
        page.run("document.querySelector('#requests button').click()")
        page.until_text("#detail", "The function's log")
        assert EVIL[0] in page.text("#detail")
        assert (page.run(COUNT), page.driver.title) == (before, title)
        page.press("Escape")
    done("teardown", "--name", name, "--yes")


def test_the_page_loads_nothing_from_elsewhere(page: Browser) -> None:
    with board() as running:
        page.open(running.url)
        page.until_text("#link", "live")
        loaded = page.run("return performance.getEntriesByType('resource').map((each) => each.name)")
        assert len(loaded) >= 5
        assert [each for each in loaded if not each.startswith(f"{running.url}/")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height", "least"), [(1280, 720, 20), (1920, 1080, 30)])
def test_all_words_can_be_read_from_the_last_row(
    page: Browser, account: Account, scheme: str, width: int, height: int, least: int
) -> None:
    """At least 20 px where the projector has 1280 by 720, and a contrast of 4.5 to 1 (WCAG AA)."""
    page.resize(width, height)
    page.prefer(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
    with board(finished()) as running:
        snapshot = _look(page, running)
        send(snapshot, ECHO, account)
        page.until_text("#requests li", "200")
        send(snapshot, "{", account)
        page.until_text("#requests li", "400")
        page.press("?")
        assert page.words_that_cannot_be_read(least, among=40) == []


SIZES = ((800, 600), (1024, 768), (1280, 720), (1920, 1080))
SIZE = "return [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
LONG_NAMES = """
document.querySelector('#where').prepend('a'.repeat(34));
for (const each of document.querySelectorAll('#picture .name')) each.prepend(`${'a'.repeat(34)}-`);
"""
STICKING_OUT = """
const inner = [...document.querySelectorAll('#picture .service')];
const words = [...document.querySelectorAll('#picture h2, #picture .name, #link, #keys')];
return [...inner, ...words].filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth
  || each.getBoundingClientRect().right > each.parentElement.getBoundingClientRect().right + 1)
  .map((each) => each.textContent);
"""


def test_the_whole_picture_is_on_the_screen_and_no_name_sticks_out_of_its_box(
    page: Browser, account: Account
) -> None:
    """Without scrolling; with long names, and enlarged, at least not sideways."""
    with board(finished()) as running:
        snapshot = _look(page, running)
        send(snapshot, ECHO, account, path="/nowhere")
        page.until_text("#requests li", "403")
        for width, height in SIZES:
            page.resize(width, height)
            assert (page.run(SIZE), page.run(STICKING_OUT)) == ([width, height], [])
        page.run(LONG_NAMES)
        page.press(*"++++++++++")
        assert (page.run(SIZE)[0], page.run(STICKING_OUT)) == (width, [])


def _with_every_chapter(name: str) -> Path:
    """Write the journal of a deployment on AWS, with all that the board can show of one."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    steps = [each.number for each in LESSONS] + [each.lesson.number for each in OUTLINES]
    records = (
        Record(each.kind, each.name or f"{name}-LambdaFunctionOverHttps", "3.7", RecordState.MADE, "x", at=at)
        for each in (*PARTS, *ADDITIONS)
    )
    deployment = Deployment("e-1", name, "aws", "1" * 12, "us-east-1", "", "", at)
    state = State(deployment, {}, dict.fromkeys(steps, StepState.DONE), tuple(records))
    path = journal_path(home(), "aws", name)
    path.parent.mkdir(parents=True)
    Journal(path, state).save()
    return path


def test_all_chapters_and_the_longest_name_fit_without_a_scroll_bar(page: Browser) -> None:
    name = "a" * 34
    path = _with_every_chapter(name)
    with board(name, target="aws") as running:
        page.open(running.url)
        page.until_text("#step", "All steps are done.")
        assert len(page.texts("#picture .added")) == len(ADDITIONS)
        assert _part(page, "role")[1].endswith("…-LambdaFunctionOverHttps")
        for width, height in SIZES:
            page.resize(width, height)
            page.until(lambda: page.run(SIZE) == [width, height], f"{width} x {height}")  # noqa: B023
            assert page.run(STICKING_OUT) == []
    path.unlink()


def test_of_a_request_its_row_tells_what_differs_from_others(page: Browser, account: Account) -> None:
    with board(finished()) as running:
        snapshot = _look(page, running)
        sent = (("", ECHO), ("/nowhere", {"a": 1}), ("s", "x"))
        for path, body in sent:
            send(snapshot, body, account, path=path)
        page.until(lambda: len(page.texts("#requests .bad")) == 2, "the last request")
        assert page.texts("#requests .row-name") == [
            "POST …/DynamoDBManagers x",
            'POST …/nowhere {"a": 1}',
            'POST {"a":1}',
        ]


ENLARGING = "{key: '+', ctrlKey: true, cancelable: true}"
"""What a browser enlarges a page with."""


def test_keys_make_it_dark_larger_and_pause_it(page: Browser, account: Account) -> None:
    size = "return parseFloat(getComputedStyle(document.documentElement).fontSize)"
    with board(finished()) as running:
        snapshot = _look(page, running)
        page.press("d")
        assert page.run("return document.documentElement.classList.contains('dark')")
        page.press("+", "+")
        assert page.run(size) > 24
        page.run(f"document.dispatchEvent(new KeyboardEvent('keydown', {ENLARGING}))")
        assert page.run(size) > 26
        page.press("-", "-", "-", "-")
        assert page.run(size) == 20
        page.press("p")
        page.until_text("#link", "paused · 0 waiting")
        send(snapshot, ECHO, account)
        page.until_text("#link", "paused · 2 waiting")
        assert page.texts("#requests li button") == []
        page.press(" ")
        page.until_text("#link", "paused · 1 waiting")
        page.until_text("#reason", "The function is running")
        page.press("p")
        page.until_text("#reason", "200: the function answered")
        page.until_text("#link", "live")


def test_a_sandbox_that_was_started_anew_is_not_called_stopped(
    page: Browser, account: Account, name: str
) -> None:
    ended = Deployment("e-1", name, "sandbox", "1" * 12, "us-east-1", "", "an earlier one", "2026-01-01")
    path = journal_path(home(), "sandbox", name)
    journals.create(path, ended).save()
    with board(name) as running:
        page.open(running.url)
        page.until_text("#step", "The sandbox was started anew, and is empty")
        assert page.text("#link").endswith("live")
    path.unlink()


def test_a_page_whose_board_was_stopped_and_started_again_goes_on_by_itself(
    window: Browser, account: Account
) -> None:
    name = finished()
    with board(name) as running:
        _look(window, running)
        port = int(running.url.split(":")[2].partition("/")[0])
    window.until_text("#link", "trying again")
    with board(name, port=port) as again:
        window.until_text("#link", "live")
        seeing(again)
        snapshot = again.stream().next().data
        send(snapshot, ECHO, account)
        window.until_text("#reason", "200: the function answered")
        assert len(window.texts("#requests li button")) == 1


def test_a_page_too_many_says_so_and_goes_on_once_another_is_closed(page: Browser, account: Account) -> None:
    """The browser has six connections for one address, and each page that is open holds one."""
    name = finished("pages")
    with board(name) as running:
        first = page.driver.current_window_handle
        tabs = [first]
        for _ in range(MOST_PAGES):
            page.open(running.url)
            page.until_text("#link", "live")
            page.driver.switch_to.new_window("tab")
            tabs.append(page.driver.current_window_handle)
        page.open(running.url)
        page.until_text("#step", "5 pages of this board are open")
        assert page.text("#link").endswith("not connected")
        page.driver.switch_to.window(tabs[1])
        _ask(home(), name)
        page.until_text("#exercise-question", "Which?")
        page.driver.close()
        page.driver.switch_to.window(tabs.pop())
        page.until_text("#link", "live")
        page.until_text("#step", "All steps are done.")
        for each in tabs[2:]:
            page.driver.close()
            page.driver.switch_to.window(each)
        page.driver.close()
        page.driver.switch_to.window(first)


def test_a_screen_reader_is_told_the_step_the_reason_and_what_each_part_is(
    page: Browser, account: Account
) -> None:
    with board(finished()) as running:
        _look(page, running)
        tree = page.command("Accessibility.getFullAXTree")["nodes"]
    named = {(node.get("role", {}).get("value"), node.get("name", {}).get("value")) for node in tree}
    assert ("heading", "All steps are done.") in named
    assert ("heading", "API Gateway") in named
    assert ("heading", "Last requests") in named
    live = page.run("return [...document.querySelectorAll('[aria-live]')].map((each) => each.id)")
    assert live == ["step", "reason", "exercise"]


HIDDEN = "return document.querySelector('#exercise').hidden"


def test_a_drill_fills_the_page_makes_way_for_the_request_and_comes_back_with_the_reason(
    page: Browser, account: Account
) -> None:
    name = finished("paged")  # other tests leave a question open
    drill = ["-m", "lambda_over_https", "drill", "permission", "--predict", "b", "--yes", "--name", name]
    with board(name) as running:
        _look(page, running)
        assert page.run(HIDDEN)
        with subprocess.Popen([sys.executable, *drill], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            page.until_text("#requests", "✗ 500")
            page.until_text("#exercise-why", "Lambda refused API Gateway")
        assert page.text("#exercise-question") == "What will a caller get?"
        assert page.text("#exercise li.right").startswith("✓")
        assert "← predicted" in page.text("#exercise")
        assert not page.run(HIDDEN)
        page.press("Tab", "Tab")
        assert page.run("return document.activeElement.closest('main')") is None
        page.press("Escape")
        assert page.run(HIDDEN)


QUESTION = {
    "what": "question",
    "step": "",
    "exercise": "drill",
    "name": "x",
    "title": "t",
    "story": "s",
    "question": "Which?",
    "choices": [EVIL[0], "two", "three"],
}


def _ask(world: Path, name: str, **members: str) -> None:
    """Ask a question of the class, as a drill would."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    with (world / "deployments" / "sandbox" / name / "logbook.jsonl").open("a") as logbook:
        logbook.write(json.dumps({"at": at, **QUESTION, **members}) + "\n")


def test_the_presenter_counts_hands_with_the_keys(page: Browser, account: Account, world: Path) -> None:
    name = finished("hands")  # another test may have left a question of its own open
    with board(name) as running:
        _look(page, running)
        page.press("1")
        assert page.run(HIDDEN)
        _ask(world, name)
        page.until_text("#exercise-question", "Which?")
        page.press("2", "2", "1")
        assert page.texts("#exercise .hands") == ["1 hand", "2 hands"]
        assert EVIL[0] in page.text("#exercise li")
        page.press("0")
        assert page.texts("#exercise .hands") == []
        _ask(world, name, what="over")
        page.until(lambda: page.run(HIDDEN), "the end of the drill")


def test_a_page_that_is_paused_for_long_lets_only_so_many_events_wait(
    page: Browser, account: Account, world: Path
) -> None:
    name = finished()
    with board(name) as running:
        _look(page, running)
        page.press("p")
        for count in (300, 500):
            for number in range(300):
                _ask(world, name, question=f"{count} {number}?")
            page.until_text("#link", f"paused · {count} waiting")
        assert page.text("#link").endswith("earlier ones are skipped")
        page.press("p")
        page.until_text("#exercise-question", "500 299?")
        assert page.text("#link") == "live"


def test_a_burst_empties_the_bucket_and_what_was_throttled_is_counted(
    page: Browser, account: Account, name: str
) -> None:
    done("run", "--name", name, "--no-pause", "--yes")
    done("chapter", "on", "throttle", "--name", name, "--yes")
    with board(name) as running:
        snapshot = _look(page, running)
        assert page.texts("#gauges li") == []
        assert _part(page, "throttle")[0] == "part made added"
        statuses = [send(snapshot, ECHO, account) for _ in range(20)]
        assert 429 in statuses
        page.until_text("#gauges", f"{statuses.count(429)} throttled")
        page.until_text("#gauges", "3 of 3 tokens, 2 more a second")  # it fills while nobody asks
        tally = running.stream().next().data["tally"]
        assert tally["requests"] == 20
        assert tally["stopped"] == {"THROTTLED": statuses.count(429)}
        assert page.run(SIZE) == [1280, 720]
    done("teardown", "--name", name, "--yes")


def test_a_schedule_counts_down_to_its_next_time(page: Browser, account: Account, name: str) -> None:
    done("run", "--name", name, "--no-pause", "--yes")
    with board(name) as running:
        stream, _ = seeing(running)
        _look(page, running)
        done("chapter", "on", "schedule", "--name", name, "--yes")
        (schedule,) = stream.until("schedules").data["schedules"]
        left = datetime.fromisoformat(schedule["next"]) - datetime.now(UTC)
        assert left.total_seconds() <= 60
        page.until_text("#gauges", f"Schedule {schedule['name']}: fires")
        done("chapter", "off", "schedule", "--name", name, "--yes")
        page.until(lambda: page.text("#gauges") == "", "the end of the schedule")
    done("teardown", "--name", name, "--yes")
