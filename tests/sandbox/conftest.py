"""Clients of the shared sandbox, and things that tests make in it, each under a name of its own."""

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from lambda_over_https.sandbox.daemon import Sandbox

REGION = "us-east-1"
ACCOUNT = "123456789012"

Clients = Callable[..., Any]


@pytest.fixture(scope="session")
def aws(sandbox: Sandbox) -> Iterator[Clients]:
    """Make boto3 clients of the sandbox: ``aws("lambda")``, ``aws("sts", key="ASIA…", …)``."""
    clients: list[Any] = []

    def client(service: str, **options: str) -> Any:
        made = client_of(sandbox, service, **options)
        clients.append(made)
        return made

    yield client
    for made in clients:
        made.close()


def client_of(
    sandbox: Sandbox,
    service: str,
    *,
    region: str = REGION,
    key: str = "test",
    secret: str = "test",
    token: str | None = None,
) -> Any:
    """A client that never retries, so that each refusal is seen."""
    make: Any = boto3.client
    return make(
        service,
        endpoint_url=sandbox.endpoint_url,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def unique() -> str:
    """A name that no other test uses."""
    return f"n{uuid.uuid4().hex[:12]}"


def trust_policy(service: str = "lambda.amazonaws.com") -> str:
    """A trust policy for a service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def policy(*actions: str, resource: str = "*", effect: str = "Allow") -> str:
    """A policy document of one statement."""
    statement = {"Effect": effect, "Action": list(actions), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def package(source: str = "def handler(event, context):\n    return event\n") -> bytes:
    """A deployment package with the one module ``main``."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("main.py", source)
    return content.getvalue()


@pytest.fixture
def role(aws: Clients, unique: str) -> str:
    """The ARN of a role that Lambda may assume, with permission to log."""
    iam = aws("iam")
    made = iam.create_role(RoleName=f"{unique}-role", AssumeRolePolicyDocument=trust_policy())
    iam.put_role_policy(RoleName=f"{unique}-role", PolicyName="logs", PolicyDocument=policy("logs:*"))
    arn: str = made["Role"]["Arn"]
    return arn


@pytest.fixture
def function(aws: Clients, unique: str, role: str) -> str:
    """The name of a function that echoes its event."""
    create_function(aws("lambda"), unique, role)
    return unique


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


@pytest.fixture
def table(aws: Clients, unique: str) -> str:
    """The name of a table with the key Id."""
    create_table(aws("dynamodb"), unique)
    return unique


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
