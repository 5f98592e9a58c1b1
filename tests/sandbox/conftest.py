"""Clients of a sandbox for these tests, and resources that tests make in it, each under a name of its own."""

import functools
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import (
    Clients,
    client_of,
    create_function,
    create_table,
    package,
    policy,
    trust_policy,
)
from tests.kit.sandbox.live_api import Api
from tests.kit.sandbox.running import ready_sandbox
from tests.kit.sandbox.schedules import SOURCE, Listener


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another state folder than that of the tests of the program, and so another sandbox.

    Hundreds of things that these tests make stay in it; whoever looks at an account would list them all.
    """
    return tmp_path_factory.mktemp("laboratory")


@pytest.fixture(scope="session")
def sandbox(world: Path, shared_cache: Path) -> Iterator[Sandbox]:
    """A sandbox for all of these tests of this process."""
    with ready_sandbox(world, shared_cache) as running:
        yield running


@pytest.fixture(scope="session")
def aws(sandbox: Sandbox) -> Clients:
    """Make boto3 clients of the sandbox: ``aws("lambda")``, ``aws("sts", key="ASIA…", …)``."""
    return functools.partial(client_of, sandbox)


@pytest.fixture
def unique() -> str:
    """A name that no other test uses."""
    return f"n{uuid.uuid4().hex[:12]}"


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


@pytest.fixture
def listener(aws: Clients, unique: str, role: str) -> Listener:
    """A function that logs its events, and how to wait for them."""
    made = create_function(aws("lambda"), f"{unique}-listener", role, Code={"ZipFile": package(SOURCE)})
    return Listener(made["FunctionArn"], aws("logs"))


@pytest.fixture
def table(aws: Clients, unique: str) -> str:
    """The name of a table with the key Id."""
    create_table(aws("dynamodb"), unique)
    return unique


@pytest.fixture
def api(sandbox: Sandbox, aws: Clients, function: str) -> Api:
    """An API without methods, and a function that echoes."""
    made = aws("apigateway").create_rest_api(
        name="DynamoDBOperations", endpointConfiguration={"types": ["REGIONAL"]}
    )
    return Api(sandbox, aws, made["id"], made["rootResourceId"], function)


@pytest.fixture
def tutorial(api: Api) -> Api:
    """The tutorial's API: POST on /DynamoDBManager, deployed as prod; no permission yet."""
    template = {"responseTemplates": {"application/json": ""}}
    api.method(api.resource("DynamoDBManager"), responses={"200": template})
    api.deploy()
    return api
