"""Guards around every test, and the fixtures that most of them need.

The user's home, cache and AWS variables are replaced; sockets may go to loopback only.
"""

import itertools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

from lambda_over_https import events, hints
from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.account import decoys
from tests.kit.account.between import Between, in_aws_place
from tests.kit.account.census import Census, census
from tests.kit.account.loaded_aws import LoadedAws
from tests.kit.plugins.nothing import Nothing
from tests.kit.plugins.order import Order
from tests.kit.plugins.permissions import obey_permissions
from tests.kit.plugins.processes import Processes
from tests.kit.plugins.quick import keep_compiled, loaded, look_rarely_for_garbage, quickened
from tests.kit.plugins.skips import Skips
from tests.kit.program.bench import Bench
from tests.kit.program.forks import Zygote
from tests.kit.program.support import Account, keys_of, use_keys
from tests.kit.sandbox.running import ready_sandbox

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--no-skips`` is for machines that have everything which the tests need."""
    parser.addoption("--no-skips", action="store_true", help="fail if any test is skipped")


def pytest_configure(config: pytest.Config) -> None:
    """What holds for every test, before the first is collected."""
    obey_permissions()
    keep_compiled()
    look_rarely_for_garbage()
    settings.register_profile("no deadline", deadline=None)  # a busy machine is no fault of the code
    settings.load_profile("no deadline")
    config.pluginmanager.register(Nothing())
    config.pluginmanager.register(Order())
    config.pluginmanager.register(Processes())
    config.pluginmanager.register(Skips())


def pytest_collection_finish() -> None:
    """What the tests are made of stays until the last of them has run."""
    loaded()


@pytest.fixture(scope="session", autouse=True)
def _only_loopback() -> Iterator[None]:
    """A test that would leave this machine fails instead."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to connect to {address}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def _signals_arrive() -> None:
    """Also where the tests run in the background: a shell starts those deaf to ^C, nohup to SIGHUP."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    """The tests' many commands in one process do not each read the same models, or wait for the disk."""
    slow_again = quickened()
    yield
    slow_again()


@pytest.fixture(scope="session")
def shared_cache() -> Path:
    """Where things are fetched to (the Node.js SDK, the aws CLI): once for all tests, workers and runs."""
    return Path(__file__).parents[1] / ".pytest_cache" / "loh"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder that the tests of one process share, with one sandbox in it."""
    return tmp_path_factory.mktemp("world")


@pytest.fixture(scope="session")
def sandbox(world: Path, shared_cache: Path) -> Iterator[Sandbox]:
    """A sandbox for all tests of this process; each uses a deployment name of its own."""
    with ready_sandbox(world, shared_cache) as running:
        yield running


def _pip(environment: Path, *arguments: str | Path) -> bool:
    command = [environment / "bin" / "pip", "--quiet", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, check=False).returncode == 0


@pytest.fixture(scope="session")
def aws_cli(shared_cache: Path) -> Path:
    """The real ``aws`` command, in an environment of its own, since it pins its botocore."""
    folder, ready = shared_cache / "awscli", shared_cache / "awscli" / ".ready"
    shared_cache.mkdir(parents=True, exist_ok=True)
    with FileLock(shared_cache / "awscli.lock"):
        if not ready.exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
            if not _pip(folder, "install", "awscli>=1.40,<2"):
                # Only where nothing at all can be fetched is that no failure of ours.
                assert not _pip(folder, "download", "--no-deps", "--no-cache-dir", "--dest", folder, "pip")
                pytest.skip("the aws command cannot be installed: the package index cannot be reached")
            ready.touch()
    return folder / "bin" / "aws"


@pytest.fixture(scope="session")
def loaded_aws(aws_cli: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadedAws]:
    """The ``aws`` command for tests that call it often."""
    loaded = LoadedAws(aws_cli, tmp_path_factory.mktemp("aws"))
    yield loaded
    loaded.close()


@pytest.fixture(scope="session")
def zygote(
    world: Path, shared_cache: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Zygote]:
    """Starts real processes of the program quickly; they share this process's sandbox and state folder."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(world / "user"),
        "LAMBDA_OVER_HTTPS_HOME": str(world),
        "LAMBDA_OVER_HTTPS_CACHE": str(shared_cache),
        **keys_of(sandbox),
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    zygote = Zygote(environment, tmp_path_factory.mktemp("runs"))
    yield zygote
    zygote.close()


_names = (f"t{number}" for number in itertools.count(1))


@pytest.fixture
def name() -> str:
    """A deployment name that no other test has."""
    return next(_names)


@pytest.fixture(scope="session")
def whole_account(sandbox: Sandbox) -> Account:
    """A look at the shared sandbox's account, for fixtures that live longer than a test."""
    return Account(sandbox)


@pytest.fixture
def account(sandbox: Sandbox, world: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """The shared sandbox as the program's target, and a look at its account from outside."""
    monkeypatch.setenv("LAMBDA_OVER_HTTPS_HOME", str(world))
    return Account(sandbox)


@pytest.fixture
def own(account: Account) -> Iterator[Account]:
    """The account, empty before and after."""
    decoys.remove_all(account)
    yield account
    decoys.remove_all(account)


@pytest.fixture
def between(account: Account) -> Iterator[Between]:
    """A man in the middle between the program and the shared sandbox."""
    with Between(account.sandbox.endpoint_url) as between:
        yield between


@pytest.fixture
def on_aws(account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Between]:
    """The shared sandbox in AWS's place: ``--target aws`` reaches it under the names of AWS's hosts."""
    with in_aws_place(account.sandbox, tmp_path) as (between, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield between


@pytest.fixture
def bench(
    between: Between, sandbox: Sandbox, name: str, world: Path, monkeypatch: pytest.MonkeyPatch
) -> Bench:
    """A deployment of its own, worked on in this process through ``between``."""
    use_keys(monkeypatch, sandbox)
    return Bench(name, between.url, world)


@pytest.fixture
def at_step() -> Iterator[None]:
    """As if the tutorial were at step 2.3."""
    with events.at_step("2.3"):
        yield


@pytest.fixture
def before(account: Account) -> Census:
    """What the account holds before the test."""
    return census(account)


@pytest.fixture(autouse=True)
def _own_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_cache: Path) -> None:
    """Nothing of the real user is read or written, and no option of an earlier command is in force."""
    hints.put_in_force({})
    for name in list(os.environ):
        if name.startswith(("AWS_", "LAMBDA_OVER_HTTPS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("LAMBDA_OVER_HTTPS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LAMBDA_OVER_HTTPS_CACHE", str(shared_cache))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "user" / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "user" / "credentials"))
