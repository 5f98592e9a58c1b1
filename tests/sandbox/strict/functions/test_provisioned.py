"""Provisioned concurrency: real workers that are ready before they are asked. Answers are as recorded."""

from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, create_function, package, refused
from tests.kit.sandbox.lambda_lab import eventually

MISSING = "ResourceNotFoundException"
SOURCE = """
import os
def handler(event, context):
    return [os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"], os.getpid()]
"""


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


@pytest.fixture
def versioned(lambda_: Any, unique: str, role: str) -> str:
    """A function with the versions 1 and 2, and the alias live of version 1."""
    create_function(lambda_, unique, role, Code={"ZipFile": package(SOURCE)}, Publish=True)
    lambda_.update_function_configuration(FunctionName=unique, Timeout=5)
    lambda_.publish_version(FunctionName=unique)
    lambda_.create_alias(FunctionName=unique, Name="live", FunctionVersion="1")
    return unique


def provision(client: Any, function: str, qualifier: str, count: int = 1) -> Any:
    return client.put_provisioned_concurrency_config(
        FunctionName=function, Qualifier=qualifier, ProvisionedConcurrentExecutions=count
    )


def status(client: Any, function: str, qualifier: str) -> tuple[str, int]:
    found = client.get_provisioned_concurrency_config(FunctionName=function, Qualifier=qualifier)
    return found["Status"], found["AllocatedProvisionedConcurrentExecutions"]


def how(client: Any, function: str, qualifier: str) -> str:
    """How the worker was started that runs an invocation."""
    answer = client.invoke(FunctionName=function, Qualifier=qualifier)["Payload"].read().decode()
    return str(answer.partition('"')[2].partition('"')[0])


def arn(function: str, qualifier: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}:{qualifier}"


def test_workers_are_ready_before_the_first_invocation(aws: Clients, lambda_: Any, versioned: str) -> None:
    put = provision(lambda_, versioned, "1", 2)
    assert (put["Status"], put["RequestedProvisionedConcurrentExecutions"]) == ("IN_PROGRESS", 2)
    assert eventually(lambda: status(lambda_, versioned, "1") == ("READY", 2))
    assert how(lambda_, versioned, "1") == how(lambda_, versioned, "live") == "provisioned-concurrency"
    assert how(lambda_, versioned, "2") == "on-demand"
    events = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{versioned}")["events"]
    reports = [each["message"] for each in events if each["message"].startswith("REPORT")]
    assert ["Init Duration" in each for each in reports].count(True) == 1  # the one on demand
    [listed] = lambda_.list_provisioned_concurrency_configs(FunctionName=versioned)[
        "ProvisionedConcurrencyConfigs"
    ]
    assert (listed["FunctionArn"], listed["Status"]) == (arn(versioned, "1"), "READY")


def test_a_worker_has_logged_its_start_when_it_is_ready(aws: Clients, lambda_: Any, versioned: str) -> None:
    """Not when it ends: then the function may be gone, and its log group deleted."""
    provision(lambda_, versioned, "1")
    assert eventually(lambda: status(lambda_, versioned, "1") == ("READY", 1))
    [start] = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{versioned}")["events"]
    assert start["message"].startswith("INIT_START")


def test_when_it_is_deleted_its_workers_go_and_the_next_invocation_starts_one(
    lambda_: Any, versioned: str
) -> None:
    provision(lambda_, versioned, "1", 2)
    assert eventually(lambda: status(lambda_, versioned, "1") == ("READY", 2))
    provision(lambda_, versioned, "1", 1)
    assert eventually(lambda: status(lambda_, versioned, "1") == ("READY", 1))
    assert how(lambda_, versioned, "1") == "provisioned-concurrency"
    lambda_.delete_provisioned_concurrency_config(FunctionName=versioned, Qualifier="1")
    assert eventually(lambda: how(lambda_, versioned, "1") == "on-demand", seconds=5)


def test_they_move_with_an_alias_and_go_with_it(lambda_: Any, versioned: str) -> None:
    provision(lambda_, versioned, "live")
    assert eventually(lambda: status(lambda_, versioned, "live") == ("READY", 1))
    lambda_.update_alias(FunctionName=versioned, Name="live", FunctionVersion="2")
    assert eventually(lambda: status(lambda_, versioned, "live") == ("READY", 1))
    assert how(lambda_, versioned, "2") == "provisioned-concurrency"
    lambda_.delete_alias(FunctionName=versioned, Name="live")
    get = lambda_.get_provisioned_concurrency_config
    missing = (404, MISSING, f"Cannot find alias arn: {arn(versioned, 'live')}")
    assert refused(get, FunctionName=versioned, Qualifier="live") == missing
    found = lambda_.list_provisioned_concurrency_configs(FunctionName=versioned)
    assert found["ProvisionedConcurrencyConfigs"] == []


def test_workers_that_cannot_start_are_told(lambda_: Any, unique: str, role: str) -> None:
    code = {"ZipFile": package("import nothing_like_it\n")}
    create_function(lambda_, unique, role, Code=code, Publish=True)
    provision(lambda_, unique, "1")
    assert eventually(lambda: status(lambda_, unique, "1") == ("FAILED", 0))
    found = lambda_.get_provisioned_concurrency_config(FunctionName=unique, Qualifier="1")
    assert found["StatusReason"] == "FUNCTION_ERROR_INIT_FAILURE"


def test_a_version_is_provisioned_once_itself_or_by_an_alias(lambda_: Any, versioned: str) -> None:
    provision(lambda_, versioned, "1")
    assert refused(provision, client=lambda_, function=versioned, qualifier="live") == (
        409,
        "ResourceConflictException",
        "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
    )
    gone = lambda_.delete_provisioned_concurrency_config(FunctionName=versioned, Qualifier="1")
    assert gone["ResponseMetadata"]["HTTPStatusCode"] == 204
    code = refused(lambda_.get_provisioned_concurrency_config, FunctionName=versioned, Qualifier="1")[1]
    assert code == "ProvisionedConcurrencyConfigNotFoundException"
    provision(lambda_, versioned, "live")
    assert refused(provision, client=lambda_, function=versioned, qualifier="1") == (
        409,
        "ResourceConflictException",
        "Version is pointed by a Provisioned Concurrency alias",
    )


@pytest.mark.parametrize(
    ("beyond", "part"),
    [(1, "is greater than account's unreserved concurrency ["), (0, "below its minimum value of [100].")],
)
def test_there_are_limits(lambda_: Any, versioned: str, beyond: int, part: str) -> None:
    left = lambda_.get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"]  # others reserve
    found = refused(provision, client=lambda_, function=versioned, qualifier="1", count=left + beyond)
    assert (found[0], part in found[2]) == (400, True)


def test_more_than_ten_are_refused_clearly(lambda_: Any, versioned: str) -> None:
    found = refused(provision, client=lambda_, function=versioned, qualifier="1", count=11)
    assert (found[0], "Use at most 10" in found[2]) == (501, True)


def test_a_reservation_holds_what_is_provisioned(lambda_: Any, versioned: str) -> None:
    provision(lambda_, versioned, "1", 2)
    reserve = lambda_.put_function_concurrency
    assert refused(reserve, FunctionName=versioned, ReservedConcurrentExecutions=1)[2] == (
        " ReservedConcurrentExecutions  1 should not be lower than function's total provisioned concurrency "
        "[2]."
    )
    reserve(FunctionName=versioned, ReservedConcurrentExecutions=2)
    assert refused(provision, client=lambda_, function=versioned, qualifier="2", count=3)[0] == 400


@pytest.mark.parametrize(
    ("function", "qualifier", "message"),
    [
        ("none", "noalias", "Cannot find alias arn: {arn}"),
        ("none", "1", "Function not found: {arn}"),
    ],
)
def test_what_is_not_there_is_missed(lambda_: Any, function: str, qualifier: str, message: str) -> None:
    said = message.format(arn=arn(function, qualifier))
    for call in (
        lambda_.get_provisioned_concurrency_config,
        lambda_.delete_provisioned_concurrency_config,
    ):
        assert refused(call, FunctionName=function, Qualifier=qualifier) == (404, MISSING, said)


def test_only_published_versions_are_provisioned(lambda_: Any, versioned: str) -> None:
    put = refused(provision, client=lambda_, function=versioned, qualifier="$LATEST")
    assert put[2] == "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
    get = refused(lambda_.get_provisioned_concurrency_config, FunctionName=versioned, Qualifier="$LATEST")
    assert get[2] == "The function resource provided must be an alias or a published version."
