"""The walk: page, key, step; on a terminal by single keys, elsewhere by lines."""

import io
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from lambda_over_https.cli import shared
from lambda_over_https.deployment.sources import bundled_source
from lambda_over_https.show.moving.walk import BEFORE, WalkPages
from lambda_over_https.transcript.selection import effective
from lambda_over_https.tutorial.steps import STEPS
from tests.kit.learner import Typing
from tests.kit.lesson import calls_of, finished
from tests.kit.support import Account, Ran, done, loh
from tests.kit.terminal import Terminal

ENTER = "\n"


def _walk(monkeypatch: pytest.MonkeyPatch, name: str, keys: str, *more: str) -> Ran:
    """Walk with these keys, each on a line of standard input."""
    monkeypatch.setattr(
        sys, "stdin", io.StringIO("".join(f"{key}\n" if key != ENTER else key for key in keys))
    )
    return loh("run", "--pause", "--name", name, *more)


def _states(name: str) -> dict[str, str]:
    report = loh("status", "--name", name, "--json").json
    return {step["number"]: step["state"] for step in report["steps"]}


def _away(name: str) -> None:
    assert loh("teardown", "--yes", "--name", name).code == 0


def _begun(name: str, columns: int = 100, rows: int = 40) -> Terminal:
    """The walk on a terminal, from its first page to that of step 1."""
    terminal = Terminal("run", "--name", name, columns=columns, rows=rows)
    terminal.until(" quit")
    terminal.press("\r")
    return terminal


@pytest.mark.parametrize(("columns", "rows"), [(60, 20), (80, 24), (120, 50)])
def test_the_first_page_tells_the_goal_in_one_window(
    account: Account, name: str, columns: int, rows: int
) -> None:
    terminal = Terminal("run", "--name", name, columns=columns, rows=rows)
    page = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.until(" quit"))
    terminal.press("q")
    terminal.until("Nothing was made. Begin with: loh run")
    assert terminal.end() == 0
    told = page[page.index("You will build") :]
    assert len(told.splitlines()) < rows
    for words in (
        "DynamoDB",
        "client",
        "○ permission",
        "○ is not there yet, ● is.",
        "20 minutes",
        "loh teardown",
        "begin",
    ):
        assert words in " ".join(told.split())


def test_the_first_page_comes_only_before_the_first_step(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "You will build" in _walk(monkeypatch, name, ENTER * 2 + "q").err
    assert "You will build" not in _walk(monkeypatch, name, "q").err
    _away(name)


def test_the_step_that_packs_the_handler_shows_it(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done("run", "--no-pause", "--to", "1", "--name", name)
    said = _walk(monkeypatch, name, "q").err
    assert said.index("2.1  Create a deployment package") < said.index("def handler(event, context):")
    assert "def answer(event):" in said
    assert re.search(r"c shows the whole file: \d+ lines", said)
    own = tmp_path / "own.py"
    own.write_text("def handler(event, context):\n    return 1\n")
    said = _walk(monkeypatch, name, "q", "--source", str(own)).err
    assert "own.py\ndef handler(event, context):\n    return 1\n" in said
    assert "c shows the whole file" not in said
    _away(name)


def test_the_whole_walk_tells_each_step_and_ends_with_the_line_to_try(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _walk(monkeypatch, name, ENTER * 2 * len(STEPS))
    assert ran.code == 0
    for step in STEPS:
        assert f"{step.number}  {step.title}" in ran.err
    assert ran.err.index("lambda_.create_function(") < ran.err.index("→ CreateFunction")
    assert f"aws dynamodb create-table \\\n    --table-name {name}-LambdaTable" in ran.err
    assert ran.err.count("over HTTPS\ncurl \\\n    --cacert ") == 1
    assert ran.out.startswith("curl ")
    assert set(_states(name).values()) == {"done"}
    assert "\x1b" not in ran.err + ran.out
    _away(name)


def test_q_leaves_with_the_state_safe_and_says_how_to_go_on(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _walk(monkeypatch, name, ENTER * 6 + "q")
    assert ran.code == 0
    assert f"loh run --name {name}" in ran.err
    assert [number for number, state in _states(name).items() if state == "done"] == ["1", "2.1", "2.2"]
    assert loh("run", "--no-pause", "--name", name).code == 0
    _away(name)


def test_a_walk_that_goes_on_first_puts_right_what_was_taken_away_meanwhile(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    iam, role = account.client("iam"), f"{name}-lambda-gateway-execution-role"
    iam.delete_role_policy(RoleName=role, PolicyName=f"{name}-lambda-gateway-execution-policy")
    iam.delete_role(RoleName=role)
    ran = _walk(monkeypatch, name, "q")
    assert ran.err.index(f"iam:role {role} created") < ran.err.index("2.3  Create the function")
    assert "is as it should be" not in ran.err
    assert iam.get_role(RoleName=role)["Role"]["RoleName"] == role
    _away(name)


def test_the_end_of_the_input_leaves_too(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _walk(monkeypatch, name, ENTER * 3).code == 0
    assert _states(name)["2.1"] == "done"
    _away(name)


def test_b_takes_the_last_step_back_and_comes_to_it_again(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = account.holdings()
    ran = _walk(monkeypatch, name, ENTER * 6 + "b" + "q")
    assert ran.err.count("2.2  Create the execution role") == 2
    assert _states(name)["2.2"] == "pending"
    assert account.holdings() == before
    _away(name)


def test_e_tells_more_and_c_shows_all_calls_and_answers(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _walk(monkeypatch, name, ENTER * 4 + "e" + "c" + ENTER + "c" + "q")
    assert "Two documents answer two questions." in ran.err.replace("\n", " ")
    assert "Answer of CreateRole (step 2.2)" in ran.err
    assert f'"RoleName": "{name}-lambda-gateway-execution-role"' in ran.err
    _away(name)


def test_a_key_that_has_nothing_to_do_says_so(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _walk(monkeypatch, name, "bto" + ENTER * 2 + "c" + ENTER + "ceq")
    for key in "bto":  # nothing to undo, no function to try, no web console
        assert ran.err.count(f"The key {key} does nothing here.") == 1
    assert "def as_json(value):" in ran.err  # c shows the whole handler in 2.1
    assert "there is no answer to show" in ran.err
    assert "Runtime.ImportModuleError" in ran.err  # what e tells of 2.1, after it was done
    _away(name)


def test_to_ends_the_walk_there(account: Account, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _walk(monkeypatch, name, ENTER * 9, "--to", "2.2")
    assert ran.code == 0
    assert "2.3  Create" not in ran.err
    _away(name)


def test_where_every_step_is_done_run_still_brings_a_changed_source(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "handler.py"
    source.write_text(bundled_source("python").read_text())
    assert loh("run", "--no-pause", "--name", name, "--source", str(source)).code == 0
    source.write_text(source.read_text() + "\n# changed\n")
    ran = _walk(monkeypatch, name, "")
    assert "lambda:function" in ran.err
    assert "updated" in ran.err
    assert ran.out.startswith("curl ")
    _away(name)


@pytest.mark.parametrize("width", [60, 80])
def test_running_text_and_picture_keep_to_a_narrow_window(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch, width: int, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    short = tmp_path / "short.py"
    short.write_text("def handler(event, context):\n    return event\n")
    ran = _walk(monkeypatch, name, ENTER * 2 + "e" + "q", "--source", str(short))
    told = [line for line in ran.err.splitlines() if "arn:" not in line and "loh " not in line]
    assert max(map(len, told)) <= width
    _away(name)


def test_a_single_key_is_enough_on_a_terminal_and_code_is_in_colour(account: Account, name: str) -> None:
    terminal = _begun(name)
    page = terminal.until(" do it")
    assert "step 1 of 12" in page
    terminal.press("\r")
    terminal.until(" go on")
    terminal.press(" ")
    terminal.until("2.1")
    terminal.until(" quit")
    terminal.press("q")
    terminal.until("Continue with: loh run")
    assert terminal.end() == 0
    _away(name)


def test_c_shows_only_the_calls_and_says_what_shows_the_step_as_code(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", name)
    shown = _walk(monkeypatch, name, "cq").err
    for language, sign in (("sam", "AWS::IAM::Role"), ("terraform", 'resource "aws_iam_role" "manager"')):
        assert f"`loh explain 2.2 --as {language} --name {name}`" in shown
        assert sign not in shown
        assert sign in done("explain", "2.2", "--as", language, "--name", name).out
    _away(name)


def test_after_step_1_c_shows_the_answer_that_it_got(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _walk(monkeypatch, name, ENTER + "c" + "q")
    assert "Answer of GetCallerIdentity (step 1)" in ran.err
    assert '"Account": "123456789012"' in ran.err
    _away(name)


@pytest.mark.parametrize(("variable", "colour"), [("NO_COLOR", False), ("NOTHING_OF_THE_KIND", True)])
def test_no_color_is_honoured(account: Account, name: str, variable: str, colour: bool) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = Terminal("run", "--name", name, columns=100, rows=40, **{variable: "1"})
    page = terminal.until(" quit")
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]m", page)) is colour
    assert "lambda_.create_function(" in re.sub(r"\x1b\[[0-9;]*m", "", page)
    terminal.press("q")
    assert terminal.end() == 0
    _away(name)


def test_a_page_fits_a_projector_of_forty_rows(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = Terminal("run", "--name", name, columns=80, rows=40)
    terminal.until("step 4 of 12")
    page = terminal.until(" quit")
    assert len(page.splitlines()) < 40
    assert "--function-name" in page
    terminal.press("q")
    assert terminal.end() == 0
    _away(name)


STEPS_THAT_FILL_A_PAGE = ("2.2", "2.3", "3.4", "3.6", "3.7")


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (60, 24), (100, 40)])
def test_heading_and_keys_are_in_view_together_in_every_window(
    account: Account, columns: int, rows: int
) -> None:
    """Shown without doing it: each step's page of a finished deployment, as its calls were."""
    name = finished()
    out = Console(width=columns, height=rows, file=io.StringIO(), force_terminal=True, highlight=False)
    for number in STEPS_THAT_FILL_A_PAGE:
        step, pages = shared.find_step(number), WalkPages(out)
        pages.page(step, "step n of 12", effective(calls_of(name), [number]))
        pages.ask(number, BEFORE)
    said = re.sub(r"\x1b\[[0-9;]*m", "", out.file.getvalue())  # type: ignore[attr-defined]
    for following in said.split("step n of 12")[1:]:
        page, end, _ = following.partition("q quit")
        assert end, following
        taken = sum(max(1, -(-len(line) // columns)) for line in page.split("\n"))
        assert taken < rows, page  # the cursor needs a row too


def test_what_is_longer_than_the_window_comes_a_window_at_a_time(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = Terminal("run", "--name", name, columns=80, rows=24)
    terminal.until(" quit")
    terminal.press("c")
    assert "create_log_group" in terminal.until(" stop")
    terminal.press("\r")
    _, _, window = terminal.until(" stop").rpartition("\x1b[1A\x1b[2K")  # the first question goes
    assert len(window.splitlines()) <= 24
    terminal.press("q")
    assert "invoke" not in terminal.until(" quit")
    terminal.press("q")
    assert terminal.end() == 0
    _away(name)


def test_q_after_the_last_window_leaves_the_text_and_not_the_walk(account: Account, name: str) -> None:
    terminal = _begun(name, columns=80, rows=40)
    terminal.until(" quit")
    terminal.press("c")
    terminal.until("get-caller-identity")
    terminal.until(" back")
    terminal.press("q")
    terminal.until(" quit")
    terminal.press("q")
    assert terminal.end() == 0


def test_a_question_that_was_answered_goes_from_a_terminal_and_stays_in_a_file(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _walk(monkeypatch, name, "eq").err.count("q quit") == 2
    terminal = _begun(name, columns=80, rows=24)
    terminal.until(" quit")
    terminal.press("e")
    assert terminal.until("GetCallerIdentity").count("\x1b[1A\x1b[2K") == 1
    terminal.until(" quit")
    terminal.press("q")
    assert terminal.end() == 0


def test_a_dumb_terminal_gets_no_control_sequences(account: Account, name: str) -> None:
    terminal = Terminal("run", "--name", name, columns=80, rows=24, TERM="dumb")
    said = terminal.until(" quit")
    terminal.press("\r")
    said += terminal.until(" quit")
    terminal.press("q")
    assert terminal.end() == 0
    assert "\x1b" not in said
    _away(name)


def test_control_c_leaves_like_an_interruption(account: Account, name: str, world: Path) -> None:
    terminal = Terminal("run", "--name", name, columns=80, rows=40)
    terminal.until(" quit")
    terminal.press("\x03")
    assert terminal.end() == 130
    assert loh("run", "--no-pause", "--to", "2.1", "--name", name).code == 0
    _away(name)


def test_next_and_undo_say_as_json_what_they_did_and_what_comes_now(account: Account, name: str) -> None:
    assert [loh("next", "--name", name, "--json").json["step"]["number"] for _ in range(3)] == [
        "1",
        "2.1",
        "2.2",
    ]
    said = loh("undo", "--name", name, "--json").json
    role = {"number": "2.2", "name": "role", "title": "Create the execution role"}
    assert said == {"step": role, "next": role}
    done("run", "--no-pause", "--name", name)
    assert loh("next", "--name", name, "--json").json == {"step": None, "next": None}
    _away(name)


def test_keys_pressed_before_a_page_is_shown_are_dropped(account: Account, name: str) -> None:
    """Ten times Enter made four steps that nobody had read."""
    terminal = _begun(name)
    terminal.until(" do it")
    terminal.press("\r" * 10)
    terminal.until(" go on")
    terminal.press("q")
    assert terminal.end() == 0
    states = {each["number"]: each["state"] for each in loh("steps", "--name", name, "--json").json["steps"]}
    assert (states["1"], states["2.1"]) == ("done", "pending")
    _away(name)


@pytest.mark.parametrize(("key", "said"), [("?", "more"), ("x", "The key x does nothing here")])
def test_a_key_that_does_nothing_shows_what_the_keys_do(
    account: Account, name: str, key: str, said: str
) -> None:
    terminal = _begun(name)
    terminal.until(" quit")
    terminal.press(key)
    shown = terminal.until(" quit")
    assert said in shown
    assert re.search(r"Enter\S* +\S*do it", re.sub(r"\x1b\[[0-9;]*m", "", shown))
    terminal.press("q")
    assert terminal.end() == 0
    _away(name)


def test_the_escape_key_alone_does_not_wait_for_another(account: Account, name: str) -> None:
    terminal = _begun(name)
    terminal.until(" quit")
    terminal.press("\x1b")
    terminal.until("does nothing here")
    terminal.until(" do it")
    terminal.press("\x1b[A")
    terminal.until("does nothing here")
    terminal.until(" do it")
    terminal.press("q")
    assert terminal.end() == 0
    _away(name)


def test_a_yes_that_was_typed_before_the_question_is_none(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = Terminal("teardown", "--name", name, columns=100, rows=40)
    terminal.press("y\ny\n")
    terminal.until("Remove all of this?")
    terminal.press("n\n")
    assert "Error" not in terminal.until("Nothing was changed.")
    assert terminal.end() == 130
    assert account.of(name)
    _away(name)


def test_the_test_shows_each_request_and_answer_and_folds_the_checks(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "3.6", "--name", name)
    ran = _walk(monkeypatch, name, ENTER + "v" + ENTER)
    before, _, after = ran.err.partition("18 checks passed")
    for operation in ("create", "read", "update", "list", "delete"):
        assert f"\n{operation}" in before
    assert before.count('"name": "Bob"') > 3  # as the client sent it, and as it came back
    assert after.count("test-invoke-method") == 1 + 6
    assert "Ready." in ran.err
    _away(name)


def test_t_tries_it_before_and_after_the_permission(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "3.5", "--name", name)
    ran = _walk(monkeypatch, name, "t" + ENTER + "t" + "q")
    before, _, after = ran.err.partition("AddPermission           ")
    assert "HTTP 500" in before
    assert "client ─▶ API Gateway ✗ Lambda ╌ DynamoDB" in before
    assert "that is what step 3.6 grants" in before
    assert "client ─▶ API Gateway ─▶ Lambda ─▶ DynamoDB" in after
    assert "HTTP 200" in after
    _away(name)


def test_a_key_that_fails_says_so_and_the_walk_goes_on(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.3", "--name", name)

    def t_after_somebody_has_deleted_the_function() -> str:
        account.client("lambda").delete_function(FunctionName=f"{name}-LambdaFunctionOverHttps")
        return "t"

    monkeypatch.setattr(sys, "stdin", Typing([t_after_somebody_has_deleted_the_function, "q"]))
    ran = loh("run", "--pause", "--name", name)
    assert ran.code == 0, ran.err
    failed = ran.err.index("Error: AWS refused Invoke: ResourceNotFoundException")
    assert failed < ran.err.index("q quit", failed) < ran.err.index("Stopped; what was made is recorded.")
    _away(name)


def test_b_says_what_it_undoes_and_asks_before_a_step_too(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    terminal = Terminal("run", "--name", name, columns=100, rows=40, NO_COLOR="1")
    terminal.until(" undo 2.2")
    terminal.until(" quit")
    terminal.press("b")
    assert f"{name}-lambda-gateway-execution-role" in terminal.until("Remove all of this?")
    terminal.press("n\n")
    terminal.until("Nothing was changed.")
    terminal.until(" quit")
    assert _states(name)["2.2"] == "done"
    terminal.press("b")
    terminal.until("Remove all of this?")
    terminal.press("y\n")
    terminal.until(" undo 2.1")
    terminal.until(" quit")
    assert _states(name)["2.2"] == "pending"
    terminal.press("q")
    assert terminal.end() == 0
    _away(name)


def test_what_makes_nothing_is_undone_without_a_question(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "1", "--name", name)
    terminal = Terminal("undo", "--name", name, columns=100, rows=40)
    assert "Remove all of this?" not in terminal.until("is undone")
    assert terminal.end() == 0
    _away(name)


def test_t_invokes_the_function_while_there_is_no_api(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.3", "--name", name)
    ran = _walk(monkeypatch, name, "tq")
    assert "you, with AWS keys ─▶ Lambda" in ran.err
    assert "somevalue1" in ran.err
    _away(name)
