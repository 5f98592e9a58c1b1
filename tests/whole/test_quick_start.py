"""Commands that need no AWS start without what is only needed for AWS, and leave nothing running."""

import json
import subprocess
import sys
import threading

import pytest

from tests.kit.program.support import Account, done, loh

pytestmark = pytest.mark.processes

HEAVY = ("boto3", "botocore", "moto", "urllib3", "ssl", "http.client", "cryptography", "uvicorn", "asyncio")
CHANGING = ("lambda_over_https.engine.make.engine", "lambda_over_https.aws.cloud", "concurrent.futures")

PROBE = """
import json, sys
from lambda_over_https.cli import app as cli
try:
    cli.main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


OWN = "lambda_over_https."


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a command has loaded at its end."""
    command = [sys.executable, "-c", PROBE, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return set(json.loads(done.stderr.splitlines()[-1]))


def drawing(loaded: set[str]) -> set[str]:
    """What of it is rich's."""
    return {name for name in loaded if name.partition(".")[0] == "rich"}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["run", "--help"], ["teardown", "--help"], ["board", "--help"]]
)
def test_help_loads_neither_aws_nor_drawing(arguments: list[str]) -> None:
    """What only talks about the program needs nothing but its command line."""
    loaded = loaded_by(*arguments)
    assert not loaded & {*HEAVY}
    assert not drawing(loaded)


@pytest.mark.parametrize(
    "arguments", [["status"], ["status", "--json"], ["steps"], ["steps", "--json"], ["chapter", "list"]]
)
def test_looking_at_the_journal_loads_nothing_of_aws(
    account: Account, name: str, arguments: list[str]
) -> None:
    """What the journal answers by itself asks no AWS, and loads nothing to ask it with."""
    done("run", "--to", "2.1", "--name", name, "--no-pause", "--yes")
    loaded = loaded_by(*arguments, "--name", name)
    assert not loaded & {*HEAVY, *CHANGING}
    assert "lambda_over_https.deployment.journal.journal" in loaded


@pytest.mark.parametrize(
    "arguments",
    [
        *(["status"], ["status", "--json"], ["status", "--settings"], ["steps"], ["history"], ["statsu"]),
        *(["explain", "2.1"], ["explain", "2.1", "--json"]),
    ],
)
def test_what_is_read_at_a_glance_is_drawn_without_rich(
    account: Account, name: str, arguments: list[str]
) -> None:
    """Its loading alone takes a third of the time."""
    done("run", "--to", "2.1", "--name", name, "--no-pause", "--yes")
    assert not drawing(loaded_by(*arguments, "--name", name))


def test_an_error_is_told_without_rich() -> None:
    """Whoever mistypes a name should not wait longer for that."""
    assert not drawing(loaded_by("status", "--name", "nobody"))


def test_a_command_loads_neither_the_steps_nor_other_commands_if_it_needs_none() -> None:
    """Status knows the steps by their lessons, and its own commands only."""
    own = {name.removeprefix(OWN) for name in loaded_by("status") if name.startswith(OWN)}
    assert "cli.commands.looking" in own
    others = {"cli.commands.tutorial", "cli.commands.sandbox", "tutorial.steps", "tutorial.parts.part"}
    assert not own & {*others, "events", "aws.waiting.retries"}


def test_help_loads_the_commands_and_nothing_that_they_work_with() -> None:
    own = {name.removeprefix(OWN) for name in loaded_by("--help") if name.startswith(OWN)}
    assert "cli.walking.predicting" in own
    assert {each for each in own if not each.startswith("cli")} == {
        "errors",
        "hints",
        "hosts",
        "words",
        "names",
        "settings",
    }


def test_no_thread_outlives_a_command(account: Account, name: str) -> None:
    """Steps and removals run side by side in threads; when the command has ended, so have they."""
    before = set(threading.enumerate())
    assert loh("run", "--name", name, "--no-pause", "--yes").code == 0
    assert loh("teardown", "--name", name, "--yes").code == 0
    assert set(threading.enumerate()) <= before, "of those before, some may have ended meanwhile"
