"""How functions, versions and aliases are described. Answers are AWS's, as recorded."""

import json
from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, create_function, package, refused

WHO = "def handler(event, context):\n    return [context.function_version, context.invoked_function_arn]\n"
STALE = (
    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to "
    "retrieve the latest Revision Id"
)


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


@pytest.fixture
def versions(lambda_: Any, unique: str, role: str) -> str:
    """The name of a function with the versions 1 and 2 that tells which of them runs."""
    create_function(lambda_, unique, role, Code={"ZipFile": package(WHO)})
    lambda_.publish_version(FunctionName=unique)
    lambda_.update_function_code(FunctionName=unique, ZipFile=package(WHO + "# 2\n"))
    lambda_.publish_version(FunctionName=unique)
    return unique


def arn(name: str, qualifier: str = "") -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}{qualifier}"


def run(client: Any, name: str, **more: str) -> Any:
    return json.loads(client.invoke(FunctionName=name, **more)["Payload"].read())


def status(answer: Any) -> int:
    code: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return code


def test_a_configuration_has_the_members_of_aws(lambda_: Any, function: str) -> None:
    got = lambda_.get_function(FunctionName=function)["Configuration"]
    assert got["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function}"}
    assert got["RuntimeVersionConfig"]["RuntimeVersionArn"].startswith(f"arn:aws:lambda:{REGION}::runtime:")
    assert "Layers" not in got
    pages = lambda_.get_paginator("list_functions").paginate()
    [listed] = pages.search(f"Functions[?FunctionName=='{function}']")
    assert listed["RevisionId"] == got["RevisionId"]
    assert not {"State", "LastUpdateStatus", "RuntimeVersionConfig"} & listed.keys()


def test_every_change_gives_another_revision(lambda_: Any, unique: str, role: str) -> None:
    named = {"FunctionName": unique}

    def present() -> str:
        revision: str = lambda_.get_function_configuration(**named)["RevisionId"]
        return revision

    made = create_function(lambda_, unique, role)
    seen = [made["RevisionId"], present()]
    updated = lambda_.update_function_configuration(**named, Timeout=5, RevisionId=seen[-1])
    assert updated["LastUpdateStatusReasonCode"] == "Creating"
    seen += [updated["RevisionId"], present()]
    seen += [lambda_.publish_version(**named)["RevisionId"], present()]
    assert len(set(seen)) == len(seen)
    assert lambda_.get_function_configuration(**named, Qualifier="1")["RevisionId"] == seen[-2]
    assert lambda_.publish_version(**named)["RevisionId"] == seen[-2]
    for call in ("update_function_configuration", "publish_version"):
        said = refused(getattr(lambda_, call), **named, RevisionId=seen[0])
        assert said == (412, "PreconditionFailedException", STALE)


def test_a_function_can_be_created_with_a_version(lambda_: Any, unique: str, role: str) -> None:
    made = create_function(lambda_, unique, role, Publish=True)
    assert (made["Version"], made["State"], made["FunctionArn"]) == ("1", "Pending", arn(unique))
    got = lambda_.get_function(FunctionName=unique, Qualifier="1")["Configuration"]
    assert (got["Version"], got["FunctionArn"]) == ("1", arn(unique, ":1"))
    assert lambda_.publish_version(FunctionName=unique)["Version"] == "1"
    assert lambda_.get_function(FunctionName=unique)["Configuration"]["Version"] == "$LATEST"


@pytest.mark.parametrize("form", ["{name}", "function:{name}", f"{ACCOUNT}:function:{{name}}", arn("{name}")])
def test_a_function_is_named_in_each_of_awss_ways(lambda_: Any, function: str, form: str) -> None:
    name = form.format(name=function)
    lambda_.publish_version(FunctionName=name)
    assert lambda_.get_function(FunctionName=name)["Configuration"]["FunctionName"] == function
    assert lambda_.update_function_configuration(FunctionName=name, Timeout=5)["Timeout"] == 5
    got = lambda_.get_function_configuration(FunctionName=f"{name}:1")
    assert got["Version"] == "1"
    assert len(lambda_.list_versions_by_function(FunctionName=name)["Versions"]) == 2


@pytest.mark.parametrize("form", [f"{ACCOUNT}:function:{{name}}", arn("{name}")])
def test_a_function_is_created_by_an_arn(lambda_: Any, unique: str, role: str, form: str) -> None:
    made = lambda_.create_function(
        FunctionName=form.format(name=unique),
        Runtime="python3.13",
        Handler="index.handler",
        Role=role,
        Code={"ZipFile": package()},
    )
    assert made["FunctionName"] == unique


def test_names_that_lead_elsewhere(lambda_: Any, function: str) -> None:
    other = arn(function).replace(REGION, "eu-west-1")
    assert refused(lambda_.get_function, FunctionName=other) == (
        404,
        "ResourceNotFoundException",
        f"Functions from 'eu-west-1' are not reachable in this region ('{REGION}')",
    )
    assert refused(lambda_.get_function, FunctionName=f"{function}:1", Qualifier="2")[2] == (
        "The derived qualifier from the function name does not match the specified qualifier."
    )


def test_the_arn_by_which_a_function_is_invoked(lambda_: Any, versions: str) -> None:
    lambda_.create_alias(FunctionName=versions, Name="live", FunctionVersion="1")
    assert run(lambda_, versions) == ["$LATEST", arn(versions)]
    assert run(lambda_, versions, Qualifier="2") == ["2", arn(versions, ":2")]
    assert run(lambda_, versions, Qualifier="live") == ["1", arn(versions, ":live")]


def test_an_alias_divides_its_invocations(lambda_: Any, versions: str) -> None:
    lambda_.create_alias(
        FunctionName=versions,
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}},
    )
    assert {run(lambda_, versions, Qualifier="live")[0] for _ in range(40)} == {"1", "2"}
    lambda_.update_alias(
        FunctionName=versions, Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 1.0}}
    )
    assert {run(lambda_, versions, Qualifier="live")[0] for _ in range(5)} == {"2"}
    told = lambda_.update_alias(FunctionName=versions, Name="live", RoutingConfig={})
    assert "RoutingConfig" not in told


@pytest.mark.parametrize(
    ("version", "weights", "code", "message"),
    [
        (
            "1",
            {"1": 0.5, "2": 0.5},
            "InvalidParameterValueException",
            "Number of items in AdditionalVersionWeights cannot be greater than 1",
        ),
        (
            "1",
            {"1": 0.5},
            "InvalidParameterValueException",
            "Invalid function version 1. Function version 1 is already included in routing configuration.",
        ),
        (
            "$LATEST",
            {"1": 0.5},
            "InvalidParameterValueException",
            "$LATEST is not supported for an alias pointing to more than 1 version",
        ),
        ("1", {"10": 0.5}, "ResourceNotFoundException", "Function not found: {arn}:10"),
    ],
)
def test_what_no_alias_can_divide(
    lambda_: Any, versions: str, version: str, weights: dict[str, float], code: str, message: str
) -> None:
    said = refused(
        lambda_.create_alias,
        FunctionName=versions,
        Name="live",
        FunctionVersion=version,
        RoutingConfig={"AdditionalVersionWeights": weights},
    )
    assert said[1:] == (code, message.format(arn=arn(versions)))


def test_statuses_and_refusals_of_aliases_and_tags(lambda_: Any, versions: str) -> None:
    named = {"FunctionName": versions, "Name": "live"}
    made = lambda_.create_alias(**named, FunctionVersion="1")
    assert (status(made), status(lambda_.get_alias(**named))) == (201, 200)
    changed = lambda_.update_alias(**named, Description="changed")
    assert (status(changed), changed["RevisionId"] == made["RevisionId"]) == (200, False)
    said = refused(lambda_.update_alias, **named, RevisionId=made["RevisionId"])
    assert said == (412, "PreconditionFailedException", STALE)
    assert status(lambda_.delete_alias(**named)) == 204
    assert status(lambda_.delete_alias(**named)) == 204
    missing = f"{arn(versions)}:live"
    assert refused(lambda_.update_alias, **named)[2] == f"Alias not found: {missing}"
    assert refused(lambda_.get_alias, **named)[2] == f"Cannot find alias arn: {missing}"
    assert status(lambda_.tag_resource(Resource=arn(versions), Tags={"a": "b"})) == 204
    assert refused(lambda_.tag_resource, Resource=arn(versions, ":1"), Tags={"a": "b"})[2] == (
        "Tags on function aliases and versions are not supported. Please specify a function ARN."
    )
    assert refused(lambda_.list_versions_by_function, FunctionName="none")[0] == 404


def test_stack_traces_are_under_var_task(lambda_: Any, unique: str, role: str) -> None:
    source = "def handler(event, context):\n    raise ValueError('wrong')\n"
    create_function(lambda_, unique, role, Code={"ZipFile": package(source)})
    error = run(lambda_, unique)
    assert error["stackTrace"] == [
        "  File \"/var/task/main.py\", line 2, in handler\n    raise ValueError('wrong')\n"
    ]
