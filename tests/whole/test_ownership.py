"""What is not ours is never touched, and what somebody did to ours is said before it goes."""

import json
from pathlib import Path

import pytest

from lambda_over_https.errors import LohError
from lambda_over_https.names import names_for
from tests.kit.account import decoys
from tests.kit.account.between import Answer, Between, Call, Forward, error
from tests.kit.account.census import Census, census, difference
from tests.kit.program.bench import Bench
from tests.kit.program.support import Account, Ran, loh, use_keys


def _only_decoys(whole: Census, planted: Census) -> Census:
    return {key: value for key, value in whole.items() if key in planted}


@pytest.mark.parametrize("tagged", [False, True], ids=["untagged", "another-id"])
def test_a_run_refuses_names_everything_in_the_way_at_once_and_changes_nothing(
    own: Account, name: str, tagged: bool
) -> None:
    names = names_for(name)
    decoys.plant_all(own, names, decoys.like_ours(name) if tagged else {})
    before = census(own)
    refused = loh("run", "--no-pause", "--yes", "--name", name)
    assert refused.code == 1
    for each in decoys.named(names).values():
        assert each in refused.err
    assert difference(before, census(own)) == []
    assert loh("status", "--name", name).code == 1, "a refused run leaves no deployment"
    left = loh("teardown", "--yes", "--name", name, "--json")
    assert left.code == 3, "a teardown of what this machine does not know names what has the names"
    assert {each["name"] for each in left.json["left"]} == set(decoys.named(names).values())
    assert ("loh recover" in left.err) is tagged, "it takes in nothing without a tag"
    assert ("remove it yourself" in left.err) is not tagged
    assert difference(before, census(own)) == []


def test_no_command_touches_things_with_names_and_tags_like_ours(own: Account, name: str) -> None:
    planted = decoys.plant_neighbours(own, names_for(name))
    before = census(own)
    assert len(before) >= planted
    commands: list[tuple[str, ...]] = [
        ("plan",),
        ("run", "--no-pause", "--yes", "--to", "3.2"),
        ("next", "--yes"),
        ("undo",),
        ("run", "--no-pause", "--yes"),
        ("run", "--no-pause", "--yes", "--tutorial-policy"),
        ("status",),
        ("verify",),
        ("call", "ping"),
        ("teardown", "--yes", "--force"),
    ]
    for command in commands:
        done = loh(*command, "--name", name)
        assert done.code == 0, (command, done.err)
        assert difference(before, _only_decoys(census(own), before)) == [], command
    assert difference(before, census(own)) == []


@pytest.mark.parametrize("kind", ["role", "function", "table", "log group"])
def test_a_thing_that_somebody_replaced_by_one_of_the_same_name_is_kept_and_said_so(
    own: Account, name: str, kind: str
) -> None:
    thing = decoys.named(names_for(name))[kind]
    assert loh("run", "--no-pause", "--yes", "--name", name, "--to", "3.1").code == 0
    decoys.remove(own, kind, thing)
    decoys.plant(own, kind, thing, decoys.like_ours(name))
    before = census(own)
    key = f"{kind} {thing}"
    assert loh("run", "--no-pause", "--yes", "--name", name).code == 1
    assert census(own)[key] == before[key]
    gone = loh("teardown", "--yes", "--json", "--name", name)
    assert gone.code == 0, gone.err
    assert thing in {each["name"] for each in gone.json["kept"]}
    after = census(own)
    assert after[key] == before[key]
    assert not {each for each in after if name in each} - {key, *_tagged(after, thing)}


CREATES = {
    "role": "iam:CreateRole",
    "log group": "logs:CreateLogGroup",
    "function": "lambda:CreateFunction",
    "table": "dynamodb:CreateTable",
}


@pytest.mark.parametrize("kind", CREATES)
def test_a_thing_that_somebody_makes_just_before_us_is_not_taken_for_ours(
    own: Account, name: str, world: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """They come between our look and our create, or their create is answered while ours is lost."""
    use_keys(monkeypatch, own.sandbox)
    planted: Census = {}

    def come_first(call: Call, forward: Forward) -> Answer:
        if call.name == CREATES[kind] and call.number == 1:
            decoys.plant(own, kind, decoys.named(names_for(name))[kind], decoys.like_ours(name))
            planted.update(census(own))
        return forward()

    with Between(own.sandbox.endpoint_url, come_first) as between:
        bench = Bench(name, between.url, world)
        with pytest.raises(LohError, match="not ours"):
            bench.run(workers=1)
        bench.teardown()
    key = f"{kind} {decoys.named(names_for(name))[kind]}"
    assert census(own)[key] == planted[key]


def _tagged(whole: Census, thing: str) -> set[str]:
    return {each for each in whole if each.startswith("tagged") and each.endswith(thing)}


def test_undo_leaves_a_thing_that_is_not_ours_any_more(own: Account, name: str) -> None:
    names = names_for(name)
    assert loh("run", "--no-pause", "--yes", "--name", name, "--to", "2.4").code == 0
    decoys.remove(own, "table", names.table)
    decoys.plant(own, "table", names.table, {})
    assert loh("undo", "--name", name).code == 0
    assert f"table {names.table}" in census(own)


# --- what somebody did to ours ---


def _made(name: str) -> None:
    done = loh("run", "--no-pause", "--yes", "--name", name)
    assert done.code == 0, done.err


def _torn_down(name: str, *options: str) -> Ran:
    return loh("teardown", "--yes", "--name", name, *options)


def test_items_stages_resources_and_permissions_that_were_added_are_said_and_go_along(
    own: Account, name: str
) -> None:
    _made(name)
    names = names_for(name)
    apigateway = own.client("apigateway")
    [api] = apigateway.get_rest_apis()["items"]
    [deployment] = apigateway.get_deployments(restApiId=api["id"])["items"]
    apigateway.create_stage(restApiId=api["id"], stageName="dev", deploymentId=deployment["id"])
    root = api.get("rootResourceId") or apigateway.get_resources(restApiId=api["id"])["items"][0]["id"]
    apigateway.create_resource(restApiId=api["id"], parentId=root, pathPart="other")
    own.client("lambda").add_permission(
        FunctionName=names.function,
        StatementId="theirs",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
    )
    for number in range(3):
        own.client("dynamodb").put_item(TableName=names.table, Item={"Id": {"S": str(number)}})
    gone = _torn_down(name)
    assert gone.code == 0, gone.err
    for each in ("3 items", "stage dev", "/other", "permission theirs"):
        assert each in gone.err
    assert census(own) == {}


def test_a_policy_that_somebody_attached_is_detached_and_stays(own: Account, name: str) -> None:
    _made(name)
    iam = own.client("iam")
    arn = iam.create_policy(PolicyName="theirs", PolicyDocument=decoys.A_POLICY)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=names_for(name).role, PolicyArn=arn)
    gone = _torn_down(name)
    assert gone.code == 0, gone.err
    assert arn in gone.err
    assert set(census(own)) == {"policy theirs"}


def test_a_policy_that_somebody_wrote_into_our_role_is_lost_only_by_force(own: Account, name: str) -> None:
    _made(name)
    role = names_for(name).role
    own.client("iam").put_role_policy(RoleName=role, PolicyName="theirs", PolicyDocument=decoys.A_POLICY)
    left = _torn_down(name)
    assert left.code == 3
    assert "theirs" in left.err
    assert "--force" in left.err
    assert [each["PolicyName"] for each in census(own)[f"role {role}"]["inline"]] == ["theirs"]
    assert _torn_down(name, "--force").code == 0
    assert census(own) == {}


def test_a_table_that_somebody_protected_goes_only_by_force(own: Account, name: str) -> None:
    _made(name)
    table = names_for(name).table
    own.client("dynamodb").update_table(TableName=table, DeletionProtectionEnabled=True)
    left = _torn_down(name, "--json")
    assert left.code == 3
    assert [(each["kind"], each["name"]) for each in left.json["left"]] == [("dynamodb:table", table)]
    assert "protection" in left.json["left"][0]["reason"]
    assert _torn_down(name, "--force").code == 0
    assert census(own) == {}


def test_a_log_group_that_somebody_protected_is_named_as_left(
    own: Account, name: str, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, own.sandbox)

    def protect(call: Call, forward: Forward) -> Answer:
        if call.name != "logs:DeleteLogGroup":
            return forward()
        message = "The log group has deletion protection enabled and cannot be deleted."
        return error(call, "ValidationException", message, 400)

    with Between(own.sandbox.endpoint_url, protect) as between:
        bench = Bench(name, between.url, world)
        bench.run("2.3")
        [left] = bench.teardown().left
        assert left.kind == "logs:log-group"
        assert "--force" in left.reason
        between.meddle = lambda _, forward: forward()
        assert bench.teardown().left == []


def test_a_second_api_that_carries_our_tag_goes_too(own: Account, name: str) -> None:
    _made(name)
    apigateway = own.client("apigateway")
    [api] = apigateway.get_rest_apis()["items"]
    for _ in range(2):
        apigateway.create_rest_api(name=api["name"], tags=api["tags"])
    assert _torn_down(name).code == 0
    assert census(own) == {}


def test_a_log_group_that_lambda_made_again_goes_too(own: Account, name: str) -> None:
    _made(name)
    group = names_for(name).log_group
    own.client("logs").delete_log_group(logGroupName=group)
    own.client("logs").create_log_group(logGroupName=group)
    assert _torn_down(name).code == 0
    assert census(own) == {}


def test_what_carries_our_tag_but_is_not_in_the_journal_is_named_and_not_removed(
    own: Account, name: str
) -> None:
    assert loh("run", "--no-pause", "--yes", "--name", name, "--to", "2.2").code == 0
    [tags] = [value["role"]["Tags"] for key, value in census(own).items() if key.startswith("role ")]
    table = names_for(name).table
    decoys.plant(own, "table", table, {each["Key"]: each["Value"] for each in tags})
    left = _torn_down(name, "--json")
    assert left.code == 3
    assert [each["name"] for each in left.json["left"]] == [table]
    assert "recover" in left.json["left"][0]["reason"]
    assert f"table {table}" in census(own)


# --- choices that changed between runs ---


def _lab_role(account: Account) -> str:
    decoys.plant(account, "role", "LabRole", {})
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    iam = account.client("iam")
    iam.put_role_policy(RoleName="LabRole", PolicyName="all", PolicyDocument=json.dumps(document))
    return str(iam.get_role(RoleName="LabRole")["Role"]["Arn"])


@pytest.mark.parametrize("lent_first", [True, False])
def test_a_role_that_is_lent_later_or_no_more_is_never_deleted_and_our_own_always_is(
    own: Account, name: str, lent_first: bool
) -> None:
    arn = _lab_role(own)
    before = census(own)
    for role in (arn, "") if lent_first else ("", arn):
        done = loh("run", "--no-pause", "--yes", "--name", name, "--role-arn", role)
        assert done.code == 0, done.err
    gone = _torn_down(name, "--json")
    assert gone.code == 0, gone.err
    assert [each["name"] for each in gone.json["kept"]] == ["LabRole"]
    assert difference(before, census(own)) == []


def test_a_role_that_does_not_exist_cannot_be_lent_and_leaves_no_trace(own: Account, name: str) -> None:
    missing = "arn:aws:iam::123456789012:role/None"
    refused = loh("run", "--no-pause", "--yes", "--name", name, "--role-arn", missing)
    assert refused.code == 1
    assert missing in refused.err
    assert census(own) == {}
    assert loh("status", "--name", name).code == 1


def test_our_own_role_cannot_be_lent_to_us(own: Account, name: str) -> None:
    _made(name)
    arn = own.client("iam").get_role(RoleName=names_for(name).role)["Role"]["Arn"]
    refused = loh("run", "--no-pause", "--yes", "--name", name, "--role-arn", arn)
    assert refused.code == 1
    assert "own" in refused.err
    assert _torn_down(name).code == 0
    assert census(own) == {}


def test_another_sandbox_behind_an_endpoint_url_never_touches_the_sandboxs_journal(
    own: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, own.sandbox)
    assert loh("run", "--no-pause", "--yes", "--name", name, "--to", "2.2").code == 0
    where = ("--name", name, "--region", "us-east-1", "--endpoint-url", own.sandbox.endpoint_url)
    assert loh("run", "--no-pause", "--yes", *where).code == 1, "the role of the same name is not its own"
    status = loh("status", "--json", "--name", name)
    assert "iam:role" in {each["kind"] for each in status.json["resources"]}
    assert _torn_down(name).code == 0


def test_a_choice_of_a_run_that_was_refused_is_not_remembered(
    own: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert loh("run", "--no-pause", "--yes", "--name", name, "--to", "2.2").code == 0
    missing = "arn:aws:iam::123456789012:role/None"
    assert loh("run", "--no-pause", "--yes", "--name", name, "--role-arn", missing).code == 1
    done = loh("run", "--no-pause", "--yes", "--name", name)
    assert done.code == 0, done.err
    assert _torn_down(name).code == 0
    assert census(own) == {}


def test_a_ghost_that_the_tagging_service_still_lists_is_not_named_as_left(
    own: Account, name: str, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, own.sandbox)
    arns = [
        f"arn:aws:lambda:us-east-1:123456789012:function:{name}-old",
        f"arn:aws:dynamodb:us-east-1:123456789012:table/{name}-old",
        f"arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/{name}-old",
        "arn:aws:apigateway:us-east-1::/restapis/abcdefghij",
    ]
    real = "arn:aws:s3:::a-bucket-with-our-tag"

    def haunt(call: Call, forward: Forward) -> Answer:
        answer = forward()
        if call.name != "resourcegroupstaggingapi:GetResources":
            return answer
        listed = [{"ResourceARN": arn, "Tags": []} for arn in (*arns, *more)]
        body = json.dumps({"ResourceTagMappingList": listed, "PaginationToken": ""})
        return Answer(200, answer.headers, body.encode())

    more: list[str] = []
    with Between(own.sandbox.endpoint_url, haunt) as between:
        bench = Bench(name, between.url, world)
        bench.run("2.2")
        assert bench.teardown().left == []
        more.append(real)
        bench.run("2.2")
        assert [each.name for each in bench.teardown().left] == [real]


def test_what_somebody_hung_on_a_resource_is_named_before_it_goes(own: Account, name: str) -> None:
    names = names_for(name)
    assert loh("run", "--no-pause", "--yes", "--name", name).code == 0
    own.client("dynamodb").update_table(
        TableName=names.table, StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    )
    apigateway = own.client("apigateway")
    api = next(
        each["id"] for each in apigateway.get_rest_apis(limit=500)["items"] if each["name"] == names.api
    )
    resources = apigateway.get_resources(restApiId=api)["items"]
    resource = next(each["id"] for each in resources if each["path"] == "/DynamoDBManager")
    apigateway.put_method(restApiId=api, resourceId=resource, httpMethod="GET", authorizationType="NONE")
    done = loh("teardown", "--yes", "--name", name)
    assert done.code == 0
    assert "Also deleted: the stream of the table." in done.err
    assert "Also deleted: the method GET /DynamoDBManager of the API." in done.err


def test_a_role_whose_name_differs_in_case_alone_is_in_the_way_before_anything_is_made(
    own: Account, name: str
) -> None:
    theirs = names_for(name).role.upper()
    decoys.plant(own, "role", theirs, {})
    before = census(own)
    planned = loh("plan", "--name", name, "--json").json["steps"]
    assert next(each["action"] for each in planned if each["number"] == "2.2") == "blocked"
    refused = loh("run", "--no-pause", "--yes", "--name", name)
    assert refused.code == 1
    assert f"IAM ignores case in names, and a role {theirs} exists" in refused.err
    assert difference(before, census(own)) == []
