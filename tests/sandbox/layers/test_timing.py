"""AWS's timing, on request: what is not ready at once, and how calls are throttled."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambda_over_https.sandbox.client import daemon
from lambda_over_https.sandbox.client.record import Sandbox
from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.layers.throttles import Throttles
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web.http import Request
from tests.kit.in_memory.clock import StoppedClock
from tests.kit.sandbox.control import (
    ACCOUNT,
    REGION,
    BareApi,
    client_of,
    create_function,
    create_table,
    package,
    policy,
    refused,
    trust_policy,
)
from tests.kit.sandbox.live_api import send

pytestmark = pytest.mark.processes

FACTOR = 0.25
"""A quarter of AWS's waiting: each state lasts long enough to be seen on a busy machine."""
PATIENCE = 20.0
POLL = 0.02
TRY_EVERY = 0.1


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox with some of AWS's waiting."""
    home = tmp_path_factory.mktemp("slow")
    yield daemon.start(home, port=0, timing_factor=FACTOR)
    daemon.stop(home)


def eventually(answer: Callable[[], Any], wanted: Any) -> set[Any]:
    """Ask until the answer is the one wanted; the answers before it."""
    before, deadline = set(), time.monotonic() + PATIENCE
    while (given := answer()) != wanted:
        assert time.monotonic() < deadline, f"still {given!r}, not {wanted!r}"
        before.add(given)
        time.sleep(POLL)  # below the rate at which polling itself is throttled
    return before


def outcome(call: Callable[..., Any], **arguments: Any) -> str:
    """The error's message, or "done"."""
    try:
        call(**arguments)
    except ClientError as error:
        message: str = error.response["Error"]["Message"]
        return message
    return "done"


def test_a_new_role_can_be_assumed_only_after_a_while(slow: Sandbox, unique: str) -> None:
    role = make_role(slow, unique)
    client = client_of(slow, "lambda")
    before = eventually(lambda: outcome(create_function, client=client, name=unique, role=role), "done")
    refusal = "The role defined for the function cannot be assumed by Lambda."
    assert refusal in before
    assert before <= {refusal, "Rate Exceeded."}


def test_a_function_is_pending_and_an_update_in_progress(slow: Sandbox, unique: str) -> None:
    client = client_of(slow, "lambda")
    make_function(slow, unique)
    before = eventually(lambda: outcome(client.invoke, FunctionName=unique, Payload=b"1"), "done")
    state = "The function is currently in the following state: Pending"
    assert before == {f"The operation cannot be performed at this time. {state}"}
    eventually(lambda: client.get_function(FunctionName=unique)["Configuration"]["State"], "Active")
    made = client.update_function_code(FunctionName=unique, ZipFile=package())
    assert made["LastUpdateStatus"] == "InProgress"
    status, code, message = refused(client.update_function_configuration, FunctionName=unique, Timeout=5)
    assert (status, code) == (409, "ResourceConflictException")
    assert message.endswith(f"An update is in progress for resource: {made['FunctionArn']}")
    client.get_waiter("function_updated_v2").wait(FunctionName=unique, WaiterConfig={"Delay": 1})
    client.update_function_configuration(FunctionName=unique, Timeout=5)


def test_a_table_is_creating_and_deleting(slow: Sandbox, unique: str) -> None:
    client = client_of(slow, "dynamodb")
    create_table(client, unique)
    assert (
        refused(client.put_item, TableName=unique, Item={"Id": {"S": "1"}})[1] == "ResourceNotFoundException"
    )
    assert refused(client.delete_table, TableName=unique) == (
        400,
        "ResourceInUseException",
        f"Attempt to change a resource which is still in use: Table is being created: {unique}",
    )

    def status() -> Any:
        return client.describe_table(TableName=unique)["Table"]["TableStatus"]

    assert eventually(status, "ACTIVE") == {"CREATING"}
    assert client.delete_table(TableName=unique)["TableDescription"]["TableStatus"] == "DELETING"
    assert client.delete_table(TableName=unique)["TableDescription"]["TableStatus"] == "DELETING"
    assert status() == "DELETING"
    assert unique in client.list_tables()["TableNames"]
    assert refused(create_table, client=client, name=unique)[1] == "ResourceInUseException"
    gone = f"Requested resource not found: Table: {unique} not found"
    eventually(lambda: outcome(client.describe_table, TableName=unique), gone)
    assert unique not in client.list_tables()["TableNames"]


def test_rest_apis_are_throttled_and_a_retry_succeeds(slow: Sandbox, unique: str) -> None:
    client = client_of(slow, "apigateway")
    regional = {"name": unique, "endpointConfiguration": {"types": ["REGIONAL"]}}
    answers = [outcome(client.create_rest_api, **regional) for _ in range(3)]
    assert "Too Many Requests" in answers
    before = eventually(lambda: outcome(client.create_rest_api, **regional), "done")
    assert before <= {"Too Many Requests"}


def test_a_deployment_and_a_permission_take_a_while_to_reach_the_data_plane(
    slow: Sandbox, unique: str
) -> None:
    make_function(slow, unique)
    client = client_of(slow, "lambda")
    client.get_waiter("function_active_v2").wait(FunctionName=unique)
    api = throttled(lambda: BareApi(client_of(slow, "apigateway"), unique))
    api.put_method()
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{unique}"
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    api.client.put_integration(**api.method, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    throttled(api.deploy)
    assert eventually(lambda: post(slow, api), 500) == {403}, "the stage, and then it may not invoke"
    client.add_permission(
        FunctionName=unique,
        StatementId="s",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    assert eventually(lambda: post(slow, api), 502) == {500}, "the echoed event is no proxy answer"


def throttled(call: Callable[[], Any]) -> Any:
    """Call until it is not throttled; seldom, for each try counts among all calls, which are limited too."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(ThrottledError):
            return unthrottled(call)
        time.sleep(TRY_EVERY)
    raise AssertionError("throttled all the time")


class ThrottledError(Exception):
    """Too many requests."""


def unthrottled(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"] != "TooManyRequestsException":
            raise
        raise ThrottledError from None


def post(sandbox: Sandbox, api: BareApi) -> int:
    """The HTTP status of a request to the deployed API."""
    import http.client

    connection = http.client.HTTPConnection(sandbox.endpoint_url.removeprefix("http://"))
    try:
        connection.request("POST", f"/_aws/execute-api/{api.id}/prod/DynamoDBManager", "{}")
        return connection.getresponse().status
    finally:
        connection.close()


def test_scheduler_cannot_assume_a_new_role_for_a_while(slow: Sandbox, unique: str) -> None:
    iam, client = client_of(slow, "iam"), client_of(slow, "scheduler")
    trust = trust_policy("scheduler.amazonaws.com")
    role = iam.create_role(RoleName=unique, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    arguments = {
        "Name": unique,
        "ScheduleExpression": "rate(1 day)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{unique}", "RoleArn": role},
    }
    before = eventually(lambda: outcome(client.create_schedule, **arguments), "done")
    assert before == {
        "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    }


def test_a_schedule_group_is_deleting_for_a_while(slow: Sandbox, unique: str) -> None:
    client = client_of(slow, "scheduler")
    client.create_schedule_group(Name=unique)
    client.delete_schedule_group(Name=unique)
    assert client.get_schedule_group(Name=unique)["State"] == "DELETING"
    listed = client.list_schedule_groups(NamePrefix=unique)["ScheduleGroups"]
    assert [(group["Name"], group["State"]) for group in listed] == [(unique, "DELETING")]
    client.delete_schedule_group(Name=unique)
    status, code, message = refused(client.create_schedule_group, Name=unique)
    assert (status, code) == (409, "ConflictException")
    assert message == f"Schedule group {unique} is being deleted."
    gone = f"Schedule group {unique} does not exist."
    eventually(lambda: outcome(client.get_schedule_group, Name=unique), gone)
    client.create_schedule_group(Name=unique)
    assert client.get_schedule_group(Name=unique)["State"] == "ACTIVE"


def test_a_key_of_a_usage_plan_works_only_after_a_while(slow: Sandbox, unique: str) -> None:
    client = client_of(slow, "apigateway")
    api = throttled(lambda: BareApi(client, unique))
    client.put_method(**api.method, authorizationType="NONE", apiKeyRequired=True)
    mock = {"application/json": '{"statusCode": 200}'}
    client.put_integration(**api.method, type="MOCK", requestTemplates=mock)
    client.put_method_response(**api.method, statusCode="200")
    client.put_integration_response(**api.method, statusCode="200")
    throttled(api.deploy)
    plan = client.create_usage_plan(name=unique, apiStages=[{"apiId": api.id, "stage": "prod"}])["id"]
    key = client.create_api_key(name=unique, enabled=True)
    client.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")
    path = f"/_aws/execute-api/{api.id}/prod/DynamoDBManager"

    def status() -> int:
        return send(slow, "POST", path, "{}", {"x-api-key": key["value"]}).status

    assert eventually(status, 200) == {403}


def test_a_new_web_acl_cannot_be_associated_for_a_while(slow: Sandbox, unique: str) -> None:
    client = client_of(slow, "wafv2")
    api = throttled(lambda: BareApi(client_of(slow, "apigateway"), unique))
    api.integrate()
    throttled(api.deploy)
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    members = {"Name": unique, "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": seen}
    arn = client.create_web_acl(**members)["Summary"]["ARN"]
    stage = f"arn:aws:apigateway:{REGION}::/restapis/{api.id}/stages/prod"
    both = {"WebACLArn": arn, "ResourceArn": stage}
    assert refused(client.associate_web_acl, **both)[:2] == (400, "WAFUnavailableEntityException")
    (before,) = eventually(lambda: outcome(client.associate_web_acl, **both), "done")
    assert "you might just need to wait a few minutes" in before


def test_a_cache_takes_its_time(unique: str, tmp_path: Path) -> None:
    sandbox = daemon.start(tmp_path, port=0, timing_factor=1 / 80)
    try:
        client = client_of(sandbox, "apigateway")
        api = BareApi(client, unique)
        api.integrate()
        throttled(api.deploy)

        def status() -> Any:
            return client.get_stage(restApiId=api.id, stageName="prod")["cacheClusterStatus"]

        def switch(value: str) -> Any:
            operation = {"op": "replace", "path": "/cacheClusterEnabled", "value": value}
            return client.update_stage(restApiId=api.id, stageName="prod", patchOperations=[operation])

        switch("true")
        assert eventually(status, "AVAILABLE") == {"CREATE_IN_PROGRESS"}
        client.flush_stage_cache(restApiId=api.id, stageName="prod")
        assert status() == "FLUSH_IN_PROGRESS"
        eventually(status, "AVAILABLE")
        switch("false")
        assert eventually(status, "NOT_AVAILABLE") == {"DELETE_IN_PROGRESS"}
    finally:
        daemon.stop(tmp_path)


def make_role(sandbox: Sandbox, name: str) -> str:
    iam = client_of(sandbox, "iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy())
    iam.put_role_policy(RoleName=name, PolicyName="logs", PolicyDocument=policy("logs:*"))
    arn: str = made["Role"]["Arn"]
    return arn


def make_function(sandbox: Sandbox, name: str) -> None:
    role, client = make_role(sandbox, name), client_of(sandbox, "lambda")
    eventually(lambda: outcome(create_function, client=client, name=name, role=role), "done")


class TestThrottles:
    """The documented rates, on a clock of our own."""

    @pytest.mark.parametrize(
        ("operation", "types", "calls", "seconds"),
        [
            ("CreateRestApi", ["REGIONAL"], 1, 3),
            ("CreateRestApi", ["EDGE"], 1, 30),
            ("CreateRestApi", [], 1, 30),
            ("ImportRestApi", ["REGIONAL"], 1, 3),
            ("ImportRestApi", ["EDGE"], 1, 30),
            ("ImportRestApi", [], 1, 30),
            ("PutRestApi", [], 1, 1),
            ("DeleteRestApi", [], 1, 30),
            ("CreateDeployment", [], 1, 5),
            ("CreateResource", [], 5, 1),
            ("GetResources", [], 5, 2),
            ("UpdateUsagePlan", [], 1, 20),
        ],
    )
    def test_a_rate(self, operation: str, types: list[str], calls: int, seconds: float) -> None:
        clock = StoppedClock()
        throttles = Throttles(1, clock)
        query = {"endpointConfigurationTypes": types[0]} if types else {}
        parameters = {"endpointConfiguration": {"types": types}, "parameters": query}
        call = call_of("apigateway", operation, parameters)
        for _ in range(calls):
            throttles.check(call)
        with pytest.raises(AwsError, match="Too Many Requests") as caught:
            throttles.check(call)
        assert (caught.value.code, caught.value.status) == ("TooManyRequestsException", 429)
        clock.now = seconds / calls - 0.01
        with pytest.raises(AwsError):
            throttles.check(call)
        clock.now = seconds / calls + 0.01
        throttles.check(call)

    def test_all_calls_of_api_gateway_share_a_limit(self) -> None:
        throttles = Throttles(1, StoppedClock())
        for _ in range(40):
            throttles.check(call_of("apigateway", "GetRestApi"))
        with pytest.raises(AwsError):
            throttles.check(call_of("apigateway", "GetStage"))
        throttles.check(call_of("apigateway", "GetStage", region="eu-west-1"))

    def test_invocations_are_no_control_plane_calls(self) -> None:
        throttles = Throttles(1, StoppedClock())
        for _ in range(15):
            throttles.check(call_of("lambda", "GetFunction"))
        throttles.check(call_of("lambda", "Invoke"))
        with pytest.raises(AwsError, match="Rate Exceeded"):
            throttles.check(call_of("lambda", "GetFunction"))

    def test_a_factor_shortens_the_wait(self) -> None:
        clock = StoppedClock()
        throttles = Throttles(0.1, clock)
        throttles.check(call_of("apigateway", "DeleteRestApi"))
        clock.now = 3.1
        throttles.check(call_of("apigateway", "DeleteRestApi"))

    def test_without_timing_there_is_no_limit(self) -> None:
        throttles = Throttles(0, StoppedClock())
        for _ in range(1000):
            throttles.check(call_of("apigateway", "DeleteRestApi"))


def call_of(service: str, operation: str, parameters: Any = None, region: str = "us-east-1") -> AwsCall:
    return AwsCall(service, operation, region, "test", Request("GET", "/", "", {}, b""), parameters or {})
