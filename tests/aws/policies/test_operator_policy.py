"""The policy that ``loh policy`` prints is enough for all the program does, and nothing in it is too much."""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from lambda_over_https.aws.policies.permissions import CALLS
from lambda_over_https.aws.policies.sizes import MANAGED
from lambda_over_https.names import TAG_NAME, names_for
from lambda_over_https.practice.drills.registry import DRILLS
from lambda_over_https.sandbox.control import parsing
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest, decide
from lambda_over_https.sandbox.iam.requests import access_requests
from lambda_over_https.sandbox.web.http import Request
from lambda_over_https.tutorial.chapter_lessons import OUTLINES
from lambda_over_https.tutorial.course import calls_of
from tests.kit.account.between import Between, Call
from tests.kit.account.census import census, difference
from tests.kit.program.holder import Holder
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, loh
from tests.kit.sandbox.web_acls import visible

Document = dict[str, Any]


@pytest.fixture
def learner(own: Account, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Holder]:
    with Between(own.sandbox.endpoint_url) as between:
        yield Holder(own, between, name, monkeypatch)


CHAPTERS = [each.name for each in OUTLINES]
WAITS = frozenset({"schedule"})
"""Whose experiment and drills wait for a minute of the clock, as on AWS: this way leads over an endpoint."""

CHAPTER_CALLS = calls_of(CHAPTERS)


def _do_everything(
    learner: Holder, account: Account, source: Path, world: Path, chapters: Sequence[str] = ()
) -> None:
    """The tutorial, changes by us and by others, taking back, chapters, losing the journal, and the end."""
    names = names_for(learner.name)
    run = ("run", "--no-pause", "--yes")
    learner.does(*run)
    account.client("logs").untag_log_group(
        logGroupName=names.log_group, tags=list(_tags(account, names.role))
    )
    account.client("lambda").update_function_configuration(
        FunctionName=names.function, Handler="elsewhere.handler"
    )
    _ask_for_a_key(account, learner.name)
    account.client("iam").delete_role_permissions_boundary(RoleName=names.role)
    learner.does(*run, "--source", str(source))
    learner.does("verify")
    learner.does("logs")
    learner.does("doctor")
    for _ in range(6):
        learner.does("undo")
    learner.does(*run)
    for chapter in chapters:
        _go_through(learner, chapter)
    _disable_keys(account, learner.name)
    _disable_schedules(account, learner.name)
    _open_the_firewall(account, learner.name)
    learner.does(*run)
    for journal in world.glob(f"deployments/*/{learner.name}/journal.json"):
        journal.unlink()
    skipped = learner.does("recover", "--json").json["skipped"]
    assert bool(skipped) is not bool(chapters)
    learner.does("teardown", "--yes")


def _go_through(learner: Holder, chapter: str) -> None:
    """A chapter off and on again, tried, broken by its drills, and left on."""
    yes = ("--yes", "--json")
    learner.does("chapter", "on", chapter, *yes)
    learner.does("chapter", "off", chapter, *yes)
    learner.does("chapter", "on", chapter, *yes)
    if chapter in WAITS:
        return
    learner.does("chapter", "try", chapter, *yes)
    for drill in (each.name for each in DRILLS if each.chapter == chapter):
        learner.does("drill", drill, *yes)


def _disable_keys(account: Account, name: str) -> None:
    apigateway = account.client("apigateway")
    for key in account.listed("apigateway", "get_api_keys", "items"):
        if key["name"].startswith(f"{name}-"):
            patch = [{"op": "replace", "path": "/enabled", "value": "false"}]
            apigateway.update_api_key(apiKey=key["id"], patchOperations=patch)


def _disable_schedules(account: Account, name: str) -> None:
    scheduler = account.client("scheduler")
    for each in account.listed("scheduler", "list_schedules", "Schedules"):
        if each["GroupName"].startswith(f"{name}-"):
            which = {"GroupName": each["GroupName"], "Name": each["Name"]}
            found = scheduler.get_schedule(**which)
            same = ("ScheduleExpression", "FlexibleTimeWindow", "Target")
            scheduler.update_schedule(**which, **{key: found[key] for key in same}, State="DISABLED")


def _open_the_firewall(account: Account, name: str) -> None:
    waf = account.client("wafv2")
    for each in waf.list_ip_sets(Scope="REGIONAL")["IPSets"]:
        if each["Name"].startswith(f"{name}-"):
            which = {"Name": each["Name"], "Scope": "REGIONAL", "Id": each["Id"]}
            waf.update_ip_set(**which, Addresses=[], LockToken=each["LockToken"])
    for each in waf.list_web_acls(Scope="REGIONAL")["WebACLs"]:
        if each["Name"].startswith(f"{name}-"):
            which = {"Name": each["Name"], "Scope": "REGIONAL", "Id": each["Id"]}
            waf.update_web_acl(
                **which,
                DefaultAction={"Allow": {}},
                Rules=[],
                VisibilityConfig=visible(name),
                LockToken=each["LockToken"],
            )


def _ask_for_a_key(account: Account, name: str) -> None:
    apigateway = account.client("apigateway")
    apis = account.listed("apigateway", "get_rest_apis", "items")
    [api] = [each for each in apis if each["name"].startswith(f"{name}-")]
    items = apigateway.get_resources(restApiId=api["id"])["items"]
    [resource] = [each for each in items if each["path"] == "/DynamoDBManager"]
    apigateway.update_method(
        restApiId=api["id"],
        resourceId=resource["id"],
        httpMethod="POST",
        patchOperations=[{"op": "replace", "path": "/apiKeyRequired", "value": "true"}],
    )


def _tags(account: Account, role: str) -> dict[str, str]:
    tags = account.client("iam").list_role_tags(RoleName=role)["Tags"]
    return {each["Key"]: each["Value"] for each in tags}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    from lambda_over_https.deployment.handler.sources import bundled_source

    path = tmp_path / "LambdaFunctionOverHttps.py"
    path.write_text(f"{bundled_source('python').read_text()}\n# changed\n")
    return path


def _without(policy: Document) -> Iterator[tuple[str, str, Document]]:
    """For each action: its name, where it is, and the policy without it."""
    for number, statement in enumerate(policy["Statement"]):
        for action in statement["Action"]:
            less = copy.deepcopy(policy)
            less["Statement"][number]["Action"].remove(action)
            less["Statement"] = [each for each in less["Statement"] if each["Action"]]
            yield action, f"{action} in {statement['Sid']}", less


def _questions(call: Call, name: str, boundary: str) -> list[AccessRequest]:
    """What AWS asks its policies about a call of the deployment ``name``, whose API carries its tags."""
    target = urlsplit(call.path)
    request = Request(call.method, target.path, target.query, call.headers, call.body)
    asked = list(access_requests.requested_access(parsing.parse(request)))
    if call.name == "lambda:GetFunction":
        asked += [AccessRequest("lambda:ListTags", each.resources, each.context) for each in asked]
    if target.path.startswith(("/restapis/", "/usageplans/", "/apikeys/")):
        tags = {f"aws:resourcetag/{TAG_NAME}": name}
        asked = [replace(each, context={**each.context, **tags}) for each in asked]
    if call.name in ("apigateway:DeleteRestApi", "apigateway:UpdateRestApi"):
        names = {"apigateway:resource/apiname": names_for(name).api}
        asked = [replace(each, context={**each.context, **names}) for each in asked]
    if call.name.startswith("iam:"):
        bounded = {"iam:permissionsboundary": boundary}
        asked = [replace(each, context={**each.context, **bounded}) for each in asked]
    return asked


def test_the_printed_policy_is_enough_for_everything_and_no_action_in_it_is_too_much(
    learner: Holder, own: Account, source: Path, world: Path
) -> None:
    policy = learner.printed("--name", learner.name)
    learner.may(policy)
    _do_everything(learner, own, source, world)
    assert {each for each in census(own) if learner.name in each} == {f"policy {_boundary(learner)}"}
    # A recovery looks for what chapters make as well; without the right to look, it goes on.
    made = [call for call in _made(learner) if not _is_of_a_chapter(call, learner.name)]
    assert {_named(call) for call in made} == set(CALLS), "the table names every call, and no other"
    _assert_exactly_enough(policy, made, learner)


def test_with_every_chapter_it_is_enough_for_those_too_and_no_action_in_it_is_too_much(
    learner: Holder, own: Account, source: Path, world: Path
) -> None:
    policy = learner.printed("--name", learner.name, "--chapter", "all")
    learner.may(policy)
    _do_everything(learner, own, source, world, CHAPTERS)
    assert {each for each in census(own) if learner.name in each} == {f"policy {_boundary(learner)}"}
    made = _made(learner)
    assert {_named(call) for call in made} == {*CALLS, *CHAPTER_CALLS}
    _assert_exactly_enough(policy, made, learner)


def test_the_policy_is_for_the_chapters_that_are_on_or_asked_for(account: Account, name: str) -> None:
    def printed(*options: str) -> Document:
        policy: Document = loh("policy", "--name", name, *options).json
        return policy

    plain = printed()
    assert plain != printed("--chapter", "all")
    finished(name)
    assert loh("chapter", "on", "throttle", "--json", "--name", name).code == 0
    assert printed() == printed("--chapter", "throttle") != plain
    assert loh("policy", "--chapter", "throttel").code == 2
    assert loh("teardown", "--yes", "--name", name).code == 0


def _boundary(learner: Holder) -> str:
    return learner.boundary.rpartition("/")[2]


def _made(learner: Holder) -> list[Call]:
    return [call for call in learner.between.calls if not call.name.startswith("execute-api")]


def _is_of_a_chapter(call: Call, name: str) -> bool:
    """Whether only a chapter makes it: another call than the tutorial's, or one about another role."""
    return _named(call) not in CALLS or names_for(name).schedule_role.encode() in call.body


def _named(call: Call) -> str:
    return call.name.replace("resourcegroupstaggingapi", "tag")


def _assert_exactly_enough(policy: Document, made: Sequence[Call], learner: Holder) -> None:
    asked = [each for call in made for each in _questions(call, learner.name, learner.boundary)]
    refused = [each for each in asked if decide([policy], each) != "allowed"]
    assert not refused
    for action, removed, less in _without(policy):
        assert "*" not in action, "so only requests for the action itself can need it"
        needing = (each for each in asked if each.action.lower() == action.lower())
        assert any(decide([less], each) != "allowed" for each in needing), f"nobody needs {removed}"


@pytest.mark.parametrize(
    "action",
    [
        "iam:CreateRole",
        "iam:PassRole",
        "dynamodb:TagResource",
        "apigateway:PUT in Tags",
        "logs:CreateLogGroup",
    ],
)
def test_without_any_one_action_the_run_fails_and_names_it(learner: Holder, action: str) -> None:
    policy = learner.printed("--name", learner.name)
    [less] = [less for _, removed, less in _without(policy) if removed.startswith(action)]
    learner.may(less)
    failed = learner.does("run", "--no-pause", "--yes", code=1)
    assert f"Missing: {action.partition(' ')[0]}" in failed.err
    assert "loh policy" in failed.err
    learner.may(policy)
    learner.does("teardown", "--yes")


def test_without_the_right_to_list_tags_our_own_function_is_not_taken_for_ours(learner: Holder) -> None:
    policy = learner.printed("--name", learner.name)
    [less] = [each for _, removed, each in _without(policy) if removed.startswith("lambda:ListTags")]
    learner.may(policy)
    learner.does("run", "--no-pause", "--yes", "--to", "2.3")
    learner.may(less)
    learner.does("run", "--no-pause", "--yes", "--to", "2.3", code=1)
    learner.may(policy)
    learner.does("teardown", "--yes")


def test_what_the_policy_does_not_protect_against_is_said_beside_it(account: Account) -> None:
    printed = loh("policy")
    arn = "arn:aws:iam::123456789012:policy/lambda-gateway-boundary"
    assert f"only be made with the permissions boundary {arn}" in printed.err
    assert "prevents mistakes, not malice" in printed.err


@pytest.mark.parametrize("options", [(), ("--chapter", "all"), ("--prefix", "class-", "--chapter", "all")])
def test_it_fits_where_it_is_said_to_be_attached(account: Account, options: tuple[str, ...]) -> None:
    whole = loh("policy", *options)
    pieces, number = [], 1
    while (printed := loh("policy", "--part", str(number), *options)).code == 0:
        length = len(json.dumps(printed.json, separators=(",", ":")))
        assert f"{length:,} characters" in printed.err
        assert f"create-policy --policy-name {'class-' if '--prefix' in options else ''}lambda" in printed.err
        assert length <= MANAGED
        pieces.append(printed.json)
        number += 1
    assert [each for piece in pieces for each in piece["Statement"]] == whole.json["Statement"]
    assert (f"`--part {len(pieces)}`" in whole.err) is (len(pieces) > 1)


def test_the_boundary_says_how_it_is_made_and_chosen(account: Account) -> None:
    printed = loh("policy", "--boundary", "--prefix", "class-")
    assert "create-policy --policy-name class-lambda-gateway-boundary" in printed.err
    arn = "arn:aws:iam::123456789012:policy/class-lambda-gateway-boundary"
    assert f"--permissions-boundary {arn}" in printed.err
    resources = [each["Resource"] for each in printed.json["Statement"]]
    assert all(":class-*" in each or "/class-*" in each for each in resources)


def test_with_a_lent_role_no_right_to_make_roles_is_printed(account: Account) -> None:
    arn = "arn:aws:iam::123456789012:role/LabRole"
    printed = loh("policy", "--role-arn", arn)
    policy = printed.json
    assert f"can run code with {arn}, and so do all that this role may do" in printed.err
    assert "boundary" not in printed.err
    [role] = [each for each in policy["Statement"] if each["Sid"] == "Role"]
    assert (role["Action"], role["Resource"]) == (["iam:GetRole"], arn)
    [passed] = [each for each in policy["Statement"] if "iam:PassRole" in each["Action"]]
    assert passed["Resource"] == arn
    assert passed["Condition"] == {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}


def test_one_policy_serves_a_class_by_its_prefix_and_nobody_else(learner: Holder, own: Account) -> None:
    learner.may(learner.printed("--prefix", "class-"))
    learner.name = "other"
    assert "Missing" in learner.does("run", "--no-pause", "--yes", code=1).err
    learner.name = f"class-{own.sandbox.pid}"
    learner.does("run", "--no-pause", "--yes", "--to", "3.2")
    learner.does("teardown", "--yes")


CHANGES: dict[str, Callable[[Any, dict[str, str]], Any]] = {
    "delete": lambda client, api: client.delete_rest_api(restApiId=api["id"]),
    "resource": lambda client, api: client.create_resource(
        restApiId=api["id"], parentId=api["rootResourceId"], pathPart="x"
    ),
    "method": lambda client, api: client.put_method(
        restApiId=api["id"], resourceId=api["rootResourceId"], httpMethod="GET", authorizationType="NONE"
    ),
}


@pytest.mark.parametrize("prefix", [None, "class-"])
def test_an_api_that_carries_another_name_is_out_of_reach(
    learner: Holder, own: Account, prefix: str | None
) -> None:
    learner.name = "class-alice"
    options = ("--prefix", prefix) if prefix else ("--name", learner.name)
    learner.may(learner.printed(*options))
    theirs = own.client("apigateway").create_rest_api(name="theirs", tags={TAG_NAME: "other"})
    before = census(own)
    client = learner.client("apigateway")
    for change in CHANGES.values():
        with pytest.raises(ClientError, match="not authorized to perform: apigateway:"):
            change(client, theirs)
    assert difference(before, census(own)) == []
    mine = {"name": names_for(learner.name).api, "tags": {TAG_NAME: learner.name}}
    for wrong in ({**mine, "tags": {}}, {**mine, "name": "mine"}):
        with pytest.raises(ClientError, match="not authorized to perform: apigateway:POST"):
            client.create_rest_api(**wrong)
    mine = client.create_rest_api(**mine)
    for change in reversed(CHANGES.values()):
        change(client, mine)
    assert difference(before, census(own)) == []


def test_the_doctor_finds_a_missing_permission_before_anything_is_made(learner: Holder) -> None:
    policy = learner.printed("--name", learner.name)
    [less] = [each for _, removed, each in _without(policy) if removed.startswith("dynamodb:DescribeTable")]
    learner.may(less)
    findings = learner.does("doctor", "--json", code=1).json["findings"]
    [wrong] = [each for each in findings if not each["ok"]]
    assert wrong["name"] == f"name {names_for(learner.name).table}"
    assert "Missing: dynamodb:DescribeTable" in wrong["fix"]
