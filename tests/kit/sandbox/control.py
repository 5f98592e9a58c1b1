"""What the tests of the control plane share: clients, documents, packages, and the tutorial's resources."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from lambda_over_https.sandbox.client.record import Sandbox
from lambda_over_https.sandbox.model import account
from tests.kit.account.clients import client

ACCOUNT, REGION = account.ACCOUNT, account.DEFAULT_REGION
URI = (
    f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/"
    f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:none/invocations"
)

Clients = Callable[..., Any]


def client_of(
    sandbox: Sandbox,
    service: str,
    *,
    region: str = REGION,
    key: str | None = None,
    secret: str | None = None,
    token: str | None = None,
) -> Any:
    """A client that never retries, so that each refusal is seen; the operator's, unless keys are given."""
    keys = key or sandbox.access_key_id, secret or sandbox.secret_access_key, token
    return client(service, sandbox.endpoint_url, region, keys, retries=False)


def careless_client(sandbox: Sandbox, service: str) -> Any:
    """The operator's client that sends what it is given, as the SDK for JavaScript does."""
    make: Any = boto3.client
    return make(
        service,
        endpoint_url=sandbox.endpoint_url,
        region_name=REGION,
        aws_access_key_id=sandbox.access_key_id,
        aws_secret_access_key=sandbox.secret_access_key,
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )


def refused(call: Callable[..., Any], **arguments: Any) -> tuple[int, str, str]:
    """Make a call that must fail; its HTTP status, error code and message."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return (
        response["ResponseMetadata"]["HTTPStatusCode"],
        response["Error"]["Code"],
        response["Error"]["Message"],
    )


def trust_policy(service: str = "lambda.amazonaws.com") -> str:
    """A trust policy for a service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def policy(
    *actions: str, resource: str = "*", effect: str = "Allow", condition: Mapping[str, Any] | None = None
) -> str:
    """A policy document of one statement, which may hold under a condition only."""
    statement: dict[str, Any] = {"Effect": effect, "Action": list(actions), "Resource": resource}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def keys_bound_to(iam: Any, user: str, document: str) -> dict[str, str]:
    """``key`` and ``secret`` of a new user who may do what the policy allows, for ``client_of``."""
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=document)
    made = iam.create_access_key(UserName=user)["AccessKey"]
    return {"key": made["AccessKeyId"], "secret": made["SecretAccessKey"]}


def package(source: str = "def handler(event, context):\n    return event\n", module: str = "main") -> bytes:
    """A deployment package with one module."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(readable(f"{module}.py"), source)
    return content.getvalue()


def readable(name: str) -> zipfile.ZipInfo:
    """A file of a package that everybody may read: zipfile's own default is the owner, and so not Lambda."""
    item = zipfile.ZipInfo(name)
    item.external_attr = 0o644 << 16
    return item


def create_function(client: Any, name: str, role: str, **changes: Any) -> Any:
    """CreateFunction with a package that works."""
    arguments = {
        "FunctionName": name,
        "Role": role,
        "Runtime": "python3.13",
        "Handler": "main.handler",
        "Code": {"ZipFile": package()},
        **changes,
    }
    return client.create_function(**arguments)


def create_table(client: Any, name: str, **changes: Any) -> Any:
    """CreateTable as the tutorial does it."""
    arguments = {
        "TableName": name,
        "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        **changes,
    }
    return client.create_table(**arguments)


def permission(function: str) -> dict[str, str]:
    """The tutorial's first statement."""
    return {
        "FunctionName": function,
        "StatementId": "apigateway-test-2",
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc/*/POST/DynamoDBManager",
    }


class BareApi:
    """A REST API with the tutorial's resource and nothing else: each test makes the rest that it needs."""

    def __init__(self, client: Any, name: str) -> None:
        made = client.create_rest_api(
            name=name, endpointConfiguration={"types": ["REGIONAL"]}, tags={"owner": name}
        )
        self.client, self.id, self.root = client, made["id"], made["rootResourceId"]
        self.resource = self.add("DynamoDBManager")
        self.method = {"restApiId": self.id, "resourceId": self.resource, "httpMethod": "POST"}

    def add(self, part: str) -> str:
        made: str = self.client.create_resource(restApiId=self.id, parentId=self.root, pathPart=part)["id"]
        return made

    def put_method(self) -> None:
        self.client.put_method(**self.method, authorizationType="NONE")

    def integrate(self) -> None:
        self.put_method()
        self.client.put_integration(**self.method, type="AWS", integrationHttpMethod="POST", uri=URI)

    def deploy(self, stage: str = "prod", **more: Any) -> str:
        made: str = self.client.create_deployment(restApiId=self.id, stageName=stage, **more)["id"]
        return made


class MockApi(BareApi):
    """An API whose POST answers a fixed text, by which a test recognises what is served."""

    def answer(self, text: str, status: str = "200") -> None:
        template = {"application/json": f'{{"statusCode": {status}}}'}
        self.client.put_integration(**self.method, type="MOCK", requestTemplates=template)
        self.client.put_integration_response(
            **self.method, statusCode=status, responseTemplates={"application/json": text}
        )
