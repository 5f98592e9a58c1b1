"""The sandbox's process: started once, found again, stopped for good; and what it lets in."""

import http.client
import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lambda_over_https.deployment.deployments import sandbox_has_ended
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Deployment, State
from lambda_over_https.errors import LohError
from lambda_over_https.sandbox.client import daemon, record
from lambda_over_https.sandbox.client.record import Sandbox, recorded
from tests.kit.sandbox.control import client_of, create_function, trust_policy
from tests.kit.sandbox.lambda_lab import eventually

pytestmark = pytest.mark.processes


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    daemon.stop(tmp_path)


def journal_of(sandbox: Sandbox) -> Journal:
    """The journal of a deployment in it."""
    deployment = Deployment("id", "own", "sandbox", sandbox.account, "us-east-1", "", sandbox.boot_id, "")
    return Journal(Path("unwritten"), State(deployment))


def dead(home: Path) -> bool:
    """Wait for the process to be gone, which the system says when it drops its lock."""
    return eventually(lambda: recorded(home) is None)


class TestLife:
    def test_nothing_runs_before_the_first_start(self, home: Path) -> None:
        assert daemon.find(home) is None
        assert recorded(home) is None
        assert daemon.stop(home) is False

    def test_the_first_start_makes_a_home_for_the_user_alone(self, tmp_path: Path) -> None:
        home = tmp_path / "state" / "of ours"
        daemon.start(home, port=0)
        daemon.stop(home)
        made = (home.parent, home, home / "sandbox")
        assert {stat.S_IMODE(each.stat().st_mode) for each in made} == {0o700}

    def test_a_sandbox_is_started_found_and_stopped(self, home: Path) -> None:
        sandbox = daemon.start(home, port=0)
        assert recorded(home) == daemon.find(home) == sandbox
        assert client_of(sandbox, "sts").get_caller_identity()["Account"] == "123456789012"
        assert daemon.stop(home) is True
        assert daemon.find(home) is None
        assert not (home / "sandbox" / "sandbox.json").exists()

    def test_a_second_start_gives_the_same_sandbox(self, home: Path) -> None:
        assert daemon.start(home, port=0) == daemon.start(home)

    def test_starts_at_the_same_time_give_one_sandbox(self, home: Path) -> None:
        started: list[Sandbox] = []
        threads = [
            threading.Thread(target=lambda: started.append(daemon.start(home, port=0))) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(started) == 3
        assert len({sandbox.boot_id for sandbox in started}) == 1

    def test_it_keeps_no_file_open_that_whoever_started_it_has(self, home: Path) -> None:
        """A test runner or `make` that reads a pipe to its end waits for all who hold the other one."""
        reader, writer = os.pipe()
        os.set_inheritable(writer, True)
        daemon.start(home, port=0)
        os.close(writer)
        os.set_blocking(reader, False)
        assert os.read(reader, 1) == b""  # BlockingIOError, if anybody still has the other end
        os.close(reader)

    def test_each_start_is_another_boot(self, home: Path) -> None:
        first = daemon.start(home, port=0)
        daemon.stop(home)
        assert daemon.start(home, port=0).boot_id != first.boot_id

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_ends_it_and_its_record(self, home: Path, number: signal.Signals) -> None:
        sandbox = daemon.start(home, port=0)
        os.kill(sandbox.pid, number)
        assert dead(home)
        os.waitpid(sandbox.pid, 0)
        assert not (home / "sandbox" / "sandbox.json").exists()

    def test_a_killed_sandbox_is_not_found_and_the_next_start_is_clean(self, home: Path) -> None:
        sandbox = daemon.start(home, port=0)
        os.kill(sandbox.pid, signal.SIGKILL)
        os.waitpid(sandbox.pid, 0)
        assert (home / "sandbox" / "sandbox.json").exists()
        assert daemon.find(home) is None
        assert daemon.stop(home) is False
        assert daemon.start(home, port=0).boot_id != sandbox.boot_id

    def test_a_record_of_somebody_elses_process_is_not_believed(self, home: Path) -> None:
        """A process that happens to have the recorded id must never be taken for ours, let alone killed."""
        sandbox = daemon.start(home, port=0)
        document = json.loads((home / "sandbox" / "sandbox.json").read_text())
        daemon.stop(home)
        document["pid"] = os.getpid()
        (home / "sandbox" / "sandbox.json").write_text(json.dumps(document))
        assert recorded(home) is None
        assert daemon.stop(home) is False
        assert sandbox.pid != os.getpid()

    @pytest.mark.parametrize("damage", [lambda file: file.write_text("{"), Path.unlink], ids=["half", "gone"])
    def test_a_living_sandbox_whose_record_is_lost_is_named_and_can_be_stopped(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], object]
    ) -> None:
        monkeypatch.setattr(record, "PATIENCE", 0.2)
        sandbox = daemon.start(home, port=0)
        damage(home / "sandbox" / "sandbox.json")
        of_it = journal_of(sandbox)
        for look in (lambda: daemon.start(home), lambda: sandbox_has_ended(of_it, home)):
            with pytest.raises(LohError, match=f"process {sandbox.pid}.*cannot be read") as failed:
                look()
            assert "`loh sandbox stop`" in failed.value.hint
        assert daemon.stop(home) is True
        assert sandbox_has_ended(of_it, home)

    def test_a_damaged_record_is_no_sandbox(self, home: Path) -> None:
        (home / "sandbox").mkdir()
        (home / "sandbox" / "sandbox.json").write_text("{")
        assert recorded(home) is None


class TestWorkers:
    """Functions' processes never outlive the sandbox, however it ends."""

    def test_they_end_with_a_stop(self, home: Path, unique: str) -> None:
        workers = children(invoked(home, unique).pid)
        assert workers
        daemon.stop(home)
        assert not [pid for pid in workers if Path("/proc", str(pid)).exists()]

    def test_they_end_when_the_sandbox_is_killed(self, home: Path, unique: str) -> None:
        sandbox = invoked(home, unique)
        workers = children(sandbox.pid)
        assert workers
        os.kill(sandbox.pid, signal.SIGKILL)
        os.waitpid(sandbox.pid, 0)
        assert eventually(lambda: not [pid for pid in workers if running(pid)])


def invoked(home: Path, name: str) -> Sandbox:
    """A sandbox in which a function has run, so that its worker is warm."""
    sandbox = daemon.start(home, port=0)
    iam, functions = client_of(sandbox, "iam"), client_of(sandbox, "lambda")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy())["Role"]["Arn"]
    create_function(functions, name, role)
    assert functions.invoke(FunctionName=name, Payload=b"1")["Payload"].read() == b"1"
    return sandbox


def children(pid: int) -> list[int]:
    """All descendants of a process, from /proc."""
    found = []
    for task in Path("/proc", str(pid), "task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *children(child)]
    return found


def running(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_when_it_has_been_stopped_there_is_no_process_any_more(home: Path) -> None:
    """Also where it was started by a program that has ended, so that nobody can wait for a child."""
    program = "import pathlib, sys; from lambda_over_https.sandbox.client import daemon\n"
    program += "daemon.start(pathlib.Path(sys.argv[1]), port=0)"
    subprocess.run([sys.executable, "-c", program, home], check=True)
    found = daemon.find(home)
    assert found is not None
    assert daemon.stop(home)
    assert not running(found.pid)


class TestFailure:
    def test_a_port_in_use_is_named(self, home: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(LohError, match=f"{port}.*in use") as caught:
                daemon.start(home, port=port)
        assert "--port" in caught.value.hint
        assert recorded(home) is None

    def test_another_port_than_the_running_ones_is_refused(self, home: Path) -> None:
        daemon.start(home, port=0)
        with pytest.raises(LohError, match="already running") as caught:
            daemon.start(home, port=1)
        assert "sandbox stop" in caught.value.hint

    def test_a_home_that_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "sandbox").write_text("in the way")
        with pytest.raises(LohError, match="Cannot use the folder"):
            daemon.start(tmp_path)

    def test_a_process_that_dies_early_is_quoted(self, home: Path) -> None:
        (home / "sandbox" / "ca.pem").mkdir(parents=True)
        with pytest.raises(LohError, match=r"ca\.pem"):
            daemon.start(home, port=0)

    def test_a_sandbox_that_does_not_answer_is_named_and_can_be_stopped(self, home: Path) -> None:
        sandbox = daemon.start(home, port=0)
        os.kill(sandbox.pid, signal.SIGSTOP)
        try:
            with pytest.raises(LohError, match=f"process {sandbox.pid}.*does not answer"):
                daemon.start(home)
        finally:
            os.kill(sandbox.pid, signal.SIGCONT)
        assert daemon.stop(home) is True

    def test_users_code_does_not_stay_behind(self, home: Path) -> None:
        daemon.start(home, port=0)
        (home / "sandbox" / "code" / "left").mkdir(parents=True)
        daemon.stop(home)
        left = {path.name for path in (home / "sandbox").iterdir()}
        assert left <= {"alive.lock", "start.lock", "sandbox.log", "ca.pem"}


class TestPrivacy:
    def test_its_files_are_the_users_alone(self, home: Path) -> None:
        daemon.start(home, port=0)
        folder = home / "sandbox"
        for path in [folder, *folder.rglob("*")]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path

    def test_it_listens_on_loopback_only(self, sandbox: Sandbox) -> None:
        ports = {int(url.rpartition(":")[2]) for url in (sandbox.endpoint_url, sandbox.https_url)}
        assert ports <= listening("0100007F")
        assert not ports & (listening("00000000") | listening("0" * 32))

    def test_https_is_trusted_with_its_certificate_alone(self, sandbox: Sandbox) -> None:
        assert status_over_https(sandbox, ssl.create_default_context(cafile=sandbox.ca_bundle)) == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            status_over_https(sandbox, ssl.create_default_context())

    def test_the_authoritys_key_is_nowhere(self, sandbox: Sandbox) -> None:
        for path in Path(sandbox.ca_bundle).parent.rglob("*"):
            assert not path.is_file() or b"PRIVATE KEY" not in path.read_bytes()

    def test_it_gets_only_what_it_needs_of_the_users_environment(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A handler runs as the same user, so it can read the sandbox's environment."""
        secrets = {
            "GITHUB_TOKEN": "a",
            "DB_PASSWORD": "b",
            "AWS_SECRET_ACCESS_KEY": "c",
            "npm_config__auth": "d",
        }
        useful = {"LC_ALL": "C", "https_proxy": "http://127.0.0.1:9", "LAMBDA_OVER_HTTPS_MARK": "x"}
        for name, value in {**secrets, **useful}.items():
            monkeypatch.setenv(name, value)
        sandbox = daemon.start(home, port=0)
        text = Path("/proc", str(sandbox.pid), "environ").read_text()
        found = dict(line.split("=", 1) for line in text.split("\0") if line)
        assert not set(secrets) & set(found)
        assert useful.items() <= found.items()
        assert "NO_PROXY" in found

    def test_its_log_is_put_aside_when_it_is_full(self, home: Path, tmp_path: Path) -> None:
        """Whoever can call an API can fill it."""
        program = (
            "import logging, pathlib, sys\n"
            "from lambda_over_https.sandbox.server import LOG_BYTES, log_to\n"
            "log_to(pathlib.Path(sys.argv[1]) / 'sandbox.log')\n"
            "for number in range(4 * LOG_BYTES // 1000):\n"
            "    logging.getLogger('x').warning('%s', 'y' * 1000)\n"
        )
        subprocess.run([sys.executable, "-c", program, tmp_path], check=True)
        sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir() if path.is_file()}
        assert set(sizes) == {"sandbox.log", "sandbox.log.1"}
        assert max(sizes.values()) <= 1_000_000


class TestWebPages:
    """A page in the user's browser must not reach what can run code as the user."""

    def test_requests_with_an_origin_are_refused(self, sandbox: Sandbox) -> None:
        for path in ("/_sandbox/stop", "/2015-03-31/functions", "/restapis"):
            assert answer(sandbox, "POST", path, {"Origin": "https://example.com"}) == 403

    @pytest.mark.parametrize("path", ["/_sandbox/status", "/_sandbox/stop", "/?Action=ListRoles"])
    def test_what_a_page_loads_without_asking_is_refused(self, sandbox: Sandbox, path: str) -> None:
        """A picture's address: browsers send no Origin then, but Sec-Fetch-Site."""
        assert (
            answer(sandbox, "GET", path, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}) == 403
        )

    def test_looking_does_not_stop_it(self, sandbox: Sandbox) -> None:
        assert answer(sandbox, "GET", "/_sandbox/stop", {"Authorization": f"Bearer {sandbox.secret}"}) == 405
        assert answer(sandbox, "GET", "/_sandbox/status", {"Sec-Fetch-Site": "none"}) == 200

    def test_a_page_may_call_deployed_apis(self, sandbox: Sandbox) -> None:
        headers = {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"}
        path = "/_aws/execute-api/abcdefghij/prod/x"
        connection = http.client.HTTPConnection(sandbox.endpoint_url.removeprefix("http://"))
        try:
            connection.request("POST", path, headers=headers)
            assert connection.getresponse().headers["x-amzn-ErrorType"] == "ForbiddenException"
        finally:
            connection.close()

    def test_other_host_names_are_refused(self, sandbox: Sandbox) -> None:
        for path in ("/_sandbox/status", "/restapis", "/_aws/execute-api/abc/prod/x"):
            assert answer(sandbox, "GET", path, {"Host": "example.com"}) == 403

    def test_loopbacks_own_names_are_welcome(self, sandbox: Sandbox) -> None:
        for host in ("localhost:8470", "127.0.0.1", "anything.localhost"):
            assert answer(sandbox, "GET", "/_sandbox/status", {"Host": host}) == 200

    def test_unsigned_calls_are_refused(self, sandbox: Sandbox) -> None:
        assert answer(sandbox, "GET", "/restapis", {}) == 403
        assert answer(sandbox, "POST", "/2015-03-31/functions/f/invocations", {}) == 403


def listening(address: str) -> set[int]:
    """Ports on which somebody listens at the address (in the kernel's hexadecimal), from /proc/net/tcp*."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            host, _, port = local.partition(":")
            if host == address and state == "0A":
                found.add(int(port, 16))
    return found


def status_over_https(sandbox: Sandbox, context: ssl.SSLContext) -> int:
    connection = http.client.HTTPSConnection(sandbox.https_url.removeprefix("https://"), context=context)
    try:
        connection.request("GET", "/_sandbox/status")
        return connection.getresponse().status
    finally:
        connection.close()


def answer(sandbox: Sandbox, method: str, path: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection(sandbox.endpoint_url.removeprefix("http://"))
    try:
        connection.request(method, path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()
