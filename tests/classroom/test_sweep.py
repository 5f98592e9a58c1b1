"""A sweep removes what the class has left, and nothing else: nobody else's, nothing newer than its plan."""

import itertools
import json
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.kinds import Kind
from lambda_over_https.names import TAG_DEPLOYMENT, TAG_NAME, names_for
from tests.kit.account.between import Answer, Between, Call, Forward, pass_on
from tests.kit.account.census import census, difference
from tests.kit.account.decoys import like_ours
from tests.kit.program.forks import Run, Zygote
from tests.kit.program.support import Account, Ran, done, loh, use_keys
from tests.kit.sandbox.control import create_table, trust_policy

LISTINGS = (
    "ListRoles",
    "ListFunctions",
    "ListTables",
    "GetRestApis",
    "GetUsagePlans",
    "ListScheduleGroups",
    "ListWebACLs",
    "ListIPSets",
)
"""The calls that show what all students have."""


@pytest.fixture
def taught(account: Account, name: str) -> str:
    """A class of three: one has finished, one has come to the API, one has not begun."""
    done("class", "new", name, "--prefix", name, "--count", "3")
    done("run", "--no-pause", "--name", f"{name}-01")
    done("run", "--no-pause", "--name", f"{name}-02", "--to", "3.1")
    return name


def sweep(name: str, *options: str) -> Ran:
    return loh("class", "sweep", "--class", name, "--yes", *options)


def of(account: Account, student: str) -> set[str]:
    return account.of(student)


def test_everything_goes_and_the_account_shows_it(taught: str, account: Account, world: Path) -> None:
    shown = sweep(taught)
    assert shown.code == 0, shown.err
    assert account.of(taught) == set()
    assert "it shows nothing of these students" in shown.out
    [proof] = (world / "classes" / taught).glob("sweep-*.json")
    assert json.loads(proof.read_text())["still_there"] == []
    assert proof.stat().st_mode & 0o077 == 0
    again = sweep(taught, "--json")
    assert (again.code, again.json["deleted"]) == (0, [])


def test_a_plan_lists_the_account_once_however_many_students_there_are(
    account: Account, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, account.sandbox)
    with Between(account.sandbox.endpoint_url) as between:
        where = ("--endpoint-url", between.url, "--region", "us-east-1")
        done("class", "new", name, "--prefix", name, "--count", "4", *where)
        done("class", "run", "--class", name, "--yes", "--to", "2.2")
        between.calls.clear()
        assert sweep(name, "--save", str(tmp_path / "plan.json")).code == 0
        calls = Counter(between.names())
        assert sweep(name).code == 0
    shared = {call: count for call, count in calls.items() if call.partition(":")[2] in LISTINGS}
    assert set(shared.values()) == {1}, shared
    assert len(shared) == len(LISTINGS)


def test_each_entry_says_whose_it_was(taught: str, account: Account) -> None:
    swept = sweep(taught, "--json").json
    assert {each["student"] for each in swept["deleted"]} == {"01", "02"}
    assert {each["kind"] for each in swept["deleted"]} >= {"iam:role", "apigateway:restapi", "dynamodb:table"}


def test_what_is_not_ours_stays_whatever_its_name(taught: str, account: Account) -> None:
    iam, gateway = account.client("iam"), account.client("apigateway")
    names, near = names_for(f"{taught}-03"), f"{taught}-010"
    iam.create_role(RoleName=names.role, AssumeRolePolicyDocument=trust_policy())  # the name, and no tag
    create_table(account.client("dynamodb"), names_for(near).table)  # a name that only begins alike
    namesake = gateway.create_rest_api(name=names_for(f"{taught}-02").api)  # without a tag
    gateway.create_rest_api(name="other", tags={TAG_NAME: near})
    done("run", "--no-pause", "--name", f"{taught}x-01", "--to", "2.3")  # another class
    planted = account.holdings()
    swept = sweep(taught, "--json")
    assert swept.code == 0, swept.err
    gone = planted - account.holdings()
    assert gone
    assert all(f"{taught}-01-" in each or f"{taught}-02-" in each for each in gone), gone
    assert not [each for each in gone if namesake["id"] in each]
    assert {each["name"] for each in swept.json["kept"]} == {names.role}
    done("teardown", "--yes", "--name", f"{taught}x-01")


def test_a_tag_of_a_student_makes_nobody_elses_api_go(taught: str, account: Account) -> None:
    gateway = account.client("apigateway")
    [own] = [
        each
        for each in account.listed("apigateway", "get_rest_apis", "items")
        if f"{taught}-01-" in each["name"]
    ]
    company = gateway.create_rest_api(name="Company-Production", tags=own["tags"])
    elsewhere = gateway.create_rest_api(name="Other", tags=like_ours(f"{taught}-03"))
    swept = sweep(taught, "--json")
    assert swept.code == 0, swept.err
    left = {each["id"] for each in account.listed("apigateway", "get_rest_apis", "items")}
    assert {company["id"], elsewhere["id"]} <= left
    assert own["id"] not in left
    assert [company["id"] in each["name"] for each in swept.json["kept"]] == [True]


def test_a_second_deployment_of_a_students_name_stays_and_the_first_goes(
    taught: str, account: Account
) -> None:
    names, gateway = names_for(f"{taught}-01"), account.client("apigateway")
    tags = like_ours(f"{taught}-01")
    second = gateway.create_rest_api(name=names.api, tags=tags)
    plan = gateway.create_usage_plan(name=names.usage_plan, tags=tags)
    swept = sweep(taught, "--json")
    assert swept.code == 0, swept.err
    assert {(each["kind"], each["id"]) for each in swept.json["kept"]} == {
        (Kind.REST_API, second["id"]),
        (Kind.USAGE_PLAN, plan["id"]),
    }
    assert all(tags[TAG_DEPLOYMENT] in each["reason"] for each in swept.json["kept"])
    assert {each["id"] for each in account.listed("apigateway", "get_rest_apis", "items")} >= {second["id"]}
    assert {each["id"] for each in swept.json["still_there"]} == {second["id"], plan["id"]}
    gateway.delete_usage_plan(usagePlanId=plan["id"])
    gateway.delete_rest_api(restApiId=second["id"])
    assert account.of(taught) == set()


def test_what_cannot_be_told_apart_stays_and_the_commands_for_it_are_named(
    taught: str, account: Account
) -> None:
    role, iam = names_for(f"{taught}-02").role, account.client("iam")
    other = [{"Key": key, "Value": value} for key, value in like_ours(f"{taught}-02").items()]
    iam.tag_role(RoleName=role, Tags=other)
    swept = sweep(taught, "--json")
    assert swept.code == 0, swept.err
    [kept] = swept.json["kept"]
    assert kept["student"] == "02"
    assert f"iam:role {role}" in kept["reason"]
    assert f"`loh recover --name {taught}-02 --id ID`" in kept["reason"]
    assert of(account, f"{taught}-01") == set()
    assert f"role {role}" in of(account, f"{taught}-02")
    iam.untag_role(RoleName=role, TagKeys=[TAG_DEPLOYMENT])
    assert sweep(taught).code == 0
    iam.delete_role_policy(RoleName=role, PolicyName=names_for(f"{taught}-02").policy)
    iam.delete_role(RoleName=role)
    assert account.of(taught) == set()


def test_a_saved_plan_removes_nothing_and_later_exactly_what_it_names(
    taught: str, account: Account, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    before = census(account)
    plan.write_text("a letter")
    assert (sweep(taught, "--save", str(plan)).code, plan.read_text()) == (2, "a letter")
    shown = sweep(taught, "--save", str(plan), "--force")
    assert (shown.code, difference(before, census(account))) == (0, [])
    done("run", "--no-pause", "--name", f"{taught}-02")  # goes on after the plan
    done("run", "--no-pause", "--name", f"{taught}-03", "--to", "2.2")
    table = names_for(f"{taught}-01").table
    dynamodb = account.client("dynamodb")
    dynamodb.delete_table(TableName=table)
    done("run", "--no-pause", "--name", f"{taught}-01")  # makes the table anew
    swept = sweep(taught, "--plan", str(plan), "--json")
    assert swept.code == 0, swept.err
    kept = {(each["student"], each["kind"]) for each in swept.json["kept"]}
    assert ("01", "dynamodb:table") in kept
    assert of(account, f"{taught}-01") == {f"table {table}"}
    assert of(account, f"{taught}-03")
    assert sweep(taught).code == 0
    assert account.of(taught) == set()


def test_only_some_and_only_old_ones(taught: str, account: Account) -> None:
    assert sweep(taught, "--older-than", "1h", "--json").json["deleted"] == []
    assert sweep(taught, "--only", "02").code == 0
    assert of(account, f"{taught}-02") == set()
    assert of(account, f"{taught}-01")
    assert sweep(taught).code == 0


@pytest.mark.parametrize(
    "options", [("--older-than", "soon"), ("--only", "99"), ("--plan", "/nonexistent"), ("--class", "none")]
)
def test_what_cannot_be_meant_is_refused(taught: str, options: tuple[str, ...]) -> None:
    assert sweep(taught, *options).code == 2
    assert sweep(taught).code == 0


def test_without_a_yes_nothing_goes(taught: str, account: Account) -> None:
    before = census(account)
    assert loh("class", "sweep", "--class", taught).code == 2
    assert difference(before, census(account)) == []
    assert sweep(taught).code == 0


def test_what_is_left_is_named_and_goes_next_time(
    taught: str, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    dynamodb: Any = account.client("dynamodb")
    table = names_for(f"{taught}-01").table
    dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)
    first = sweep(taught, "--json")
    assert first.code == 3
    [left] = first.json["left"]
    assert (left["student"], left["kind"], left["name"]) == ("01", "dynamodb:table", table)
    dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
    assert sweep(taught).code == 0
    assert account.of(taught) == set()


@pytest.mark.parametrize("point", [1, 2, 4, 6, 8, 10])
def test_after_an_interrupt_the_same_command_goes_on(
    account: Account, zygote: Zygote, name: str, monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    use_keys(monkeypatch, account.sandbox)
    deletes, runs = itertools.count(1), list[Run]()

    def press(call: Call, forward: Forward) -> Answer | None:
        answer = forward()
        if ":Delete" in call.name and next(deletes) == point:
            runs[0].kill(signal.SIGINT)
        return answer

    with Between(account.sandbox.endpoint_url) as between:
        where = ("--endpoint-url", between.url, "--region", "us-east-1")
        done("class", "new", name, "--prefix", name, "--count", "3", *where)
        done("class", "run", "--class", name, "--yes", "--to", "3.2")
        between.meddle = press
        runs.append(zygote.start("class", "sweep", "--class", name, "--yes"))
        stopped = runs[0].end()
        assert stopped.code == 130, stopped.err
        assert account.of(name)
        between.meddle = pass_on
        again = sweep(name)
    assert (again.code, account.of(name)) == (0, set()), again.err


def test_what_the_account_still_shows_is_named(account: Account, name: str) -> None:
    """An API of the student's name that the student has not made: not ours to remove, nor to be silent of."""
    done("class", "new", name, "--prefix", name, "--count", "1")
    done("run", "--no-pause", "--name", f"{name}-01", "--to", "3.1")
    apis = account.client("apigateway")
    other = apis.create_rest_api(name=names_for(f"{name}-01").api)["id"]
    shown = sweep(name)
    apis.delete_rest_api(restApiId=other)
    assert shown.code == 0, shown.err
    assert "The account still shows 1 resource of 1 student:" in shown.out
    assert f"01: apigateway:restapi {names_for(f'{name}-01').api} ({other})" in " ".join(shown.out.split())
