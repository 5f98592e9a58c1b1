"""The tutorial as one plain boto3 script: what the program is compared with.

usage: python straight.py up|down    (credentials, region and endpoint from the environment)

No journal, no look before a create, no check at the end but one: what a careful person would write by hand.
"""

import json
import sys
import time
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import boto3  # noqa: TID251 - a program of its own
from botocore.exceptions import ClientError

NAMES = {"role": "straight-role", "function": "straight", "table": "straight", "api": "straight"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["dynamodb:*", "logs:*"], "Resource": "*"}],
}
MAPPING = {
    "200": "",
    "400": r"\[BadRequest\][\s\S]*",
    "504": r"[\s\S]*Task timed out[\s\S]*",
    "500": r"(?!\[BadRequest\])(?![\s\S]*Task timed out)[\s\S]+",
}


def up(source: Path) -> None:
    """Make everything, one call after the other, and call it once over HTTP."""
    account = boto3.client("sts").get_caller_identity()["Account"]
    region = boto3.session.Session().region_name
    function_arn = make_function(source)
    make_table()
    api_id = make_api(function_arn, region)
    allow(f"arn:aws:execute-api:{region}:{account}:{api_id}")
    call(api_id)


def make_function(source: Path) -> str:
    """Role, policy, log group and function; waits until Lambda takes the role and the function is active."""
    iam, lambda_, logs = boto3.client("iam"), boto3.client("lambda"), boto3.client("logs")
    role = iam.create_role(RoleName=NAMES["role"], AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=NAMES["role"], PolicyName="policy", PolicyDocument=json.dumps(POLICY))
    logs.create_log_group(logGroupName=f"/aws/lambda/{NAMES['function']}")
    logs.put_retention_policy(logGroupName=f"/aws/lambda/{NAMES['function']}", retentionInDays=7)
    archive = Path("straight.zip")
    with zipfile.ZipFile(archive, "w") as package:
        package.write(source, source.name)
    while True:
        try:
            function: Any = lambda_.create_function(
                FunctionName=NAMES["function"],
                Runtime="python3.13",
                Role=role,
                Handler="LambdaFunctionOverHttps.handler",
                Code={"ZipFile": archive.read_bytes()},
                Timeout=10,
                Environment={"Variables": {"TABLE_NAME": NAMES["table"]}},
            )
            break
        except ClientError as error:
            if "cannot be assumed" not in str(error):
                raise
            time.sleep(1)
    lambda_.get_waiter("function_active_v2").wait(FunctionName=NAMES["function"])
    lambda_.invoke(FunctionName=NAMES["function"], Payload=b'{"operation": "ping"}')
    return str(function["FunctionArn"])


def make_table() -> None:
    """The table; waits until it is active."""
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName=NAMES["table"],
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    waiter = dynamodb.get_waiter("table_exists")
    waiter.wait(TableName=NAMES["table"], WaiterConfig={"Delay": 2, "MaxAttempts": 60})


def make_api(function_arn: str, region: str) -> str:
    """API, resource, method, integration, responses, deployment."""
    apigateway = boto3.client("apigateway")
    api = apigateway.create_rest_api(name=NAMES["api"], endpointConfiguration={"types": ["REGIONAL"]})
    resource = apigateway.create_resource(
        restApiId=api["id"], parentId=api["rootResourceId"], pathPart="DynamoDBManager"
    )
    method: Any = {"restApiId": api["id"], "resourceId": resource["id"], "httpMethod": "POST"}
    apigateway.put_method(**method, authorizationType="NONE")
    path = f"lambda:path/2015-03-31/functions/{function_arn}/invocations"
    uri = f"arn:aws:apigateway:{region}:{path}"
    apigateway.put_integration(**method, type="AWS", integrationHttpMethod="POST", uri=uri)
    for status, pattern in MAPPING.items():
        apigateway.put_method_response(**method, statusCode=status)
        apigateway.put_integration_response(**method, statusCode=status, selectionPattern=pattern)
    apigateway.create_deployment(restApiId=api["id"], stageName="prod")
    return api["id"]


def allow(api_arn: str) -> None:
    """The two statements that let API Gateway invoke the function."""
    lambda_ = boto3.client("lambda")
    for statement, stage in (("apigateway-test-2", "*"), ("apigateway-prod-2", "prod")):
        lambda_.add_permission(
            FunctionName=NAMES["function"],
            StatementId=statement,
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"{api_arn}/{stage}/POST/DynamoDBManager",
        )


def call(api_id: str) -> None:
    """One echo through the deployed API; waits until it is served."""
    endpoint = boto3.client("sts").meta.endpoint_url
    request = urllib.request.Request(  # noqa: S310 - http of our own making
        f"{endpoint}/_aws/execute-api/{api_id}/prod/DynamoDBManager",
        data=b'{"operation": "echo", "payload": {}}',
        headers={"Content-Type": "application/json"},
    )
    while True:
        try:
            urllib.request.urlopen(request, timeout=30).close()  # noqa: S310
        except urllib.error.HTTPError as error:
            if error.code not in (403, 500):
                raise
            time.sleep(1)
        else:
            return


def down() -> None:
    """Delete everything by its name, one call after the other."""
    apigateway, iam, dynamodb = boto3.client("apigateway"), boto3.client("iam"), boto3.client("dynamodb")
    for api in apigateway.get_rest_apis(limit=500)["items"]:
        if api["name"] == NAMES["api"]:
            apigateway.delete_rest_api(restApiId=api["id"])
    boto3.client("lambda").delete_function(FunctionName=NAMES["function"])
    boto3.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{NAMES['function']}")
    iam.delete_role_policy(RoleName=NAMES["role"], PolicyName="policy")
    iam.delete_role(RoleName=NAMES["role"])
    dynamodb.delete_table(TableName=NAMES["table"])
    waiter = dynamodb.get_waiter("table_not_exists")
    waiter.wait(TableName=NAMES["table"], WaiterConfig={"Delay": 2, "MaxAttempts": 60})


if __name__ == "__main__":
    up(Path(sys.argv[2])) if sys.argv[1] == "up" else down()
