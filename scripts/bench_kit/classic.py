"""The classic tutorial through the ``aws`` command, one process for each call, as a class would type it."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench_kit.straight import POLICY, TRUST

NAME = "classic"

Aws = Callable[..., Any]
"""Runs ``aws`` with these arguments and returns its answer; raises RuntimeError with its error."""


def up(aws: Aws, archive: Path) -> str:
    """Make everything; returns the API's id."""
    account = aws("sts", "get-caller-identity")["Account"]
    function_arn = _function(aws, archive)
    key = "AttributeName=Id"
    table = ["--table-name", NAME, "--billing-mode", "PAY_PER_REQUEST"]
    schema = ["--key-schema", f"{key},KeyType=HASH", "--attribute-definitions", f"{key},AttributeType=S"]
    aws("dynamodb", "create-table", *table, *schema)
    aws("dynamodb", "wait", "table-exists", "--table-name", NAME)
    api_id = _api(aws, function_arn)
    for statement, stage in (("apigateway-test-2", "*"), ("apigateway-prod-2", "prod")):
        source = f"arn:aws:execute-api:us-east-1:{account}:{api_id}/{stage}/POST/DynamoDBManager"
        who = ["--principal", "apigateway.amazonaws.com", "--action", "lambda:InvokeFunction"]
        named = ["--function-name", NAME, "--statement-id", statement]
        aws("lambda", "add-permission", *named, *who, "--source-arn", source)
    return api_id


def _function(aws: Aws, archive: Path) -> str:
    trust = ["--assume-role-policy-document", json.dumps(TRUST)]
    role = aws("iam", "create-role", "--role-name", NAME, *trust)["Role"]["Arn"]
    policy = ["--policy-name", "policy", "--policy-document", json.dumps(POLICY)]
    aws("iam", "put-role-policy", "--role-name", NAME, *policy)
    code = ["--handler", "LambdaFunctionOverHttps.handler", "--zip-file", f"fileb://{archive}"]
    known = ["--function-name", NAME, "--runtime", "python3.13", "--role", role]
    while True:
        try:
            arn = str(aws("lambda", "create-function", *known, *code)["FunctionArn"])
            break
        except RuntimeError as error:
            if "cannot be assumed" not in str(error):
                raise
            time.sleep(1)
    aws("lambda", "wait", "function-active-v2", "--function-name", NAME)
    ping = ["--payload", '{"operation": "ping"}', str(archive.with_suffix(".out"))]
    aws("lambda", "invoke", "--function-name", NAME, *ping)
    return arn


def _api(aws: Aws, function_arn: str) -> str:
    api = aws("apigateway", "create-rest-api", "--name", NAME, "--endpoint-configuration", "types=REGIONAL")
    at = ["--rest-api-id", api["id"]]
    root = aws("apigateway", "get-resources", *at)["items"][0]["id"]
    part = ["--parent-id", root, "--path-part", "DynamoDBManager"]
    resource = aws("apigateway", "create-resource", *at, *part)["id"]
    method = [*at, "--resource-id", resource, "--http-method", "POST"]
    aws("apigateway", "put-method", *method, "--authorization-type", "NONE")
    path = f"lambda:path/2015-03-31/functions/{function_arn}/invocations"
    uri = ["--uri", f"arn:aws:apigateway:us-east-1:{path}"]
    kind = ["--type", "AWS", "--integration-http-method", "POST"]
    aws("apigateway", "put-integration", *method, *kind, *uri)
    model = ["--response-models", '{"application/json": "Empty"}']
    aws("apigateway", "put-method-response", *method, "--status-code", "200", *model)
    template = ["--response-templates", '{"application/json": ""}']
    aws("apigateway", "put-integration-response", *method, "--status-code", "200", *template)
    aws("apigateway", "create-deployment", *at, "--stage-name", "prod")
    return str(api["id"])


def down(aws: Aws, api_id: str) -> None:
    """Delete everything."""
    aws("apigateway", "delete-rest-api", "--rest-api-id", api_id)
    aws("lambda", "delete-function", "--function-name", NAME)
    aws("iam", "delete-role-policy", "--role-name", NAME, "--policy-name", "policy")
    aws("iam", "delete-role", "--role-name", NAME)
    aws("dynamodb", "delete-table", "--table-name", NAME)
    aws("dynamodb", "wait", "table-not-exists", "--table-name", NAME)
    aws("logs", "delete-log-group", "--log-group-name", f"/aws/lambda/{NAME}")
