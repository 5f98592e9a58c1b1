"""What there is: ``list``, a name that is not there, ``help``, and a section of the tutorial for a step."""

from pathlib import Path

import pytest

from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.places import journal_path
from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.states import StepState
from tests.kit.program.support import Account, loh

WHEN = "2026-11-01T00:00:00+00:00"


def _kept(home: Path, name: str, target: str, region: str, done: tuple[str, ...], boot: str = "") -> Journal:
    scope = "sandbox" if boot else f"{target}-123456789012-{region}"
    deployment = Deployment(f"{name}-1", name, target, "123456789012", region, "", boot, WHEN)
    journal = journals.create(journal_path(home, scope, name), deployment)
    for number in done:
        journal.step(number, StepState.DONE)
    journal.save()
    return journal


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A state folder with deployments of every state."""
    home = tmp_path / "home"
    _kept(home, "here", "sandbox", "us-east-1", ("1", "2.1"), boot="ended")
    _kept(home, "half", "aws", "eu-west-1", ("1", "2.1", "2.2"))
    _kept(home, "none", "aws", "eu-west-1", ())
    broken = _kept(home, "torn", "aws", "eu-west-1", ())
    broken.path.write_text("{")
    return home


@pytest.mark.usefixtures("home")
def test_every_deployment_is_listed_with_where_it_is_and_how_far() -> None:
    listed = {each["name"]: each for each in loh("list", "--json").json["deployments"]}
    told = {
        name: (each["target"], each["region"], each["step"], each["state"]) for name, each in listed.items()
    }
    assert told == {
        "here": ("sandbox", "us-east-1", "2.1", "gone"),
        "half": ("aws", "eu-west-1", "2.2", "incomplete"),
        "none": ("aws", "eu-west-1", None, "incomplete"),
        "torn": ("aws", None, None, "unreadable"),
    }
    assert listed["half"]["account"] == "123456789012"
    assert listed["half"]["created"] == WHEN


@pytest.mark.usefixtures("home")
def test_the_list_is_a_table_for_people() -> None:
    shown = loh("list").out.splitlines()
    assert shown[0].split() == ["name", "where", "region", "step", "age", "state"]
    assert {line.split()[0] for line in shown[1:]} == {"here", "half", "none", "torn"}


def test_a_finished_deployment_is_complete(account: Account, name: str) -> None:
    assert loh("run", "--no-pause", "--name", name).code == 0
    [listed] = [each for each in loh("list", "--json").json["deployments"] if each["name"] == name]
    assert (listed["state"], listed["step"]) == ("complete", "3.7")
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert name not in loh("list").out


def test_where_there_is_none_it_says_how_to_make_one() -> None:
    listed = loh("list")
    assert (listed.code, listed.out) == (0, "")
    assert "`loh run`" in listed.err
    assert loh("list", "--json").json == {"deployments": []}


@pytest.mark.usefixtures("home")
def test_a_name_that_is_not_there_names_those_that_are() -> None:
    said = loh("status", "--name", "zebra").err
    for each in ("here (sandbox", "half (aws, eu-west-1)", "none (aws", "torn (aws)"):
        assert each in said


@pytest.mark.usefixtures("home")
def test_the_nearest_name_is_suggested() -> None:
    assert "Did you mean --name half?" in loh("status", "--name", "hald").err


@pytest.mark.usefixtures("home")
def test_the_same_name_elsewhere_is_named() -> None:
    said = loh("status", "--name", "half").err
    assert "half (aws, eu-west-1)" in said


@pytest.mark.parametrize("words", ["help run", "help sandbox start", "help help", "help"])
def test_help_is_a_word_too(words: str) -> None:
    asked = [word for word in words.split()[1:] if word != "help"]
    assert loh(*words.split()).out == loh(*asked, "--help").out


def test_a_section_stands_for_all_its_steps_where_they_are_explained() -> None:
    shown = loh("explain", "2").out
    for title in ("Create a deployment package", "Create the execution role", "Create the table"):
        assert title in shown
    assert "Create the API" not in shown
    assert [each["number"] for each in loh("explain", "2", "--json").json["steps"]] == [
        "2.1",
        "2.2",
        "2.3",
        "2.4",
    ]
    assert loh("explain", "1", "--json").json["number"] == "1"


def test_a_run_to_a_section_does_all_of_it(account: Account, name: str) -> None:
    assert loh("run", "--no-pause", "--to", "2", "--name", name).code == 0
    states = {each["number"]: each["state"] for each in loh("steps", "--name", name, "--json").json["steps"]}
    assert [number for number, state in states.items() if state == "done"] == [
        "1",
        "2.1",
        "2.2",
        "2.3",
        "2.4",
    ]
    calls = loh("history", "--step", "2", "--name", name, "--json").json["calls"]
    assert {call["step"] for call in calls} == {"2.2", "2.3", "2.4"}
    assert loh("teardown", "--yes", "--name", name).code == 0


@pytest.mark.parametrize("command", ["run --no-pause --to 4", "explain 4"])
def test_the_last_section_is_a_command_of_its_own(command: str) -> None:
    said = loh(*command.split())
    assert said.code == 2
    assert "`loh teardown" in said.err
