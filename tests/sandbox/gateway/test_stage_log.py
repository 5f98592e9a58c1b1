"""Execution logs of a stage: they need the account's role, and hold what level and data trace ask for.

API Gateway guide, "Set up CloudWatch API logging for REST APIs"; AWS knowledge centre, "How can I use API
Gateway logs to troubleshoot API issues?".
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, client_of, keys_bound_to, policy, refused, trust_policy
from tests.kit.sandbox.live_api import Api

SERVICE = "apigateway.amazonaws.com"
ECHO = '{"operation": "echo", "payload": "heard"}'
NOT_THE_RIGHTS = (
    "The role ARN does not have required permissions configured. Please grant trust permission for API "
    "Gateway and add the required role policy."
)


def _role(iam: Any, name: str, actions: str = "logs:*", service: str = SERVICE) -> str:
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy(service))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="logs", PolicyDocument=policy(actions))
    return arn


def _set(gateway: Any, arn: str) -> Any:
    change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}
    return gateway.update_account(patchOperations=[change])


@pytest.fixture
def log_role(aws: Clients, unique: str) -> Iterator[str]:
    """The name of the account's role, which is taken away at the end."""
    name = f"{unique}-log"
    _set(aws("apigateway"), _role(aws("iam"), name))
    yield name
    _set(aws("apigateway"), "")


def _switch(api: Api, level: str, *, trace: bool = False, method: str = "*/*") -> None:
    settings = {"logging/loglevel": level, "logging/dataTrace": str(trace).lower()}
    patches = [
        {"op": "replace", "path": f"/{method}/{name}", "value": value} for name, value in settings.items()
    ]
    api.gateway.update_stage(restApiId=api.id, stageName="prod", patchOperations=patches)


def _logged(api: Api, aws: Clients) -> list[str]:
    """The messages of the stage's log group, each without its request's id; none if there is no group."""
    logs, group = aws("logs"), f"API-Gateway-Execution-Logs_{api.id}/prod"
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        return []
    messages = [each["message"] for each in logs.filter_log_events(logGroupName=group)["events"]]
    assert all(re.match(r"\([0-9a-f-]{36}\) ", each) for each in messages)
    return [each.partition(") ")[2] for each in messages]


def test_without_the_accounts_role_no_stage_can_log(tutorial: Api) -> None:
    status, code, message = refused(lambda: _switch(tutorial, "INFO"))
    assert (status, code) == (400, "BadRequestException")
    assert message == "CloudWatch Logs role ARN must be set in account settings to enable logging"
    _switch(tutorial, "OFF")


def test_the_accounts_role_must_trust_api_gateway_and_may_write_logs(aws: Clients, unique: str) -> None:
    gateway, iam = aws("apigateway"), aws("iam")
    for arn in (
        _role(iam, f"{unique}-no-trust", service="lambda.amazonaws.com"),
        _role(iam, f"{unique}-no-logs", "dynamodb:*"),
        f"arn:aws:iam::123456789012:role/{unique}-none",
    ):
        found = refused(lambda arn=arn: _set(gateway, arn))
        assert found == (400, "BadRequestException", NOT_THE_RIGHTS)
    status, code, message = refused(
        gateway.update_account, patchOperations=[{"op": "replace", "path": "/throttleSettings", "value": "1"}]
    )
    assert (status, code) == (400, "BadRequestException")
    assert "Must be one of: [/cloudwatchRoleArn]" in message
    assert "cloudwatchRoleArn" not in gateway.get_account()


def test_who_sets_the_role_must_be_allowed_to_pass_it(tutorial: Api, aws: Clients, unique: str) -> None:
    arn = _role(aws("iam"), f"{unique}-log")
    keys = keys_bound_to(aws("iam"), unique, policy("apigateway:*"))
    bound = client_of(tutorial.sandbox, "apigateway", **keys)
    assert refused(lambda: _set(bound, arn))[1] == "AccessDeniedException"


def test_at_info_it_holds_the_way_of_each_request(tutorial: Api, aws: Clients, log_role: str) -> None:
    _switch(tutorial, "INFO")
    tutorial.allow()
    answer = tutorial.call(ECHO)
    stage, request = f"{tutorial.id}/prod", answer.headers["x-amzn-requestid"]
    no_key = (
        "API Key  authorized because method 'POST /DynamoDBManager' does not require API Key. "
        "Request will not contribute to throttle or quota limits"
    )
    assert _logged(tutorial, aws) == [
        f"Extended Request Id: {answer.headers['x-amz-apigw-id']}",
        f"Verifying Usage Plan for request: {request}. API Key:  API Stage: {stage}",
        no_key,
        f"Usage Plan check succeeded for API Key  and API Stage {stage}",
        f"Starting execution for request: {request}",
        "HTTP Method: POST, Resource Path: /DynamoDBManager",
        "Successfully completed execution",
        "Method completed with status: 200",
    ]


def test_a_data_trace_adds_the_bodies_and_hides_keys(tutorial: Api, aws: Clients, log_role: str) -> None:
    _switch(tutorial, "INFO", trace=True)
    tutorial.allow()
    tutorial.call(ECHO, headers={"Authorization": "Bearer of-a-secret"})
    text = "\n".join(_logged(tutorial, aws))
    assert f"Method request body before transformations: {ECHO}" in text
    assert f"Endpoint response body before transformations: {ECHO}" in text
    assert f"Method response body after transformations: {ECHO}" in text
    assert "Authorization=************secret" in text
    assert "of-a-" not in text


def test_at_error_it_holds_why_a_request_failed_and_no_more(
    tutorial: Api, aws: Clients, log_role: str
) -> None:
    _switch(tutorial, "ERROR", trace=True)
    assert tutorial.call(ECHO).status == 500
    assert _logged(tutorial, aws) == [
        "Execution failed due to configuration error: Invalid permissions on Lambda function"
    ]
    tutorial.allow()
    assert tutorial.call(ECHO).status == 200
    assert len(_logged(tutorial, aws)) == 1


def test_a_methods_own_level_comes_before_that_of_all(tutorial: Api, aws: Clients, log_role: str) -> None:
    _switch(tutorial, "INFO")
    _switch(tutorial, "ERROR", method="~1DynamoDBManager/POST")
    tutorial.allow()
    assert tutorial.call(ECHO).status == 200
    assert _logged(tutorial, aws) == []


def test_a_path_that_leads_nowhere_is_not_logged(tutorial: Api, aws: Clients, log_role: str) -> None:
    _switch(tutorial, "INFO")
    assert tutorial.call(path="/prod/none").status == 403
    assert _logged(tutorial, aws) == []


def test_nothing_is_written_once_the_role_may_not(tutorial: Api, aws: Clients, log_role: str) -> None:
    _switch(tutorial, "INFO")
    aws("iam").delete_role_policy(RoleName=log_role, PolicyName="logs")
    tutorial.allow()
    assert tutorial.call(ECHO).status == 200
    assert _logged(tutorial, aws) == []
