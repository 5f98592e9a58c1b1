"""The walk: page, key, step."""

import io
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from lambda_over_https.cli.shared import finding
from lambda_over_https.deployment.handler.sources import bundled_source
from lambda_over_https.show.moving.keys import BEFORE
from lambda_over_https.show.moving.walk import WalkPages
from lambda_over_https.transcript.selection import effective
from lambda_over_https.tutorial.steps import STEPS
from tests.kit.program.learner import Typing
from tests.kit.program.lesson import calls_of, finished
from tests.kit.program.support import Account, done, loh
from tests.kit.program.walking import ENTER, away, walk


def _states(name: str) -> dict[str, str]:
    report = loh("status", "--name", name, "--json").json
    return {step["number"]: step["state"] for step in report["steps"]}


def test_the_first_page_comes_only_before_the_first_step(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "You will build" in walk(monkeypatch, name, ENTER * 2 + "q").err
    assert "You will build" not in walk(monkeypatch, name, "q").err
    away(name)


def test_the_step_that_packs_the_handler_shows_it(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done("run", "--no-pause", "--to", "1", "--name", name)
    said = walk(monkeypatch, name, "q").err
    assert (
        said.index("Step 2.1 (2 of 12)")
        < said.index("Create a deployment package")
        < said.index("def handler(event, context):")
    )
    assert "def answer(event):" in said
    assert "c whole file" in said
    assert re.search(r"Press c to see the whole file: \d+ lines", said)
    own = tmp_path / "own.py"
    own.write_text("def handler(event, context):\n    return 1\n")
    said = walk(monkeypatch, name, "q", "--source", str(own)).err
    assert "own.py\ndef handler(event, context):\n    return 1\n" in said
    assert "the whole file" not in said
    away(name)


def test_the_whole_walk_tells_each_step_and_ends_with_the_line_to_try(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = walk(monkeypatch, name, ENTER * 2 * len(STEPS))
    assert ran.code == 0
    for step in STEPS:
        assert re.search(rf"── Step {step.number} \(\d+ of 12\) ─+\n{re.escape(step.title)}\n", ran.err)
    assert ran.err.index("lambda_.create_function(") < ran.err.index("→ CreateFunction")
    assert f"aws dynamodb create-table \\\n    --table-name {name}-LambdaTable" in ran.err
    assert ran.err.count("over HTTPS\ncurl --cacert ") == 1
    assert ran.out.startswith("curl ")
    assert set(_states(name).values()) == {"done"}
    assert "\x1b" not in ran.err + ran.out
    away(name)


def test_q_leaves_with_the_state_safe_and_says_how_to_go_on(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = walk(monkeypatch, name, ENTER * 6 + "q")
    assert ran.code == 0
    assert f"loh run --name {name}" in ran.err
    assert [number for number, state in _states(name).items() if state == "done"] == ["1", "2.1", "2.2"]
    assert loh("run", "--no-pause", "--name", name).code == 0
    away(name)


def test_a_walk_that_goes_on_first_puts_right_what_was_taken_away_meanwhile(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    iam, role = account.client("iam"), f"{name}-lambda-gateway-execution-role"
    iam.delete_role_policy(RoleName=role, PolicyName=f"{name}-lambda-gateway-execution-policy")
    iam.delete_role(RoleName=role)
    ran = walk(monkeypatch, name, "q")
    assert ran.err.index(f"iam:role {role} created") < ran.err.index("Step 2.3 (4 of 12)")
    assert "is as it should be" not in ran.err
    assert iam.get_role(RoleName=role)["Role"]["RoleName"] == role
    away(name)


def test_the_end_of_the_input_leaves_too(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert walk(monkeypatch, name, ENTER * 3).code == 0
    assert _states(name)["2.1"] == "done"
    away(name)


def test_b_takes_the_last_step_back_and_comes_to_it_again(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = account.holdings()
    ran = walk(monkeypatch, name, ENTER * 6 + "b" + "q")
    assert ran.err.count("Step 2.2 (3 of 12)") == 2
    assert _states(name)["2.2"] == "pending"
    assert account.holdings() == before
    away(name)


def test_e_tells_more_and_c_shows_all_calls_and_answers(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = walk(monkeypatch, name, ENTER * 4 + "e" + "c" + ENTER + "c" + "q")
    assert "Two documents answer two questions." in ran.err.replace("\n", " ")
    assert "Answer of CreateRole (step 2.2)" in ran.err
    assert f'"RoleName": "{name}-lambda-gateway-execution-role"' in ran.err
    away(name)


def test_a_key_that_has_nothing_to_do_says_why(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = walk(monkeypatch, name, "btoyv" + ENTER * 2 + "c" + ENTER + "cyeq")
    said = " ".join(ran.err.split())
    for key, why in (
        ("b", "no step has been done that it could undo."),
        ("t", "it sends a real request, from step 2.3 on, when there is a function to answer it."),
        ("o", "it opens AWS's web console, which has no page for what is here."),
        ("v", "it shows the checks of step 3.7, after that step."),
        ("y", "this step makes nothing in AWS that you could make yourself."),
        ("y", "the step is done. b undoes it, and then y lets you do it yourself."),
    ):
        assert said.count(f"The key {key} does nothing here: {why}") == 1
    assert "def as_json(value):" in ran.err  # c shows the whole handler in 2.1
    assert "so there is no answer to show" in said
    assert "Runtime.ImportModuleError" in ran.err  # what e tells of 2.1, after it was done
    away(name)


def test_c_and_e_are_offered_only_where_they_show_something_new(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = walk(monkeypatch, name, "ce" + ENTER + "eq")
    said = " ".join(ran.err.split())
    assert said.count("The key c does nothing here: all calls are on the page") == 1
    assert said.count("The key e does nothing here: you have read it above") == 1
    lines = [line for line in ran.err.splitlines() if line.endswith("q quit")]
    assert lines[0] == "Enter do it · e more · q quit"
    assert lines[-1] == "Enter go on · b back to 1 · c answers · q quit"
    assert "b undo 2.2 · e more · c answers · q quit" in walk(monkeypatch, name, ENTER * 3 + "q").err
    away(name)


def test_to_ends_the_walk_there(account: Account, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = walk(monkeypatch, name, ENTER * 9, "--to", "2.2")
    assert ran.code == 0
    assert "Step 2.3 (" not in ran.err
    told = " ".join(ran.err.split())
    assert "Stopped after step 2.2, as --to says. Step 2.3 comes next." in told
    assert told.endswith(f"Continue with: loh run --name {name}")
    again = walk(monkeypatch, name, ENTER * 9, "--to", "2.2")  # it is done already
    assert "as --to says" in again.err
    assert _states(name)["2.3"] == "pending"
    assert "as --to says" in done("run", "--no-pause", "--to", "2.3", "--name", name).err
    assert "as --to says" not in done("run", "--no-pause", "--to", "3.7", "--name", name).err
    away(name)


def test_where_every_step_is_done_run_still_brings_a_changed_source(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "handler.py"
    source.write_text(bundled_source("python").read_text())
    assert loh("run", "--no-pause", "--name", name, "--source", str(source)).code == 0
    source.write_text(source.read_text() + "\n# changed\n")
    ran = walk(monkeypatch, name, "")
    assert "lambda:function" in ran.err
    assert "updated" in ran.err
    assert ran.out.startswith("curl ")
    away(name)


@pytest.mark.parametrize("width", [60, 80])
def test_running_text_and_picture_keep_to_a_narrow_window(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch, width: int, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    short = tmp_path / "short.py"
    short.write_text("def handler(event, context):\n    return event\n")
    ran = walk(monkeypatch, name, ENTER * 2 + "e" + "q", "--source", str(short))
    told = [line for line in ran.err.splitlines() if "arn:" not in line and "loh " not in line]
    assert max(map(len, told)) <= width
    away(name)


def test_after_2_3_c_shows_the_event_of_our_own_test_and_its_answer_and_not_what_t_tried(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    ran = walk(monkeypatch, name, ENTER + "t" + "c" + "q")
    sent, _, answered = ran.err.partition("Sent with Invoke (step 2.3)")[2].partition("Answer of Invoke")
    assert '"operation": "echo"' in sent
    assert answered.startswith(" (step 2.3)\n{\n")
    assert '"Payload": {\n    "somekey1": "somevalue1",' in answered
    assert f'"TABLE_NAME": "{name}-LambdaTable"' in ran.err
    assert "Invoke (step )" not in ran.err
    assert "<hidden>" not in ran.err
    away(name)


def test_c_shows_only_the_calls_and_says_what_shows_the_step_as_code(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", name)
    shown = walk(monkeypatch, name, "cq").err
    for language, sign in (("sam", "AWS::IAM::Role"), ("terraform", 'resource "aws_iam_role" "manager"')):
        assert f"`loh explain 2.2 --as {language} --name {name}`" in shown
        assert sign not in shown
        assert sign in done("explain", "2.2", "--as", language, "--name", name).out
    done("undo", "--yes", "--name", name)
    done("undo", "--yes", "--name", name)
    assert "`loh explain" not in walk(monkeypatch, name, "cq").err  # step 1 makes nothing
    away(name)


def test_after_step_1_c_shows_the_answer_that_it_got(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = walk(monkeypatch, name, ENTER + "c" + "q")
    assert "Answer of GetCallerIdentity (step 1)" in ran.err
    assert '"Account": "123456789012"' in ran.err
    away(name)


STEPS_THAT_FILL_A_PAGE = ("2.2", "2.3", "3.4", "3.6", "3.7")


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (60, 24), (100, 40)])
def test_heading_and_keys_are_in_view_together_in_every_window(
    account: Account, columns: int, rows: int
) -> None:
    """Shown without doing it: each step's page of a finished deployment, as its calls were."""
    name = finished()
    out = Console(width=columns, height=rows, file=io.StringIO(), force_terminal=True, highlight=False)
    for number in STEPS_THAT_FILL_A_PAGE:
        step, pages = finding.find_step(number), WalkPages(out)
        pages.page(step, "Step n of 12", effective(calls_of(name), [number]))
        pages.ask(number, BEFORE)
    said = re.sub(r"\x1b\[[0-9;]*m", "", out.file.getvalue())  # type: ignore[attr-defined]
    for following in said.split("Step n of 12")[1:]:
        page, end, _ = following.partition("q quit")
        assert end, following
        taken = sum(max(1, -(-len(line) // columns)) for line in page.split("\n"))
        assert taken < rows, page  # the cursor needs a row too


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
    away(name)


def test_the_test_shows_each_request_and_answer_and_folds_the_checks(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "3.6", "--name", name)
    ran = walk(monkeypatch, name, ENTER + "v" + "c" + ENTER)
    before, _, after = ran.err.partition("18 checks passed")
    for operation in ("create", "read", "update", "list", "delete"):
        assert f"\n{operation}" in before
    assert before.count('"name": "Bob"') > 3  # as the client sent it, and as it came back
    assert after.count("test-invoke-method ") == 6
    said = " ".join(after.split())
    assert '"payload": {"Item": {"name": "Bob"}}} 400 {"message": "[BadRequest] Val' in said
    assert after.count("by https: the event, and the answer with status 200") == 6
    assert "<hidden>" not in after
    assert "Ready." in ran.err
    assert f"Or with a mistake, no Id, to see HTTP 400: loh call create name=Bob --name {name}" in said
    away(name)


def test_t_tries_it_before_and_after_the_permission(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "3.5", "--name", name)
    ran = walk(monkeypatch, name, "t" + ENTER + "t" + "q")
    before, _, after = ran.err.partition("AddPermission           ")
    assert "HTTP 500" in before
    assert "client ─▶ API Gateway ✗ Lambda ╌ DynamoDB" in before
    assert "that is what step 3.6 grants" in before
    assert "client ─▶ API Gateway ─▶ Lambda ─▶ DynamoDB" in after
    assert "HTTP 200" in after
    away(name)


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
    away(name)


def test_t_invokes_the_function_while_there_is_no_api(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.3", "--name", name)
    ran = walk(monkeypatch, name, "tq")
    assert "you, with AWS keys ─▶ Lambda" in ran.err
    assert "somevalue1" in ran.err
    done("run", "--no-pause", "--to", "3.1", "--name", name)
    told = " ".join(walk(monkeypatch, name, "tq").err.split())
    assert "The request went directly to Lambda, signed with AWS keys, because the API has no stage" in told
    assert "From step 3.5 on, t sends it over HTTPS" in told
    away(name)


def test_the_page_of_a_chapter_says_that_the_chapter_is_not_on_yet(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--name", name)
    for key in ("q", ENTER):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{key}\n"))
        page = loh("chapter", "on", "throttle", "--pause", "--name", name).err
        assert "\nnot on yet: Enter switches it on ·" in page
    monkeypatch.setattr(sys, "stdin", io.StringIO("q\n"))
    assert "on already: Enter checks it ·" in loh("chapter", "on", "throttle", "--pause", "--name", name).err
    assert "At a terminal it explains the chapter first" in done("chapter", "list", "--name", name).err
    away(name)
