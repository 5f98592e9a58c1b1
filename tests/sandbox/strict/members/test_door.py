"""The tables against the services' models in botocore: no member of any operation is silent."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from lambda_over_https.sandbox.control import moto_setup
from lambda_over_https.sandbox.control.aws_calls import PROTOCOLS, AwsCall
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.functions import provisioned, urls
from lambda_over_https.sandbox.strict.layer import rules_of
from lambda_over_https.sandbox.strict.members import door
from lambda_over_https.sandbox.strict.members.table import Tree
from lambda_over_https.sandbox.web.http import Request
from tests.kit.account.clients import service_model
from tests.kit.sandbox.control import Clients, create_function, refused

ELSEWHERE = {
    "lambda": {"Invoke", "InvokeAsync", *urls.answers(""), *provisioned.answers(lambda _: 0)},
    "apigateway": {
        "GetUsage",
        "ImportDocumentationParts",
        "ImportRestApi",
        "PutRestApi",
        "TestInvokeMethod",
        "UpdateUsage",
    },
}
"""Operations that components of their own answer: the data plane, reports of usage, imports."""

OPERATIONS = [(name, operation) for name in PROTOCOLS for operation in service_model(name).operation_names]
REQUEST = Request("POST", "/", "", {}, b"")


def shape_of(service: str, operation: str) -> Any:
    return service_model(service).operation_model(operation).input_shape


def paths(tree: Tree, shape: Any, before: str = "") -> Iterator[str]:
    """Those paths of the tree that the model does not have."""
    while shape.type_name == "list":
        shape = shape.member
    for name, branch in tree.items():
        if name not in getattr(shape, "members", {}):
            yield f"{before}{name}"
        elif isinstance(branch, dict):
            yield from paths(branch, shape.members[name], f"{before}{name}.")


def refusal(service: str, operation: str, **parameters: Any) -> AwsError:
    call = AwsCall(service, operation, "us-east-1", "key", REQUEST, parameters)
    with pytest.raises(AwsError) as caught:
        door.check(call)
    return caught.value


def test_every_service_has_a_table() -> None:
    assert door.SERVICES.keys() == PROTOCOLS.keys()


@pytest.mark.parametrize("service", PROTOCOLS)
def test_the_tables_name_only_what_the_model_has(service: str) -> None:
    operations = door.SERVICES[service].operations
    model = service_model(service)
    assert operations.keys() - set(model.operation_names) == set()
    unknown = {
        name: list(paths(served.tree, shape_of(service, name))) if served.tree else []
        for name, served in operations.items()
    }
    assert {name: found for name, found in unknown.items() if found} == {}


@pytest.mark.parametrize("service", PROTOCOLS)
def test_no_member_is_named_twice_and_each_hint_is_used(service: str) -> None:
    table, model = door.SERVICES[service], service_model(service)
    for served in table.operations.values():
        named = [*served.acted.split(), *served.kept.split(), *served.only]
        assert sorted(named) == sorted(set(named))
    words = {word for served in table.operations.values() for path in served.only for word in path.split(".")}
    members = {name for shape in model.shape_names for name in getattr(model.shape_for(shape), "members", {})}
    for hint in table.instead:
        assert hint not in table.operations
        assert {*hint.split(".")} <= members | words | set(model.operation_names)


@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=lambda part: part)
def test_a_member_is_named_in_the_table_or_refused_by_name(service: str, operation: str) -> None:
    table, shape = door.SERVICES[service], shape_of(service, operation)
    served = table.operations.get(operation)
    if served is None:
        error = refusal(service, operation)
        assert error.message.startswith(f"Not in this sandbox: {operation} of {table.name}. ")
        return
    for name in set(shape.members if shape else {}) - served.tree.keys():
        error = refusal(service, operation, **{name: "a value"})
        assert (error.code, error.status) == ("NotImplemented", 501)
        assert re.fullmatch(rf"Not in this sandbox: {name} of {operation}\. [A-Z].+\.", error.message)


@pytest.mark.parametrize("service", PROTOCOLS)
def test_each_operation_that_is_served_is_answered_by_moto_or_by_the_sandbox(service: str) -> None:
    from moto.core.utils import camelcase_to_underscores

    if service == "wafv2":
        from lambda_over_https.sandbox.firewall.service import Firewall

        assert door.SERVICES[service].operations.keys() == Firewall().answers.keys()
        return
    moto, own = moto_setup.load().get(service), rules_of(service)
    for operation in door.SERVICES[service].operations.keys() - ELSEWHERE.get(service, set()):
        assert operation in own.answers or hasattr(moto, camelcase_to_underscores(operation))
    ruled = {*own.answers, *own.checks, *own.amendments}
    assert ruled - door.SERVICES[service].operations.keys() == set()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:q"}},
            (
                "DeadLetterConfig of CreateFunction. Send failures to a function with "
                "PutFunctionEventInvokeConfig."
            ),
        ),
        (
            {"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}},
            "VpcConfig of CreateFunction. Leave it out: a function reaches the network as this machine does.",
        ),
        (
            {"TracingConfig": {"Mode": "Active"}},
            "TracingConfig.Mode of CreateFunction. Leave it out: the sandbox has no X-Ray.",
        ),
        (
            {"KMSKeyArn": "arn:aws:kms:us-east-1:123456789012:key/k"},
            "KMSKeyArn of CreateFunction. Leave it out: nothing in the sandbox is encrypted.",
        ),
        (
            {"Environment": {"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrapper"}}},
            "AWS_LAMBDA_EXEC_WRAPPER. Leave the variable out: no wrapper script is run",
        ),
    ],
)
def test_a_client_is_told_what_to_do_instead_and_nothing_is_made(
    aws: Clients, unique: str, role: str, changes: dict[str, Any], message: str
) -> None:
    said = refused(create_function, client=aws("lambda"), name=unique, role=role, **changes)
    assert said == (501, "NotImplemented", f"Not in this sandbox: {message}")
    assert refused(aws("lambda").get_function, FunctionName=unique)[0] == 404


def test_what_tools_send_by_default_is_let_in(aws: Clients, unique: str, role: str) -> None:
    create_function(
        aws("lambda"),
        unique,
        role,
        PackageType="Zip",
        TracingConfig={"Mode": "PassThrough"},
        EphemeralStorage={"Size": 512},
        SnapStart={"ApplyOn": "None"},
        LoggingConfig={"LogFormat": "Text"},
        VpcConfig={"SubnetIds": [], "SecurityGroupIds": []},
        Layers=[],
    )
    assert aws("lambda").get_function(FunctionName=unique)["Configuration"]["State"] == "Active"
