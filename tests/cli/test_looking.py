"""Looking at a deployment and using it: status, call, logs, watch."""

import re
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from lambda_over_https.deployment.deployments import known_journal
from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.report.picture import picture_of
from lambda_over_https.report.status import status_report
from lambda_over_https.settings import Settings
from lambda_over_https.show.status import print_status
from lambda_over_https.states import StepState
from lambda_over_https.tutorial.logs import Line, of_request, request_in, started_between
from tests.kit.program.forks import Run, Zygote
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, done, loh, use_keys

REQUEST = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_status_shows_steps_picture_things_cost_and_a_line_to_paste(account: Account) -> None:
    said = loh("status", "--name", finished()).out
    assert "3.6  Grant permission to invoke" in said
    assert "● /DynamoDBManager" in said
    assert "less than a minute old" in said or "minutes old" in said or "minute old" in said
    assert "Costs nothing on this machine." in said
    assert re.search(r"^curl --cacert \S+ -X POST -d '\{.*\}' -w '\\n' https://", said, re.MULTILINE)


@pytest.mark.parametrize(("columns", "rows"), [(60, 20), (80, 24), (120, 50)])
def test_the_last_screen_of_status_holds_the_picture_and_the_next_command(
    account: Account, monkeypatch: pytest.MonkeyPatch, columns: int, rows: int
) -> None:
    for variable, value in (("COLUMNS", columns), ("LINES", rows), ("FORCE_COLOR", 1)):
        monkeypatch.setenv(variable, str(value))
    monkeypatch.setenv("TERM", "dumb")
    said = loh("status", "--name", finished()).out.splitlines()
    words = (line.strip().removeprefix("POST ").removesuffix(" \\") for line in said if len(line) > columns)
    assert [each for each in words if " " in each] == [], "only a single word may be longer"
    seen = "\n".join(said[1 - rows :])
    for part in (
        "client",
        "API Gateway",
        "● permission",
        "DynamoDB",
        "As recorded",
        "\nNext: `loh call list",
    ):
        assert part in seen


def test_status_folds_resources_to_a_line_for_each_service_and_all_unfolds_them(account: Account) -> None:
    folded, name = loh("status", "--name", finished()).out, finished()
    assert re.search(r"^lambda +function, 2 permissions$", folded, re.MULTILINE)
    assert f"{name}-LambdaFunctionOverHttps" not in folded
    assert f"{name}-LambdaFunctionOverHttps" in loh("status", "--all", "--name", name).out


def test_status_names_the_step_that_comes_next(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", name)
    last = loh("status", "--name", name).out.splitlines()[-1]
    assert last == f"Next: `loh run --name {name}` goes on with step 2.2, Create the execution role."
    done("teardown", "--yes", "--name", name)


def test_status_of_a_handler_of_ones_own_names_only_what_that_one_understands(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded = known_journal(Settings(name=finished()))
    state = replace(recorded.state, choices={**recorded.state.choices, "source": "/my_handler.py"})
    report = status_report(journals.Journal(recorded.path, state), ended=False)
    print_status(report, picture_of(state))
    said = " ".join(capsys.readouterr().out.split())
    assert f"""Next: `loh call '{{"name": "Bob"}}' --name {finished()}` sends a request""" in said
    assert '-d \'{"name": "Bob"}\' -w' in said
    assert "A client gets the answer of your own handler." in said
    assert "loh chapter list" in said
    assert "from the table" not in said
    assert "call list" not in said


def test_status_says_where_if_somebody_else_serves_awss_api(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, account.sandbox)
    url = account.sandbox.endpoint_url
    where = ("--name", name, "--region", "us-east-1", "--endpoint-url", url)
    assert f"({url})" in loh("run", "--no-pause", "--yes", "--to", "2.1", *where).err
    assert f"{name} ({url}, account" in loh("status", *where).out
    assert loh("teardown", "--yes", *where).code == 0


def test_an_old_deployment_is_reminded_of(account: Account, name: str, world: Path) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", name)
    (path,) = world.glob(f"deployments/*/{name}/journal.json")
    found = journals.load(path)
    assert found
    created = replace(found.deployment, created="2026-01-05T10:00:00+00:00")
    journals.Journal(path, replace(found.state, deployment=created)).step("3.7", StepState.FAILED)
    ran = loh("status", "--name", name, "--json")
    assert f"loh teardown --name {name}" in ran.json["reminder"]
    assert "days old" in loh("status", "--name", name).out
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_the_picture_is_in_the_document_too(account: Account) -> None:
    picture = loh("status", "--name", finished(), "--json").json["picture"]
    assert picture["reaches"] == [True, True, True]
    assert picture["boxes"][0]["title"] == "API Gateway"


def test_settings_say_where_each_value_came_from(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMBDA_OVER_HTTPS_REGION", "eu-west-1")
    report = loh("status", "--settings", "--name", "alice", "--json").json["settings"]
    told = {each["name"]: (each["value"], each["source"]) for each in report}
    assert told["name"] == ("alice", "flag")
    assert told["region"] == ("eu-west-1", "environment")
    assert told["target"] == ("sandbox", "default")
    assert told["home"][1] == "environment"
    assert "LAMBDA_OVER_HTTPS_REGION" in loh("status", "--settings").out


@pytest.mark.parametrize("via", ["https", "test-invoke-method", "invoke"])
def test_a_call_shows_the_functions_lines_of_this_very_request(account: Account, via: str) -> None:
    name = finished()
    marker = f"nonsense-{time.time_ns()}"
    report = loh("call", marker, "--via", via, "--name", name, "--json").json
    assert REQUEST.fullmatch(report["request_id"])
    assert report["log"][0].startswith(f"START RequestId: {report['request_id']}")
    assert report["log"][-1].startswith(f"REPORT RequestId: {report['request_id']}")
    assert any("[BadRequest]" in line for line in report["log"])


def test_a_call_tells_request_answer_headers_status_and_time(account: Account) -> None:
    ran = loh("call", "create", "--item", '{"Id":"seen","name":"Bob"}', "--name", finished())
    assert ran.code == 0
    assert ran.out == "{}\n"
    assert re.search(r"^curl .*\"operation\": \"create\"", ran.err, re.MULTILINE)
    assert "POST https://" in ran.err
    assert re.search(r"HTTP 200 in [0-9.]+ ms", ran.err)
    assert "x-amzn-requestid: " in ran.err.lower()
    assert "REPORT RequestId" in ran.err
    assert loh("call", "delete", "--key", "seen", "--name", "lesson").code == 0


def test_a_whole_event_can_be_sent(account: Account) -> None:
    ran = loh("call", "--event", '{"operation":"echo","payload":{"a":1}}', "--name", finished(), "--no-log")
    assert ran.out == '{"a": 1}\n'
    assert "START" not in ran.err


@pytest.mark.parametrize(
    "arguments",
    [["call"], ["call", "ping", "{"], ["call", "ping", "[]"], ["call", "ping", "--via", "post"]],
)
def test_wrong_usage_of_call_is_told(account: Account, arguments: list[str]) -> None:
    assert loh(*arguments, "--name", finished()).code == 2


def test_logs_show_what_the_function_printed_and_can_be_narrowed_to_a_request(account: Account) -> None:
    name = finished()
    request = loh("call", "ping", "--name", name, "--json").json["request_id"]
    assert f"START RequestId: {request}" in loh("logs", "--name", name).out
    lines = loh("logs", "--name", name, "--request", request, "--json").json["lines"]
    assert all(request in line["text"] for line in lines)
    assert lines[0]["text"].startswith("START")


def test_where_there_are_no_lines_that_is_said_with_how_to_look_further(account: Account) -> None:
    ran = loh("logs", "--name", finished(), "--request", "of-nobody")
    assert (ran.code, ran.out) == (0, "")
    assert "No log lines for the request of-nobody in the last 60 minutes" in ran.err


def _until(run: Run, words: str, stream: str = "out", within: float = 60) -> str:
    """Wait until the run has said these words."""
    end = time.monotonic() + within
    while words not in (said := _said(run, stream)):
        assert time.monotonic() < end, f"{words!r} does not come: {said}"
        time.sleep(0.02)
    return said


def _said(run: Run, stream: str) -> str:
    path = run.folder / stream
    return path.read_text() if path.exists() else ""


def test_logs_can_be_followed_and_control_c_ends_that_quietly(account: Account, zygote: Zygote) -> None:
    """Its output goes into a file: also there each line is seen as it comes."""
    name = finished()
    run = zygote.start("logs", "--follow", "--name", name)
    _until(run, "REPORT")
    request = loh("call", "ping", "--name", name, "--json").json["request_id"]
    _until(run, f"REPORT RequestId: {request}")
    run.kill(signal.SIGINT)
    ended = run.end()
    assert ended.code == 0
    assert ended.out.count(f"START RequestId: {request}") == 1


def test_watch_runs_the_new_code_at_the_next_request(
    account: Account, zygote: Zygote, name: str, tmp_path: Path
) -> None:
    source = tmp_path / "handler.py"
    source.write_text('def handler(event, context):\n    return event["payload"]\n')
    assert loh("run", "--no-pause", "--to", "2.3", "--name", name, "--source", str(source)).code == 0
    run = zygote.start("watch", "--name", name)
    _until(run, "Watching", "err")
    new = 'event["payload"] if event["operation"] == "echo" else "new"'
    source.write_text(f"def handler(event, context):\n    return {new}\n")
    _until(run, "the next request runs the new code", "err")
    assert loh("call", "ping", "--via", "invoke", "--name", name, "--no-log").out == '"new"\n'
    source.write_text("def handler(event, context:\n")
    _until(run, f"{source}, line 1: '(' was never closed.", "err")
    source.write_text('def handler(event, context):\n    return event["payload"]\n')
    end = time.monotonic() + 60
    while _said(run, "err").count("the next request runs the new code") < 2:
        assert time.monotonic() < end, _said(run, "err")
        time.sleep(0.02)
    run.kill(signal.SIGINT)
    assert run.end().code == 0
    assert loh("teardown", "--yes", "--name", name).code == 0


def _line(at: int, text: str, stream: str = "s") -> Line:
    return Line(at, stream, text, f"{at}{text}")


LINES = [
    _line(10, "START RequestId: a Version: 1"),
    _line(11, "START RequestId: b Version: 1", "t"),
    _line(12, "printed by a"),
    _line(13, "printed by b", "t"),
    _line(14, "REPORT RequestId: a  Duration"),
    _line(15, "REPORT RequestId: b  Duration", "t"),
    _line(16, "START RequestId: c Version: 1"),
]


def test_lines_of_requests_side_by_side_are_told_apart() -> None:
    assert [line.at for line in of_request(LINES, "a")] == [10, 12, 14]
    assert [line.at for line in of_request(LINES, "b")] == [11, 13, 15]


def test_a_request_that_has_not_ended_has_no_lines_yet() -> None:
    assert of_request(LINES, "c") == []
    assert of_request(LINES, "unknown") == []


def test_the_request_that_began_while_we_waited_comes_first() -> None:
    assert started_between(LINES, 11, 12) == ["b", "a", "c"]
    assert started_between(LINES, 15, 17)[0] == "c"


def test_api_gateways_execution_log_names_lambdas_request() -> None:
    log = (
        "… : Endpoint response headers: {Date=x, x-amzn-RequestId=7d7c3d83-0770-42c1-a6ca-4d1dff07fbe9, y=z}"
    )
    assert request_in(log) == "7d7c3d83-0770-42c1-a6ca-4d1dff07fbe9"
    assert request_in("START RequestId: abc Version: $LATEST") == "abc"
    assert request_in("nothing") == ""


def test_a_mistyped_name_is_suggested_and_where_to_look_for_what_is_left(account: Account) -> None:
    ran = loh("verify", "--name", f"{finished()}s")
    assert ran.code == 1
    assert f"Did you mean --name {finished()}?" in ran.err
    assert f"`loh teardown --name {finished()}s` checks whether anything of that name exists" in ran.err
    torn_down = loh("teardown", "--yes", "--name", f"{finished()}s")
    assert torn_down.code == 0
    assert f"Did you mean --name {finished()}?" in torn_down.err


def test_no_line_of_a_table_ends_in_blanks(account: Account) -> None:
    for command in (("status",), ("history",), ("steps",), ("status", "--settings")):
        said = loh(*command, "--name", finished()).out
        assert [line for line in said.splitlines() if line != line.rstrip()] == []


def test_the_history_tells_calls_of_one_kind_apart(account: Account) -> None:
    said = loh("history", "--name", finished(), "--step", "3.4").out
    assert len(set(re.findall(r"PutMethodResponse .* (\d{3})$", said, re.MULTILINE))) == 4


def test_whoever_acts_is_the_same_in_every_command(account: Account) -> None:
    told = loh("doctor", "--name", finished()).out
    assert account.client("sts").get_caller_identity()["Arn"] in told


def test_status_after_a_teardown_says_when_it_was_removed_and_how_to_begin_again(
    account: Account, name: str
) -> None:
    assert "There is no deployment named" in loh("status", "--name", name).err
    done("run", "--no-pause", "--to", "2.1", "--name", name)
    done("teardown", "--yes", "--name", name)
    ran = loh("status", "--name", name)
    assert ran.code == 1
    assert re.match(rf"{name} was removed at \d{{4}}-\d\d-\d\d \d\d:\d\d, and nothing is left", ran.err)
    assert f"`loh run --name {name}` makes it again" in ran.err
