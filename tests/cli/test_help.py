"""Help, completion, suggestions, and that none of it makes anybody wait."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_over_https.cli import commands, completion
from lambda_over_https.cli.help import examples, panel_of, prose
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, loh

HEAVY = ("boto3", "botocore.client", "moto", "pygments", "uvicorn", "airspeed")


def test_commands_stand_in_groups() -> None:
    said = loh("--help").out
    groups = ["The tutorial:", "Using it:", "Looking at it:", "Removing and repairing:", "The sandbox:"]
    assert sorted(groups, key=said.index) == groups
    assert (
        said.index("The tutorial:") < said.index("  run ") < said.index("Using it:") < said.index("  call ")
    )


@pytest.mark.parametrize(
    "command",
    [
        *("run", "next", "undo", "steps", "explain", "plan", "drill", "call", "logs", "watch"),
        *("status", "verify", "history", "export", "teardown", "sandbox start"),
        *("chapter list", "chapter on", "chapter try", "chapter off"),
    ],
)
def test_every_command_shows_examples_that_begin_with_the_command(command: str) -> None:
    said = loh(*command.split(), "--help").out
    shown = [line.strip() for line in said.partition("Examples:")[2].splitlines() if line.strip()]
    assert shown
    assert all(line.startswith(f"loh {command}") for line in shown)
    assert "Example" not in said.partition("Options:")[0]


def test_a_chapter_in_the_place_of_a_command_is_told_from_a_mistyped_command() -> None:
    ran = loh("chapter", "throttle")
    assert ran.code == 2
    assert "`loh chapter on throttle` switches it on" in ran.err
    assert "No such command 'thrttle'" in loh("chapter", "thrttle").err


@pytest.mark.parametrize("group", [[], ["chapter"], ["sandbox"], ["sandbox", "fault"]])
def test_what_a_command_does_is_told_to_the_end_in_the_list_of_commands(group: list[str]) -> None:
    assert "..." not in loh(*group, "--help").out.partition("--help")[2]


def test_every_command_is_listed_with_the_module_that_it_is_in() -> None:
    folder = Path(commands.__file__).parent
    defining = {path.stem for path in folder.glob("*.py") if "\napp = typer.Typer(" in path.read_text()}
    assert defining - {"__init__"} == set(commands.MODULES)
    for module, names in commands.MODULES.items():
        assert tuple(commands.commands_of(module)) == names


def test_the_list_of_commands_tells_what_each_ones_help_begins_with() -> None:
    told = {entry.name: entry for entry in commands.overview()}
    assert list(told) == list(commands.OnDemand())
    for name, command in commands.OnDemand().items():
        assert " ".join(command.help.split()).startswith(told[name].summary)
        assert told[name].panel == panel_of(command)


def test_a_docstring_is_told_apart_from_its_examples() -> None:
    text = "Do it.\n\nMore.\n\nExamples:  loh a   ·   loh b\n    --long"
    assert prose(text) == "Do it.\n\nMore."
    assert list(examples(text)) == ["loh a", "loh b --long"]


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        (["statsu"], "status"),
        (["explain", "permision"], "permission"),
        (["run", "--to", "tabel"], "table"),
        (["drill", "permision"], "permission"),
        (["sandbox", "fault", "on", "slow-fonction"], "slow-function"),
        (["sandbox", "start", "--fault", "slow-fonction"], "slow-function"),
        (["hlep"], "'help'"),
        (["sandbox", "hlp"], "'help'"),
        (["sandbox", "stauts"], "'status'"),
    ],
)
def test_what_is_mistyped_is_answered_with_what_was_meant(mistyped: list[str], meant: str) -> None:
    ran = loh(*mistyped)
    assert ran.code == 2
    assert "Did you mean" in ran.err
    assert meant in ran.err


@pytest.mark.parametrize("group", [[], ["sandbox"], ["sandbox", "fault"], ["chapter"]])
def test_help_as_a_command_of_a_group_is_its_help(group: list[str]) -> None:
    assert loh(*group, "help").out == loh(*group, "--help").out
    assert loh(*group, "help", "list").out == loh(*group, "list", "--help").out


def test_the_list_of_commands_says_how_to_get_the_help_of_one() -> None:
    assert "type help before it, or --help after it" in loh("help").out


def test_steps_complete_by_number_and_by_name() -> None:
    assert [key for key, _ in completion.steps("3.")] == ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7"]
    assert completion.steps("perm") == [("permission", "Grant permission to invoke")]


def test_deployments_complete_by_name(account: Account) -> None:
    finished()
    assert "lesson" in completion.deployments("les")
    assert completion.deployments("no-such") == []


@pytest.mark.processes
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("loh explain inte", "integration"),
        ("loh drill unm", "unmapped"),
        ("loh call cre", "create"),
        ("loh sandbox fault on sl", "slow-function"),
    ],
)
def test_the_shell_gets_these_completions(words: str, expected: str) -> None:
    environment = {"_LOH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    program = (
        "import sys; sys.argv[0] = 'loh'; from lambda_over_https.cli.app import app; app(prog_name='loh')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.split() == [expected]


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["steps"], ["status", "--name", "lesson"], ["history", "--name", "lesson"]],
)
def test_what_only_reads_the_journal_starts_without_the_heavy_libraries(
    account: Account, arguments: list[str]
) -> None:
    finished()
    program = (
        "import sys; from lambda_over_https.cli.app import main; sys.argv = ['loh', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert ran.stderr.splitlines()[-1] == "[]", ran.stderr


def test_explaining_a_step_that_was_done_needs_no_sdk(account: Account) -> None:
    finished()
    program = (
        "import sys; from lambda_over_https.cli.app import main; sys.argv = ['loh', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('boto3' in sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, "explain", "3.6", "--name", "lesson"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr.splitlines()[-1] == "False"
    assert "lambda_.add_permission(" in ran.stdout


def test_only_a_process_of_the_programs_own_has_its_garbage_collector_set() -> None:
    before = gc.get_threshold()
    assert loh("--version").code == 0
    assert gc.get_threshold() == before


def test_a_chapter_in_the_place_of_a_command_gets_the_commands_for_it_with_its_options() -> None:
    said = " ".join(loh("chapter", "throttle", "--name", "alice").err.split())
    assert "`loh chapter on throttle --name alice`" in said
    assert "`loh chapter try throttle --name alice`" in said
