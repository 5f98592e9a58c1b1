"""The same small API on any AWS-compatible endpoint: a proxy integration before a Python function.

MiniStack hands the function of a non-proxy integration the proxy event, so the tutorial's own function
cannot answer there; a function that reads the proxy event can, on both.
"""

import io
import json
import zipfile
from typing import Any

import boto3  # noqa: TID251 - from outside, as any other program

ACCOUNT_ROLE = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

SOURCE = """
import json, boto3
table = boto3.resource("dynamodb").Table("BenchTable")
def handler(event, context):
    body = json.loads(event["body"])
    if body.get("print"):
        print("a line of log")
    if "Item" in body:
        table.put_item(Item=body["Item"])
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": event["body"]}
"""

BODIES = {
    "echo of a proxy event, no log line": b'{"somekey1": "somevalue1"}',
    "echo of a proxy event, one log line": b'{"somekey1": "somevalue1", "print": true}',
    "create behind a proxy event": b'{"Item": {"Id": "1", "name": "Bob"}}',
}


def deploy(endpoint_url: str, keys: tuple[str, str]) -> str:
    """Make it all on the endpoint; returns the URL to POST to."""
    session = boto3.Session(*keys, region_name="us-east-1")

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=endpoint_url)  # type: ignore[call-overload]

    function_arn = _function(client("iam"), client("lambda"))
    client("dynamodb").create_table(
        TableName="BenchTable",
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    api_id = _api(client("apigateway"), function_arn)
    client("lambda").add_permission(
        FunctionName="bench",
        StatementId="bench",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    return f"{endpoint_url}/_aws/execute-api/{api_id}/prod/bench"


def _function(iam: Any, lambda_: Any) -> str:
    role = iam.create_role(RoleName="bench", AssumeRolePolicyDocument=json.dumps(ACCOUNT_ROLE))["Role"]["Arn"]
    iam.put_role_policy(RoleName="bench", PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        source = zipfile.ZipInfo("bench.py")
        source.external_attr = 0o644 << 16
        archive.writestr(source, SOURCE)
    function = lambda_.create_function(
        FunctionName="bench",
        Runtime="python3.13",
        Role=role,
        Handler="bench.handler",
        Code={"ZipFile": package.getvalue()},
        Timeout=30,
    )
    lambda_.get_waiter("function_active_v2").wait(FunctionName="bench")
    return str(function["FunctionArn"])


def _api(apigateway: Any, function_arn: str) -> str:
    api_id = apigateway.create_rest_api(name="bench")["id"]
    root = apigateway.get_resources(restApiId=api_id)["items"][0]["id"]
    resource = apigateway.create_resource(restApiId=api_id, parentId=root, pathPart="bench")["id"]
    method = {"restApiId": api_id, "resourceId": resource, "httpMethod": "POST"}
    apigateway.put_method(**method, authorizationType="NONE")
    path = f"lambda:path/2015-03-31/functions/{function_arn}/invocations"
    apigateway.put_integration(
        **method,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:us-east-1:{path}",
    )
    apigateway.create_deployment(restApiId=api_id, stageName="prod")
    return str(api_id)
