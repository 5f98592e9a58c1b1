"""What others hung on resources of ours is named before these go; what outlives them, with its command."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lambda_over_https.names import Names, names_for
from tests.kit.account.between import Answer, Between, Call, Forward, Meddle, error, pass_on
from tests.kit.program.support import Account, Ran, loh, use_keys

AUTHORIZER = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:theirs/invocations"
)


@pytest.fixture
def names(own: Account, name: str) -> Names:
    """A deployment without its last steps, which test it."""
    assert loh("run", "--no-pause", "--name", name, "--to", "3.5").code == 0
    return names_for(name)


def question(names: Names) -> str:
    """What a teardown says before it asks; here nobody can answer, so nothing goes."""
    asked = loh("teardown", "--name", names.deployment)
    assert asked.code == 2, asked.err
    return asked.err


def api_of(account: Account, names: Names) -> str:
    apis = account.listed("apigateway", "get_rest_apis", "items")
    [api] = [each["id"] for each in apis if each["name"] == names.api]
    return str(api)


def publish(account: Account, names: Names) -> None:
    lambda_ = account.client("lambda")
    lambda_.publish_version(FunctionName=names.function)
    lambda_.create_alias(FunctionName=names.function, Name="live", FunctionVersion="1")


def extend_the_api(account: Account, names: Names) -> None:
    apigateway, api = account.client("apigateway"), api_of(account, names)
    apigateway.create_authorizer(
        restApiId=api,
        name="gatekeeper",
        type="TOKEN",
        authorizerUri=AUTHORIZER,
        identitySource="method.request.header.Auth",
    )
    apigateway.create_model(restApiId=api, name="Pet", contentType="application/json", schema="{}")
    apigateway.create_request_validator(restApiId=api, name="strict", validateRequestBody=True)
    apigateway.put_gateway_response(restApiId=api, responseType="DEFAULT_5XX", statusCode="503")
    apigateway.create_usage_plan(name="theirs", apiStages=[{"apiId": api, "stage": "prod"}])


SAID = (
    "version 1 of the function",
    "the alias live of the function",
    "the authorizer gatekeeper of the API",
    "the model Pet of the API",
    "the request validator strict of the API",
    "the gateway response DEFAULT_5XX of the API",
    "the API's place in the usage plan theirs (the plan itself stays)",
)


def test_what_hangs_on_a_resource_is_named_before_it_goes(own: Account, names: Names) -> None:
    assert "also deleted" not in question(names)
    publish(own, names)
    extend_the_api(own, names)
    asked = question(names)
    assert [each for each in SAID if f"also deleted: {each}" not in asked] == []
    assert loh("teardown", "--yes", "--name", names.deployment).code == 0


# --- what the sandbox itself does not have: an account that answers as AWS does where somebody has it ---


def answering(listed: Mapping[str, Any]) -> Meddle:
    """An account in which these calls answer so, and all others as in the sandbox."""

    def meddle(call: Call, forward: Forward) -> Answer | None:
        if call.name not in listed:
            return forward()
        body = listed[call.name]
        text = body if isinstance(body, str) else json.dumps(body)
        return Answer(200, {"content-type": "application/json"}, text.encode())

    return meddle


class Elsewhere:
    """The program on an endpoint of its own."""

    def __init__(self, between: Between, name: str) -> None:
        self._where = ("--name", name, "--endpoint-url", between.url, "--region", "us-east-1")
        self.between = between

    def loh(self, *arguments: str, code: int = 0) -> Ran:
        ran = loh(*arguments, *self._where)
        assert ran.code == code, ran.err
        return ran


@pytest.fixture
def elsewhere(own: Account, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    use_keys(monkeypatch, own.sandbox)
    with Between(own.sandbox.endpoint_url) as between:
        yield Elsewhere(between, name)


def backup(names: Names, made: datetime) -> dict[str, Any]:
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{names.table}/backup/01600000000000-abcdef01"
    return {"TableName": names.table, "BackupArn": arn, "BackupCreationDateTime": made.timestamp()}


def test_filters_and_a_function_url_are_named_too(elsewhere: Elsewhere) -> None:
    elsewhere.loh("run", "--no-pause", "--yes", "--to", "2.3")
    elsewhere.between.meddle = answering(
        {
            "logs:DescribeSubscriptionFilters": {"subscriptionFilters": [{"filterName": "ship"}]},
            "logs:DescribeMetricFilters": {"metricFilters": [{"filterName": "count"}]},
            "lambda:GetFunctionUrlConfig": {"FunctionUrl": "https://abc.lambda-url.us-east-1.on.aws/"},
        }
    )
    asked = elsewhere.loh("teardown", code=2).err
    assert "also deleted: the subscription filter ship of the log group" in asked
    assert "also deleted: the metric filter count of the log group" in asked
    assert "also deleted: the function URL https://abc.lambda-url.us-east-1.on.aws/" in asked
    elsewhere.loh("teardown", "--yes")


def test_a_backup_outlives_its_table_and_is_left_with_its_command(elsewhere: Elsewhere, name: str) -> None:
    elsewhere.loh("run", "--no-pause", "--yes", "--to", "2.4")
    held = backup(names_for(name), datetime.now(UTC) + timedelta(minutes=1))
    arn = held["BackupArn"]
    elsewhere.between.meddle = answering({"dynamodb:ListBackups": {"BackupSummaries": [held]}})
    assert f"stays: dynamodb:backup {arn}" in elsewhere.loh("teardown", code=2).err
    undone = elsewhere.loh("undo")
    assert f"aws dynamodb delete-backup --backup-arn {arn}" in undone.err
    [left] = elsewhere.loh("teardown", "--yes", "--json", code=3).json["left"]
    assert left["kind"] == "dynamodb:backup"
    assert f"aws dynamodb delete-backup --backup-arn {arn}" in left["reason"]
    elsewhere.between.meddle = pass_on
    elsewhere.loh("teardown", "--yes")


def test_a_backup_of_an_earlier_table_of_the_name_is_none_of_ours(elsewhere: Elsewhere, name: str) -> None:
    held = backup(names_for(name), datetime.now(UTC) - timedelta(seconds=1))
    elsewhere.between.meddle = answering({"dynamodb:ListBackups": {"BackupSummaries": [held]}})
    elsewhere.loh("run", "--no-pause", "--yes", "--to", "2.4")
    elsewhere.loh("teardown", "--yes")


def test_an_event_source_mapping_is_named_before_and_left_with_its_command(elsewhere: Elsewhere) -> None:
    elsewhere.loh("run", "--no-pause", "--yes", "--to", "2.3")
    mapping = {"UUID": "11111111-2222-3333-4444-555555555555", "State": "Enabled"}
    elsewhere.between.meddle = answering(
        {"lambda:ListEventSourceMappings": {"EventSourceMappings": [mapping]}}
    )
    assert f"stays: lambda:event-source-mapping {mapping['UUID']}" in elsewhere.loh("teardown", code=2).err
    [left] = elsewhere.loh("teardown", "--yes", "--json", code=3).json["left"]
    assert f"aws lambda delete-event-source-mapping --uuid {mapping['UUID']}" in left["reason"]


PROFILES = """<ListInstanceProfilesForRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
<ListInstanceProfilesForRoleResult><InstanceProfiles><member><InstanceProfileName>theirs</InstanceProfileName>
</member></InstanceProfiles><IsTruncated>false</IsTruncated></ListInstanceProfilesForRoleResult>
</ListInstanceProfilesForRoleResponse>"""
CONFLICT = "Cannot delete entity, must remove roles from instance profile first."
REMOVED = """<RemoveRoleFromInstanceProfileResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"/>"""


def in_a_profile() -> Meddle:
    """An account in which the role is in somebody's instance profile until it is taken out."""
    taken_out = False

    def meddle(call: Call, forward: Forward) -> Answer | None:
        nonlocal taken_out
        xml = {"content-type": "text/xml"}
        if call.name == "iam:RemoveRoleFromInstanceProfile":
            taken_out = b"InstanceProfileName=theirs" in call.body
            return Answer(200, xml, REMOVED.encode())
        if call.name == "iam:ListInstanceProfilesForRole" and not taken_out:
            return Answer(200, xml, PROFILES.encode())
        if call.name == "iam:DeleteRole" and not taken_out:
            return error(call, "DeleteConflict", CONFLICT, 409)
        return forward()

    return meddle


def test_an_instance_profile_keeps_the_role_until_somebody_says_so(elsewhere: Elsewhere) -> None:
    elsewhere.loh("run", "--no-pause", "--yes", "--to", "2.2")
    elsewhere.between.meddle = in_a_profile()
    asked = elsewhere.loh("teardown", code=2).err
    assert "the role's place in the instance profile theirs (only with --force" in asked
    [left] = elsewhere.loh("teardown", "--yes", "--json", code=3).json["left"]
    assert left["kind"] == "iam:role"
    assert "aws iam remove-role-from-instance-profile --instance-profile-name theirs" in left["reason"]
    elsewhere.loh("teardown", "--yes", "--force")
    assert "iam:RemoveRoleFromInstanceProfile" in elsewhere.between.names()


# --- what undo takes along ---


def test_undo_of_a_resource_names_what_lies_below_it(own: Account, name: str) -> None:
    names = names_for(name)
    assert loh("run", "--no-pause", "--name", name, "--to", "3.2").code == 0
    apigateway, api = own.client("apigateway"), api_of(own, names)
    [parent] = [
        each["id"]
        for each in apigateway.get_resources(restApiId=api)["items"]
        if each["path"] == "/DynamoDBManager"
    ]
    apigateway.create_resource(restApiId=api, parentId=parent, pathPart="theirs")
    apigateway.put_method(restApiId=api, resourceId=parent, httpMethod="GET", authorizationType="NONE")
    undone = loh("undo", "--name", name)
    assert undone.code == 0
    assert "Also deleted: the resource /DynamoDBManager/theirs of the API." in undone.err
    assert "Also deleted: the method GET /DynamoDBManager of the API." in undone.err
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_keys_and_stages_that_others_added_to_our_usage_plan_are_named(own: Account, names: Names) -> None:
    assert loh("run", "--no-pause", "--name", names.deployment).code == 0
    assert loh("chapter", "on", "keys", "--yes", "--name", names.deployment).code == 0
    apigateway = own.client("apigateway")
    plans = own.listed("apigateway", "get_usage_plans", "items")
    plan = next(each["id"] for each in plans if each["name"] == names.usage_plan)
    key = apigateway.create_api_key(name="their-key", enabled=True)["id"]
    apigateway.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
    assert "also deleted: the place of the API key their-key in the usage plan" in question(names)
    assert loh("teardown", "--yes", "--name", names.deployment).code == 0
    assert apigateway.get_api_key(apiKey=key)["name"] == "their-key"
    apigateway.delete_api_key(apiKey=key)


def test_what_may_not_be_asked_hides_nothing_else(elsewhere: Elsewhere, own: Account, name: str) -> None:
    elsewhere.loh("run", "--no-pause", "--yes", "--to", "2.3")
    publish(own, names_for(name))

    def deny(call: Call, forward: Forward) -> Answer | None:
        if call.name != "lambda:ListVersionsByFunction":
            return forward()
        return error(call, "AccessDeniedException", "not allowed", 403)

    elsewhere.between.meddle = deny
    asked = elsewhere.loh("teardown", code=2).err
    assert "also deleted: the alias live of the function" in asked
    assert "AWS refused ListVersionsByFunction" in asked
    elsewhere.loh("teardown", "--yes")
