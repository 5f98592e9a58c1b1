"""Tests of a class make users, groups and policies, which would stop other tests: none may stay."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.program.support import Account, done

ROSTER = "name,email,display\nalice,alice@example.org,Alice <b>Łuk</b> | *A*\nbob,,\n"

PEOPLE = (("list_users", "Users", "UserName"), ("list_groups", "Groups", "GroupName"))


def _people(account: Account) -> set[str]:
    """The users, groups and policies of the account."""
    found = {each[key] for listing, what, key in PEOPLE for each in account.listed("iam", listing, what)}
    policies = account.listed("iam", "list_policies", "Policies", Scope="Local")
    return found | {each["PolicyName"] for each in policies}


@pytest.fixture(autouse=True)
def _no_people_stay(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that leaves somebody in the account fails itself, and not the next one."""
    if "account" not in request.fixturenames:
        yield
        return
    account = Account(request.getfixturevalue("sandbox"))
    before = _people(account)
    yield
    assert _people(account) - before == set()


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER)
    return path


@pytest.fixture
def taught(account: Account, name: str, roster: Path) -> str:
    done("class", "new", name, "--prefix", name, "--roster", str(roster))
    return name
