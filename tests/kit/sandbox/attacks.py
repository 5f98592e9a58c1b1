"""Calls that would use, change or remove somebody else's deployment: whoever may not, is denied each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambda_over_https.names import TAG_NAME, Names
from tests.kit.sandbox.control import package, policy, trust_policy

Attempt = tuple[str, str, dict[str, Any]]
"""A service, an operation, and its arguments."""


def attempts_on(theirs: Names, api: str, boundary: str) -> Iterator[Attempt]:
    """Attempts on the deployment with these names and this REST API."""
    role, function, table, group = theirs.role, theirs.function, theirs.table, theirs.log_group
    item = {"Id": {"S": "1"}}
    new = {"RoleName": f"{role}x", "AssumeRolePolicyDocument": trust_policy()}
    yield "iam", "create_role", {**new, "PermissionsBoundary": boundary}
    yield "iam", "put_role_policy", {"RoleName": role, "PolicyName": "p", "PolicyDocument": policy("*")}
    yield "iam", "delete_role_policy", {"RoleName": role, "PolicyName": theirs.policy}
    yield "iam", "delete_role", {"RoleName": role}
    yield "iam", "tag_role", {"RoleName": role, "Tags": [{"Key": "a", "Value": "b"}]}
    yield "lambda", "invoke", {"FunctionName": function}
    yield "lambda", "get_function", {"FunctionName": function}
    yield "lambda", "update_function_code", {"FunctionName": function, "ZipFile": package()}
    yield "lambda", "update_function_configuration", {"FunctionName": function, "Timeout": 5}
    yield "lambda", "delete_function", {"FunctionName": function}
    yield "lambda", "remove_permission", {"FunctionName": function, "StatementId": "apigateway-prod-2"}
    yield "dynamodb", "scan", {"TableName": table}
    yield "dynamodb", "put_item", {"TableName": table, "Item": item}
    yield "dynamodb", "delete_table", {"TableName": table}
    yield "logs", "filter_log_events", {"logGroupName": group}
    yield "logs", "delete_log_group", {"logGroupName": group}
    yield "apigateway", "create_rest_api", {"name": theirs.api, "tags": {TAG_NAME: theirs.deployment}}
    yield "apigateway", "delete_rest_api", {"restApiId": api}
    yield "apigateway", "delete_stage", {"restApiId": api, "stageName": "prod"}
    yield "apigateway", "create_deployment", {"restApiId": api, "stageName": "prod"}


def assert_denied(client: Callable[[str], Any], attempt: Attempt) -> None:
    """The attempt is refused because nothing allows it."""
    service, call, arguments = attempt
    with pytest.raises(ClientError, match="not authorized to perform"):
        getattr(client(service), call)(**arguments)
