"""The main result comes first: what belongs to it may fail with a line. And what is only recorded says so."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lambda_over_https.sandbox.client import daemon
from tests.kit.program.support import Account, loh


@pytest.fixture
def lesson(account: Account, name: str) -> Iterator[str]:
    assert loh("run", "--no-pause", "--name", name).code == 0
    yield name
    assert loh("teardown", "--yes", "--name", name).code == 0


class TestCall:
    def test_the_answer_is_shown_though_its_log_lines_cannot_be(self, account: Account, lesson: str) -> None:
        account.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{lesson}-LambdaFunctionOverHttps")
        for way in ("https", "invoke", "test-invoke-method"):
            made = loh("call", "create", "--item", '{"Id": "77"}', "--via", way, "--name", lesson)
            assert made.code == 0, made.err
            assert "HTTP 200" in made.err
            assert made.out == "{}\n"
            assert "log lines cannot be shown" in made.err
            assert made.err.index("HTTP 200") < made.err.index("log lines cannot be shown")
        told = loh("call", "read", "--key", "77", "--json", "--name", lesson)
        assert (told.code, told.json["status"], told.json["log"]) == (0, 200, [])
        assert "There is no log group" in told.json["log_missing"]

    def test_the_answer_does_not_wait_for_the_log_lines(self, account: Account, lesson: str) -> None:
        said = loh("call", "ping", "--name", lesson)
        assert said.err.index("HTTP 200") < said.err.index("The function's log")
        assert loh("call", "ping", "--json", "--name", lesson).json["log_missing"] is None

    def test_an_update_with_a_key_alone_makes_the_item(self, account: Account, lesson: str) -> None:
        updated = loh("call", "update", "--key", "1", "--name", lesson)
        assert (updated.code, updated.out) == (0, "{}\n"), updated.err
        read = loh("call", "read", "--key", "1", "--json", "--name", lesson)
        assert '"Id": "1"' in read.json["body"]


def test_an_answer_of_api_gateways_own_is_given_no_other_requests_log(account: Account, name: str) -> None:
    assert loh("run", "--no-pause", "--to", "3.5", "--name", name).code == 0
    assert loh("call", "read", "Id=1", "--via", "invoke", "--name", name).code == 0
    for way in ("https", "test-invoke-method"):
        called = loh("call", "read", "Id=1", "--via", way, "--name", name)
        assert called.code == 1
        said = " ".join(called.err.split())
        assert "The function's log" not in said
        assert "API Gateway made this answer itself" in said
        assert f"`loh doctor --name {name}` finds what is wrong." in said
        assert "taking in the lines" not in said
    assert loh("teardown", "--yes", "--name", name).code == 0


@pytest.mark.parametrize("wrong", [("--event", "{bad"), ("{bad",)])
def test_a_bad_event_is_told_with_an_event_as_example(name: str, wrong: tuple[str, ...]) -> None:
    called = loh("call", *wrong, "--name", name)
    assert called.code == 2
    assert 'An example: \'{"operation": "ping"}\'' in called.err


class TestStatus:
    def test_what_is_recorded_says_since_when(self, account: Account, lesson: str) -> None:
        shown = loh("status", "--name", lesson).out
        assert re.search(r"As recorded at \d\d:\d\d: A client gets an answer", shown)
        assert f"`loh status --live --name {lesson}` asks" in shown
        report = loh("status", "--json", "--name", lesson).json
        assert report["live"] is None
        age = datetime.now(UTC) - datetime.fromisoformat(report["recorded"])
        assert 0 <= age.total_seconds() < 60

    def test_live_asks_what_exists_and_what_a_client_gets(self, account: Account, lesson: str) -> None:
        live = loh("status", "--live", "--json", "--name", lesson).json
        assert live["live"]["differences"] == []
        assert live["live"]["answer"].startswith("A client gets HTTP 200 now")
        assert {each["state"] for each in live["steps"]} == {"done"}

    def test_live_names_what_is_gone_or_otherwise(self, account: Account, lesson: str) -> None:
        function = f"{lesson}-LambdaFunctionOverHttps"
        account.client("lambda").delete_function(FunctionName=function)
        recorded = loh("status", "--json", "--name", lesson).json
        assert "lambda:function" in {each["kind"] for each in recorded["resources"]}
        live = loh("status", "--live", "--name", lesson)
        assert live.code == 0
        assert f"Not as it was made: lambda:function {function}" in " ".join(live.out.split())
        assert "A client gets HTTP 500 now" in live.out
        report = loh("status", "--live", "--json", "--name", lesson).json
        assert "lambda:function" not in {each["kind"] for each in report["resources"]}
        assert loh("run", "--no-pause", "--name", lesson).code == 0
        assert loh("status", "--live", "--json", "--name", lesson).json["live"]["differences"] == []


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that needs an ended sandbox leaves a copy of its state folder for the others."""
    return tmp_path_factory.mktemp("ended") / "home"


@pytest.fixture
def ended(tmp_path: Path, kept: Path) -> Iterator[Path]:
    """A state folder with a deployment whose sandbox has ended."""
    home = tmp_path / "home"
    if kept.exists():
        shutil.copytree(kept, home)
    else:
        daemon.start(home, port=0)
        assert loh("run", "--no-pause", "--to", "2.1").code == 0
        daemon.stop(home)
        shutil.copytree(home, kept)
    yield home
    daemon.stop(home)


@pytest.mark.processes
@pytest.mark.parametrize(
    "command", ["call ping", "logs", "verify", "undo", "drill path", "watch", "status --live"]
)
def test_a_command_on_an_ended_sandbox_says_that_it_has_ended_and_starts_none(
    command: str, ended: Path
) -> None:
    said = loh(*command.split())
    assert said.code == 1
    assert "The sandbox that held this deployment has ended" in said.err
    assert "`loh run` makes it again" in said.err
    assert daemon.find(ended) is None


@pytest.mark.processes
def test_the_status_of_an_ended_sandbox_does_not_call_it_recorded(ended: Path) -> None:
    said = loh("status")
    assert said.code == 0
    assert "The sandbox that held this deployment has stopped" in said.out
    assert "A client reaches nothing now. `loh run` makes it again." in " ".join(said.out.split())
    assert "As recorded" not in said.out
    assert daemon.find(ended) is None


@pytest.mark.processes
@pytest.mark.parametrize("command", ["next", "doctor", "plan", "run --no-pause --to 2.1"])
def test_a_command_that_can_begin_anew_says_so_first(command: str, ended: Path) -> None:
    said = loh(*command.split())
    assert said.code == 0, said.err
    assert said.err.index("The sandbox that held this deployment has ended") < 40
