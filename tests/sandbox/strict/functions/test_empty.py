"""Structures of a function's configuration that say nothing, and members that are null."""

import json
from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import Clients, careless_client, create_function, refused

EMPTY = [
    {"Environment": {}},
    {"Environment": {"Variables": {}}},
    {"VpcConfig": {}},
    {"VpcConfig": {"SubnetIds": []}},
    {"VpcConfig": {"SecurityGroupIds": []}},
    {"TracingConfig": {}},
    {"DeadLetterConfig": {}},
    {"DeadLetterConfig": {"TargetArn": ""}},
    {"SnapStart": {}},
    {"LoggingConfig": {}},
    {"ImageConfig": {}},
    {"Layers": []},
    {"FileSystemConfigs": []},
]


@pytest.mark.parametrize("given", EMPTY)
def test_a_structure_that_says_nothing_is_accepted(
    aws: Clients, unique: str, role: str, given: dict[str, Any]
) -> None:
    client = aws("lambda")
    create_function(client, unique, role, **given)
    client.get_waiter("function_active_v2").wait(FunctionName=unique)
    client.update_function_configuration(FunctionName=unique, **given)
    pages = client.get_paginator("list_functions").paginate()
    assert unique in {each["FunctionName"] for page in pages for each in page["Functions"]}


@pytest.mark.parametrize("nothing", [{}, {"Variables": {}}])
def test_an_empty_environment_takes_the_variables_away(
    aws: Clients, unique: str, role: str, nothing: dict[str, Any]
) -> None:
    client = aws("lambda")
    create_function(client, unique, role, Environment={"Variables": {"TABLE": "LambdaTable"}})
    client.get_waiter("function_active_v2").wait(FunctionName=unique)
    client.update_function_configuration(FunctionName=unique, Environment=nothing)
    assert client.get_function_configuration(FunctionName=unique)["Environment"] == {"Variables": {}}


def test_what_is_null_is_absent(aws: Clients, sandbox: Sandbox, function: str) -> None:
    """So the SDK for JavaScript sends what a program sets to null."""
    client = careless_client(sandbox, "lambda")
    names = ("Environment", "Timeout", "Layers", "VpcConfig", "Role")
    body = json.dumps(dict.fromkeys(names) | {"Description": "null"}).encode()

    def replace_body(params: dict[str, Any], **_: object) -> None:
        params["body"] = body

    client.meta.events.register("before-call.lambda.UpdateFunctionConfiguration", replace_body)
    before = client.get_function_configuration(FunctionName=function)
    client.update_function_configuration(FunctionName=function)
    after = aws("lambda").get_function_configuration(FunctionName=function)
    assert (after["Description"], after["Timeout"]) == ("null", before["Timeout"])
    assert ("Environment" in after, after["Role"]) == ("Environment" in before, before["Role"])


@pytest.mark.parametrize(
    ("call", "missing"),
    [
        ("put_function_concurrency", "reservedConcurrentExecutions"),
        ("create_function_url_config", "authType"),
        ("put_function_recursion_config", "recursiveLoop"),
    ],
)
def test_what_a_call_must_have_is_named(sandbox: Sandbox, function: str, call: str, missing: str) -> None:
    """In the form in which AWS tells of a missing ``qualifier`` (recorded)."""
    client = careless_client(sandbox, "lambda")
    assert refused(getattr(client, call), FunctionName=function) == (
        400,
        "ValidationException",
        (
            f"1 validation error detected: Value null at '{missing}' failed to satisfy constraint: "
            "Member must not be null"
        ),
    )
