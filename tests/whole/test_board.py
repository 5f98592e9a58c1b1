"""``loh board`` as a process of its own: its address, its end, and what keeps it from beginning."""

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from lambda_over_https.names import names_for
from tests.kit.account.between import Answer, Between, Call, Forward
from tests.kit.board.boards import PATIENCE, Board
from tests.kit.program.support import Account, done, use_keys
from tests.kit.sandbox.control import trust_policy

pytestmark = pytest.mark.processes


@contextmanager
def _started(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "lambda_over_https", "board", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_serves_until_it_is_told_to_end_and_then_ends_quietly(
    ending: signal.Signals,
) -> None:
    with _started("--json", "--port", "0") as process:
        running = Board(json.loads(_first_line(process))["url"])
        assert running.get("/").status == 200
        stream = running.stream()
        assert stream.next().kind == "snapshot"
        process.send_signal(ending)
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out, err) == (0, "", "")
        with pytest.raises(EOFError):
            stream.next()
        running.close()


def test_it_ends_at_once_while_aws_answers_no_look(
    account: Account, between: Between, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, account.sandbox)
    asked, end = threading.Event(), threading.Event()

    def silent(call: Call, forward: Forward) -> Answer | None:
        if call.name != "iam:GetRole":
            return forward()
        asked.set()
        end.wait()
        return None

    where = ("--endpoint-url", between.url, "--region", "us-east-1")
    done("class", "new", name, "--prefix", name, "--count", "1", *where)
    iam, role = account.client("iam"), names_for(f"{name}-01").role
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust_policy())
    between.meddle = silent
    with _started("--json", "--port", "0", "--class", name, *where) as process, ThreadPoolExecutor(1) as pool:
        looking = pool.submit(Board(json.loads(_first_line(process))["url"]).get, "/look/01")
        assert asked.wait(PATIENCE)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out, err) == (0, "", "")
        assert looking.result().json["problem"] == "The board has ended."
        end.set()
    iam.delete_role(RoleName=role)


def test_without_json_the_address_is_the_answer_and_the_rest_is_said_beside_it() -> None:
    with _started("--no-open", "--port", "0") as process:
        assert _first_line(process).startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out) == (0, "")
        assert "^C ends it" in err


def test_it_listens_on_loopback_only() -> None:
    with _started("--json", "--port", "0") as process:
        port = int(json.loads(_first_line(process))["url"].split(":")[2].partition("/")[0])
        with (
            socket.socket(socket.AF_INET6) as other,
            pytest.raises(OSError, match=r"refused|unreachable|assign"),
        ):
            other.connect(("::1", port))
        with socket.socket() as other:
            other.bind(("127.0.0.2", port))  # nobody has taken the port on all addresses


def test_a_port_that_is_taken_is_an_error_and_the_usual_one_is_replaced() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _started("--json", "--port", str(port)) as process:
            out, err = process.communicate(timeout=PATIENCE)
            assert (process.returncode, out) == (2, "")
            assert f"port {port}" in err
            assert "--port 0" in err


@pytest.mark.parametrize("options", [["--name", "Not/Right"], ["--port", "70000"], ["--port", "x"]])
def test_wrong_usage_is_told_before_anything_is_served(options: list[str]) -> None:
    with _started(*options) as process:
        out, _ = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out) == (2, "")


def test_the_addresss_secret_is_private_to_the_user(tmp_path: Path) -> None:
    with _started("--json", "--port", "0") as process:
        url = json.loads(_first_line(process))["url"]
    (kept,) = (tmp_path / "home").rglob("board.token")
    assert url.endswith(kept.read_text())
    assert kept.stat().st_mode & 0o077 == 0
