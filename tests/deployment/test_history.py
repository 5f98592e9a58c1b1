"""The calls as they were: what is kept of them, and what ``history`` and ``explain`` tell."""

import io
import json
import stat
from contextlib import closing
from pathlib import Path

import pytest

from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.recorded import history as histories
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.deployment.recorded.history import History
from lambda_over_https.deployment.recorded.lines import write_whole
from lambda_over_https.engine.parts import every_part
from lambda_over_https.events import Called, Event, Note
from lambda_over_https.tutorial.course import steps_of_everything
from tests.kit.program.lesson import at_work, calls_of, finished
from tests.kit.program.support import Account, done, loh


def _called(operation: str = "CreateTable", **parameters: object) -> Called:
    return Called("2.4", "dynamodb", operation, parameters, {"id": "1"}, "", 0.25, 2)


def _deployment(number: str) -> Deployment:
    return Deployment(number, "tutorial", "sandbox", "123456789012", "us-east-1", "", "", "")


def _keep(folder: Path, *events: Event, deployment: str = "one", alone: bool = True) -> list[Event]:
    """Open the history in ``folder``, give it the events, and say what was told of them."""
    told: list[Event] = []
    with closing(History(told.append)) as history:
        history.open(folder, _deployment(deployment), alone=alone)
        for event in events:
            history(event)
    return told


def test_every_changing_call_of_a_run_is_kept_with_its_step_and_values(account: Account) -> None:
    calls = [call for call in calls_of(finished()) if call.changes and not call.error]
    assert {"CreateRole", "CreateFunction", "CreateTable", "CreateRestApi", "AddPermission"} <= {
        call.operation for call in calls
    }
    table = next(call for call in calls if call.operation == "CreateTable")
    assert (table.step, table.service) == ("2.4", "dynamodb")
    assert table.parameters["TableName"] == "lesson-LambdaTable"
    assert table.answer["TableDescription"]["TableName"] == "lesson-LambdaTable"


def test_the_file_is_private_and_holds_no_archive(account: Account, world: Path) -> None:
    path = histories.find(world, "sandbox", finished())
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"PK\\u0003" not in path.read_bytes()
    function = next(call for call in calls_of("lesson") if call.operation == "CreateFunction")
    assert function.parameters["Code"]["ZipFile"].endswith(" bytes>")


def test_after_half_a_line_the_next_call_is_kept_whole(tmp_path: Path) -> None:
    """A kill or a full disk has left it."""
    _keep(tmp_path, _called())
    path = tmp_path / histories.FILE
    path.write_bytes(path.read_bytes()[:-20])
    _keep(tmp_path, _called("DeleteTable"))
    assert [call.operation for call in histories.read(path)] == ["DeleteTable"]


def test_a_line_that_a_full_disk_takes_in_part_is_not_written(tmp_path: Path) -> None:
    """The system calls that a success, and says how much it took."""

    class Full(io.BytesIO):
        def write(self, line: object) -> int:
            return super().write(bytes(str(line)[:3], "ascii"))

    with pytest.raises(OSError, match="No space left"):
        write_whole(Full(), b"a line")


def test_calls_made_before_the_folder_is_known_are_kept_too(tmp_path: Path) -> None:
    with closing(History(lambda _: None)) as history:
        history(_called(TableName="early"))
        history.open(tmp_path, _deployment("one"))
        history(_called(TableName="late"))
    kept = [call.parameters["TableName"] for call in histories.read(tmp_path / histories.FILE)]
    assert kept == ["early", "late"]


def test_a_call_comes_back_as_it_was_bytes_included(tmp_path: Path) -> None:
    told = _keep(tmp_path, _called(Payload=b'{"a": 1}', Nested={"List": [1, True, None]}))
    (call,) = histories.read(tmp_path / histories.FILE)
    assert call.parameters == {"Payload": b'{"a": 1}', "Nested": {"List": [1, True, None]}}
    assert (call.seconds, call.attempts) == (0.25, 2)
    assert [type(event) for event in told] == [Called]


def test_a_half_written_line_is_passed_over(tmp_path: Path) -> None:
    _keep(tmp_path, _called())
    path = tmp_path / histories.FILE
    path.write_bytes(path.read_bytes() + b'{"at": "2026-')
    assert len(histories.read(path)) == 1


def test_a_new_deployment_begins_a_new_history(tmp_path: Path) -> None:
    _keep(tmp_path, _called(), deployment="one")
    _keep(tmp_path, deployment="two")
    assert histories.read(tmp_path / histories.FILE) == []


def test_a_recovered_deployment_goes_on_with_its_history(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.4", "--name", name)
    before = [(call.at, call.operation) for call in calls_of(name)]
    done("recover", "--name", name)
    done("run", "--no-pause", "--to", "3.1", "--name", name)
    after = [(call.at, call.operation) for call in calls_of(name)]
    assert after[: len(before)] == before
    assert "CreateRestApi" in [operation for _, operation in after]
    told = loh("report", "--json", "--name", name).json["calls"]
    assert {"CreateTable", "CreateRestApi"} <= {call["operation"] for call in told}
    done("teardown", "--yes", "--name", name)


def test_a_long_history_keeps_what_changed_and_drops_what_looked(tmp_path: Path) -> None:
    _keep(tmp_path, _called(), _called("DescribeTable", Filler="x" * histories.LIMIT))
    _keep(tmp_path)
    assert [call.operation for call in histories.read(tmp_path / histories.FILE)] == ["CreateTable"]


def test_a_long_history_is_left_alone_while_others_may_write_to_it(tmp_path: Path) -> None:
    _keep(tmp_path, _called("DescribeTable", Filler="x" * histories.LIMIT))
    _keep(tmp_path, alone=False)
    assert len(histories.read(tmp_path / histories.FILE)) == 1


def test_a_history_that_cannot_be_written_is_said_once_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / histories.FILE).mkdir()
    told = _keep(tmp_path, _called(), _called())
    assert [type(event) for event in told] == [Note, Called, Called]


def test_history_lists_the_calls_and_a_step_narrows_them(account: Account) -> None:
    name = finished()
    everything = loh("history", "--name", name, "--json", "--all").json["calls"]
    changing = loh("history", "--name", name, "--json").json["calls"]
    permissions = loh("history", "--name", name, "--json", "--step", "permission").json["calls"]
    assert len(everything) > len(changing) > len(permissions)
    assert {call["operation"] for call in permissions} == {"AddPermission"}
    assert all(call["aws"].startswith("aws lambda add-permission") for call in permissions)
    assert "CreateRestApi" in loh("history", "--name", name).out


@pytest.mark.parametrize(("form", "sign"), [("boto3", "lambda_.create_function("), ("aws-cli", "aws iam")])
def test_history_can_be_read_as_code(account: Account, form: str, sign: str) -> None:
    assert sign in loh("history", "--name", finished(), "--format", form).out


def test_explain_shows_the_calls_as_they_were_made(account: Account) -> None:
    report = loh("explain", "3.6", "--name", finished(), "--json").json
    assert report["made"] is True
    api = next(call for call in calls_of("lesson") if call.operation == "CreateRestApi").answer["id"]
    assert [call["parameters"]["StatementId"] for call in report["calls"]] == [
        "apigateway-test-2",
        "apigateway-prod-2",
    ]
    assert all(api in call["aws"] for call in report["calls"])


def test_explain_shows_planned_calls_before_there_is_anything(tmp_path: Path) -> None:
    report = loh("explain", "resource", "--json").json
    assert report["made"] is False
    assert [call["parameters"] for call in report["calls"]] == [
        {"restApiId": "API_ID", "parentId": "ROOT_ID", "pathPart": "DynamoDBManager"}
    ]
    assert not (tmp_path / "home").exists() or not list((tmp_path / "home").rglob("*.json*"))


def test_explain_forgets_what_was_taken_back(account: Account, name: str) -> None:
    finished(name)
    done("undo", "--name", name)
    assert loh("undo", "--name", name).code == 0
    assert loh("explain", "3.6", "--name", name, "--json").json["made"] is False
    done("run", "--no-pause", "--name", name)
    report = loh("explain", "3.6", "--name", name, "--json").json
    assert report["made"] is True
    assert len(report["calls"]) == 2
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_the_history_of_a_deployment_that_is_gone_can_still_be_read(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    done("teardown", "--yes", "--name", name)
    ran = loh("history", "--name", name, "--json")
    assert {"CreateRole", "DeleteRole"} <= {call["operation"] for call in ran.json["calls"]}
    assert "CreateRole" in json.dumps(ran.json)


def test_every_call_that_makes_corrects_or_removes_a_resource_counts_as_a_change(account: Account) -> None:
    with at_work(finished()) as (stack, _):
        parts = [part for part, _ in every_part(steps_of_everything(stack), stack)]
    declared = {call for part in parts for call in (*part.creates, *part.updates, *part.removes)}
    assert len(declared) > 30
    assert not [call for call in declared if not _call_of(call).changes]
    assert _call_of("iam:DetachRolePolicy").changes
    assert not _call_of("apigateway:GetStage").changes


def _call_of(call: str) -> Call:
    service, _, operation = call.partition(":")
    return Call("", "1", "3.4", service, operation, {}, {})
