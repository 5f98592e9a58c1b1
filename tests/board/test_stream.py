"""The stream of events: the truth at once, then each change, whenever the board was started."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lambda_over_https.board import vocabulary
from lambda_over_https.board.sources.calls import described
from lambda_over_https.board.web import MOST_PAGES
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.names import names_for
from tests.kit.board.boards import Board, Stream, Told, board
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, done
from tests.kit.sandbox.lambda_lab import eventually


def _parts(document: dict[str, object]) -> dict[str, str]:
    parts: object = document["parts"]
    assert isinstance(parts, list)
    return {part["label"]: part["state"] for part in parts}


def _until(stream: Stream, label: str, state: str) -> dict[str, str]:
    """The parts, as soon as that one is in that state."""
    while True:
        document = stream.next().data
        if document.get("deployment") and _parts(document)[label] == state:
            return _parts(document)


def test_before_a_run_there_is_nothing_and_each_part_appears_when_its_call_returns(
    account: Account, name: str
) -> None:
    with board(name) as running:
        stream = running.stream()
        first = stream.next()
        assert (first.kind, first.data["deployment"], first.data["calls"]) == ("snapshot", None, [])
        done("run", "--to", "2.4", "--name", name, "--no-pause", "--yes")
        assert _until(stream, "table", "made")["API"] == "absent"
        done("run", "--to", "3.1", "--name", name, "--no-pause", "--yes")
        parts = _until(stream, "API", "made")
        assert parts["table"] == "made"
        assert parts["stage"] == parts["statement"] == "absent"
    done("teardown", "--name", name, "--yes")


def test_during_a_deployment_the_snapshot_tells_parts_names_steps_and_calls(
    account: Account, name: str
) -> None:
    done("run", "--to", "3.5", "--name", name, "--no-pause", "--yes")
    with board(name) as running:
        snapshot = running.stream().next().data
        assert snapshot["version"] == vocabulary.VERSION
        assert snapshot["deployment"]["name"] == name
        named = {part["label"]: part["name"] for part in snapshot["parts"]}
        assert named["function"] == f"{name}-LambdaFunctionOverHttps"
        assert named["API"] == f"{name}-DynamoDBOperations"
        assert named["statement"] == ""
        assert snapshot["step"]["number"] == "3.6"
        assert snapshot["invoke_url"].endswith("/prod/DynamoDBManager")
        assert "may not invoke the function yet" in snapshot["answer"]
        assert len(snapshot["calls"]) == vocabulary.CALLS_KEPT
        call = next(each for each in snapshot["calls"] if each["operation"] == "CreateDeployment")
        assert call["boto3"].startswith("apigateway.create_deployment(")
        assert call["aws"].startswith("aws apigateway create-deployment")
        assert json.loads(call["answer"])["id"]
        assert not call["error"]
    done("teardown", "--name", name, "--yes")


def test_a_statement_that_somebody_removes_by_hand_disappears_and_comes_back(account: Account) -> None:
    name = finished("by-hand")
    function = names_for(name).function
    lambda_ = account.client("lambda")
    policy = json.loads(lambda_.get_policy(FunctionName=function)["Policy"])
    with board(name) as running:
        stream = running.stream()
        assert _parts(stream.next().data)["statement"] == "made"
        for each in policy["Statement"]:
            lambda_.remove_permission(FunctionName=function, StatementId=each["Sid"])
        _until(stream, "statement", "absent")
        done("run", "--name", name, "--no-pause", "--yes")
        _until(stream, "statement", "made")


def test_after_a_teardown_the_calls_are_still_told_and_the_parts_are_gone(
    account: Account, name: str
) -> None:
    done("run", "--to", "2.4", "--name", name, "--no-pause", "--yes")
    with board(name) as running:
        stream = running.stream()
        assert _parts(stream.next().data)["table"] == "made"
        done("teardown", "--name", name, "--yes")
        assert stream.until("call", operation="DeleteTable").data["step"] == "4"
        stream.until("deployment", deployment=None)
    with board(name) as running:
        snapshot = running.stream().next().data
        assert snapshot["deployment"] is None
        assert "DeleteTable" in [call["operation"] for call in snapshot["calls"]]


def test_a_deployment_that_is_made_anew_begins_with_a_new_snapshot(account: Account, name: str) -> None:
    with board(name) as running:
        stream = running.stream()
        stream.next()
        ids = []
        for _ in range(2):
            done("run", "--to", "2.4", "--name", name, "--no-pause", "--yes")
            ids.append(stream.until("deployment").data["deployment"])
            done("teardown", "--name", name, "--yes")
            stream.until("deployment", deployment=None)
        last = running.stream().next().data
        assert [call["operation"] for call in last["calls"]].count("CreateTable") == 1


@pytest.fixture
def calls(account: Account, name: str, world: Path) -> Callable[[], object]:
    """Adds a call to the deployment's history each time it is called; the calls are numbered."""
    done("run", "--to", "2.1", "--name", name, "--no-pause", "--yes")
    path = world / "deployments" / "sandbox" / name / "history.jsonl"
    numbers = iter(range(1000))

    def add() -> None:
        call = {"at": "2026-11-26T12:00:00.000+00:00", "run": "r", "step": "2.4", "service": "dynamodb"}
        table = {"TableName": f"table-{next(numbers)}"}
        with path.open("a") as file:
            file.write(
                json.dumps({**call, "operation": "CreateTable", "parameters": table, "answer": {}}) + "\n"
            )

    return add


def _subjects(told: list[Told]) -> list[str]:
    return [each.data["subject"] for each in told if each.kind == "call"]


def _await_calls(running: Board, count: int) -> list[Told]:
    stream = running.stream()
    told = [stream.next()]
    while len(_subjects(told)) + len(told[0].data["calls"]) < count:
        told.append(stream.next())
    return told


A_PAGE = {"Sec-Fetch-Site": "same-origin", "User-Agent": "a browser"}


def test_a_page_too_many_is_told_so_and_takes_the_place_of_one_who_goes(name: str) -> None:
    with board(name) as running:
        readers = [running.stream(**A_PAGE) for _ in range(MOST_PAGES)]
        assert [each.next().kind for each in readers] == ["snapshot"] * MOST_PAGES
        late = running.stream(**A_PAGE)
        assert late.next() == Told("", "full", {"pages": MOST_PAGES})
        with pytest.raises(EOFError):
            late.next()
        assert running.stream(**{**A_PAGE, "User-Agent": "another"}).next().kind == "snapshot"
        readers[0].close()
        assert eventually(lambda: running.stream(**A_PAGE).next().kind == "snapshot", 5)


def test_a_reader_who_was_away_goes_on_where_it_was_without_loss_or_double(
    name: str, calls: Callable[[], object]
) -> None:
    with board(name) as running:
        first = running.stream()
        first.next()
        calls()
        had = first.until("call", subject="table-0")
        first.close()
        for _ in range(5):
            calls()
        again = running.stream(had.id)
        told = [again.next()]
        while len(_subjects(told)) < 5:
            told.append(again.next())
        assert "snapshot" not in [each.kind for each in told]
        assert _subjects(told) == [f"table-{number}" for number in range(1, 6)]


def test_a_reader_of_an_earlier_board_begins_with_a_snapshot(name: str, calls: Callable[[], object]) -> None:
    with board(name) as running:
        stream = running.stream()
        stream.next()
        calls()
        had = stream.until("call", subject="table-0")
        port = int(running.url.rpartition(":")[2].partition("/")[0])
    calls()
    with board(name, port=port) as later:
        assert later.url == running.url
        told = later.stream(had.id).next()
        assert told.kind == "snapshot"
        assert [call["subject"] for call in told.data["calls"]][-2:] == ["table-0", "table-1"]


def test_the_stream_ends_with_the_board(name: str) -> None:
    with board(name) as running:
        stream = running.stream()
        stream.next()
    with pytest.raises(EOFError):
        stream.next()


def test_a_silent_stream_shows_that_it_is_alive(name: str) -> None:
    with board(name, keep_alive=0.05) as running:
        stream = running.stream()
        stream.next()
        assert [line for line, _ in zip(stream.lines(), range(4), strict=False)] == [
            ": here",
            "",
            ": here",
            "",
        ]


def test_twenty_watchers_see_the_same(name: str, calls: Callable[[], object]) -> None:
    with board(name) as running:
        streams = [running.stream() for _ in range(20)]
        for stream in streams:
            stream.next()
        for _ in range(3):
            calls()
        for stream in streams:
            assert [stream.until("call").data["subject"] for _ in range(3)] == [
                "table-0",
                "table-1",
                "table-2",
            ]


def test_a_line_that_is_still_being_written_is_told_when_it_is_whole(
    name: str, calls: Callable[[], object], world: Path
) -> None:
    path = world / "deployments" / "sandbox" / name / "history.jsonl"
    calls()
    line = path.read_bytes().splitlines()[-1].replace(b"table-0", b"table-x")
    with board(name) as running:
        stream = running.stream()
        stream.next()
        with path.open("ab", buffering=0) as file:
            file.write(line[:40])
            calls_before_the_rest = running.stream().next().data["calls"]
            file.write(line[40:] + b"\n")
        assert stream.until("call").data["subject"] == "table-x"
        assert [call["subject"] for call in calls_before_the_rest][-1] == "table-0"


def test_what_is_long_is_cut_and_says_how_much_is_missing() -> None:
    call = Call(
        "", "", "2.4", "dynamodb", "PutItem", {"TableName": "t", "Item": {"a": "x" * 9000}}, {"b": "y" * 9000}
    )
    document = described(call)
    for member in ("boto3", "aws", "answer"):
        assert len(document[member]) < vocabulary.LONGEST_TEXT + 40
        assert document[member].endswith(" more characters)")


def test_a_journal_that_cannot_be_read_is_told_and_the_board_goes_on(
    account: Account, name: str, world: Path
) -> None:
    done("run", "--to", "2.1", "--name", name, "--no-pause", "--yes")
    path = world / "deployments" / "sandbox" / name / "journal.json"
    whole = path.read_bytes()
    with board(name) as running:
        stream = running.stream()
        stream.next()
        path.write_bytes(b"{")
        assert "is damaged" in stream.until("deployment", deployment=None).data["problem"]
        path.write_bytes(whole)
        assert stream.until("deployment").data["deployment"]["name"] == name
