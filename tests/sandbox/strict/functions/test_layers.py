"""Lambda's layers: published, attached to functions, and imported by real handlers. Answers as recorded."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest

from tests.kit.sandbox.control import (
    ACCOUNT,
    REGION,
    Clients,
    create_function,
    keys_bound_to,
    package,
    policy,
    readable,
    refused,
)
from tests.kit.sandbox.lambda_lab import needs_node

INVALID, MISSING = "InvalidParameterValueException", "ResourceNotFoundException"
SAY = package("import said\ndef handler(event, context):\n    return said.text\n")
NOTHING_THERE = (404, MISSING, "The resource you requested does not exist.")


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


def zipped(files: Mapping[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(readable(name), text)
    return content.getvalue()


def saying(text: str) -> bytes:
    """A layer for Python with the module ``said``."""
    return zipped({"python/said.py": f"text = {text!r}\n"})


def publish(client: Any, name: str, content: bytes, **more: Any) -> Any:
    return client.publish_layer_version(LayerName=name, Content={"ZipFile": content}, **more)


def arn(name: str, number: int) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:{name}:{number}"


def result(client: Any, function: str, **more: Any) -> Any:
    return json.loads(client.invoke(FunctionName=function, **more)["Payload"].read())


# With real handlers


def test_a_python_handler_imports_what_was_published(lambda_: Any, unique: str, role: str) -> None:
    made = publish(lambda_, unique, saying("from a layer"))
    function = create_function(lambda_, unique, role, Code={"ZipFile": SAY}, Layers=[made["LayerVersionArn"]])
    assert function["Layers"] == [{"Arn": made["LayerVersionArn"], "CodeSize": made["Content"]["CodeSize"]}]
    assert result(lambda_, unique) == "from a layer"


@needs_node
def test_a_node_handler_imports_what_was_published(lambda_: Any, unique: str, role: str) -> None:
    layer = zipped({"nodejs/node_modules/said/index.js": "exports.text = 'from a layer';\n"})
    source = "exports.handler = async () => require('said').text;\n"
    create_function(
        lambda_,
        unique,
        role,
        Runtime="nodejs22.x",
        Code={"ZipFile": zipped({"main.js": source})},
        Layers=[publish(lambda_, unique, layer)["LayerVersionArn"]],
    )
    assert result(lambda_, unique) == "from a layer"


def test_an_update_gives_a_function_other_layers_and_takes_them_away(
    lambda_: Any, unique: str, role: str
) -> None:
    create_function(lambda_, unique, role, Code={"ZipFile": SAY})
    assert result(lambda_, unique)["errorType"] == "Runtime.ImportModuleError"
    for text in ("one", "two"):
        version = publish(lambda_, unique, saying(text))["LayerVersionArn"]
        changed = lambda_.update_function_configuration(FunctionName=unique, Layers=[version])
        assert [each["Arn"] for each in changed["Layers"]] == [version]
        assert result(lambda_, unique) == text
    lambda_.update_function_configuration(FunctionName=unique, Timeout=4)
    assert result(lambda_, unique) == "two"
    changed = lambda_.update_function_configuration(FunctionName=unique, Layers=[])
    assert "Layers" not in changed
    assert result(lambda_, unique)["errorType"] == "Runtime.ImportModuleError"


def test_a_later_layers_file_replaces_that_of_an_earlier_one(lambda_: Any, unique: str, role: str) -> None:
    layers = [
        publish(lambda_, f"{unique}-{text}", saying(text))["LayerVersionArn"] for text in ("one", "two")
    ]
    create_function(lambda_, unique, role, Code={"ZipFile": SAY}, Layers=layers)
    assert result(lambda_, unique) == "two"
    lambda_.update_function_configuration(FunctionName=unique, Layers=layers[::-1])
    assert result(lambda_, unique) == "one"


def test_a_function_keeps_a_version_that_is_deleted_and_no_other_function_gets_it(
    lambda_: Any, unique: str, role: str
) -> None:
    version = publish(lambda_, unique, saying("still here"))["LayerVersionArn"]
    create_function(lambda_, unique, role, Code={"ZipFile": SAY}, Layers=[version])
    lambda_.delete_layer_version(LayerName=unique, VersionNumber=1)
    assert lambda_.get_function_configuration(FunctionName=unique)["Layers"][0]["Arn"] == version
    assert result(lambda_, unique) == "still here"
    found = refused(create_function, client=lambda_, name=f"{unique}2", role=role, Layers=[version])
    assert found == (400, INVALID, f"Layer version {version} does not exist.")


def test_a_published_version_of_a_function_keeps_its_layers(lambda_: Any, unique: str, role: str) -> None:
    first, second = (
        publish(lambda_, unique, saying(text))["LayerVersionArn"] for text in ("first", "second")
    )
    create_function(lambda_, unique, role, Code={"ZipFile": SAY}, Layers=[first], Publish=True)
    lambda_.update_function_configuration(FunctionName=unique, Layers=[second])
    assert (result(lambda_, unique, Qualifier="1"), result(lambda_, unique)) == ("first", "second")


# Descriptions


def test_a_version_is_described_as_it_was_published(lambda_: Any, unique: str) -> None:
    told = {
        "Description": "d",
        "LicenseInfo": "MIT",
        "CompatibleRuntimes": ["python3.13"],
        "CompatibleArchitectures": ["x86_64"],
    }
    made = publish(lambda_, unique, saying("x"), **told)
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert {name: made[name] for name in told} == told
    assert (made["LayerArn"], made["LayerVersionArn"], made["Version"]) == (
        arn(unique, 1).removesuffix(":1"),
        arn(unique, 1),
        1,
    )
    for found in (
        lambda_.get_layer_version(LayerName=unique, VersionNumber=1),
        lambda_.get_layer_version(LayerName=made["LayerArn"], VersionNumber=1),
        lambda_.get_layer_version_by_arn(Arn=arn(unique, 1)),
    ):
        assert found["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert {**found, "ResponseMetadata": None} == {**made, "ResponseMetadata": None}


def test_numbers_go_on_after_versions_were_deleted(lambda_: Any, unique: str) -> None:
    for number in (1, 2):
        assert publish(lambda_, unique, saying("x"))["Version"] == number
    for number in (1, 2, 2):
        gone = lambda_.delete_layer_version(LayerName=unique, VersionNumber=number)
        assert gone["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert lambda_.list_layer_versions(LayerName=unique)["LayerVersions"] == []
    assert publish(lambda_, unique, saying("x"))["Version"] == 3


def test_layers_and_versions_are_listed_by_runtime_and_in_pages(lambda_: Any, unique: str) -> None:
    for number in range(1, 12):
        publish(lambda_, unique, saying("x"), CompatibleRuntimes=[f"python3.{8 + number % 2}"])
    listed = lambda_.get_paginator("list_layer_versions").paginate(
        LayerName=unique, PaginationConfig={"PageSize": 4}
    )
    found = [each["Version"] for page in listed for each in page["LayerVersions"]]
    assert found == list(range(11, 0, -1))
    even = lambda_.list_layer_versions(LayerName=unique, CompatibleRuntime="python3.8")["LayerVersions"]
    assert [each["Version"] for each in even] == [10, 8, 6, 4, 2]
    pages = lambda_.get_paginator("list_layers").paginate(CompatibleRuntime="python3.8")
    newest = {
        each["LayerName"]: each["LatestMatchingVersion"]["Version"]
        for page in pages
        for each in page["Layers"]
    }
    assert newest[unique] == 10


def test_what_is_not_there_is_missed(lambda_: Any, unique: str) -> None:
    publish(lambda_, unique, saying("x"))
    get = lambda_.get_layer_version
    assert refused(get, LayerName="none", VersionNumber=1) == NOTHING_THERE
    assert refused(get, LayerName=unique, VersionNumber=2) == NOTHING_THERE
    assert refused(lambda_.get_layer_version_by_arn, Arn=arn(unique, 2)) == NOTHING_THERE
    less = (400, INVALID, "Layer Version Cannot be less than 1")
    assert refused(get, LayerName=unique, VersionNumber=0) == less
    assert refused(lambda_.delete_layer_version, LayerName=unique, VersionNumber=-1) == less
    assert lambda_.list_layer_versions(LayerName="none")["LayerVersions"] == []


# Refusals


def test_a_layer_must_be_a_zip_that_can_be_unpacked(lambda_: Any, unique: str) -> None:
    message = "Could not unzip uploaded file. Please check your file, then try to upload again."
    content = bytearray(saying("x"))
    content[content.find(b"text")] ^= 1  # now the checksum is wrong
    for broken in (b"no zip", bytes(content)):
        assert refused(publish, client=lambda_, name=unique, content=broken) == (400, INVALID, message)
    assert lambda_.list_layer_versions(LayerName=unique)["LayerVersions"] == []


def test_extensions_and_other_accounts_layers_are_refused(lambda_: Any, unique: str, function: str) -> None:
    content = zipped({"extensions/spy": "#!/bin/sh\n"})
    code, said = refused(publish, client=lambda_, name=unique, content=content)[1:]
    assert (code, "Leave its folder extensions out" in said) == ("NotImplemented", True)
    theirs = "arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3:1"
    update = lambda_.update_function_configuration
    code, said = refused(update, FunctionName=function, Layers=[theirs])[1:]
    assert (code, "Publish that layer here, from its zip" in said) == ("NotImplemented", True)


def test_a_function_uses_at_most_five_layers_one_version_each_of_its_own_region(
    aws: Clients, lambda_: Any, unique: str, function: str
) -> None:
    update = lambda_.update_function_configuration
    names = [f"{unique}-{number}" for number in range(6)]
    made = [publish(lambda_, name, saying("x"))["LayerVersionArn"] for name in names]
    found = refused(update, FunctionName=function, Layers=made)
    assert found == (400, INVALID, "Cannot reference more than 5 layers.")
    second = publish(lambda_, names[0], saying("x"))["LayerVersionArn"]
    assert refused(update, FunctionName=function, Layers=[made[0], second]) == (
        400,
        INVALID,
        (
            "Two different versions of the same layer are not allowed to be referenced in the same function. "
            f"{made[0]} and {second} are versions of the same layer."
        ),
    )
    elsewhere = publish(aws("lambda", region="eu-west-1"), unique, saying("x"))["LayerVersionArn"]
    assert refused(update, FunctionName=function, Layers=[elsewhere]) == (
        400,
        INVALID,
        "Layers are not in the same region as the function. Layers are expected to be in region us-east-1.",
    )
    assert lambda_.update_function_configuration(FunctionName=function, Layers=made[:5])["Layers"]


def test_code_and_layers_together_keep_to_the_limit(lambda_: Any, unique: str, role: str) -> None:
    layer = publish(lambda_, unique, zipped({"x": "0" * 100}))["LayerVersionArn"]
    create_function(lambda_, unique, role, Layers=[layer])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("main.py", "")
        archive.filelist[-1].file_size = 262_143_901  # what it claims is all that is looked at
    assert refused(lambda_.update_function_code, FunctionName=unique, ZipFile=content.getvalue()) == (
        400,
        INVALID,
        (
            "Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. "
            "The actual size is 262144001 bytes."
        ),
    )


def test_who_attaches_a_layer_must_be_allowed_to_read_it(
    aws: Clients, lambda_: Any, unique: str, function: str
) -> None:
    version = publish(lambda_, unique, saying("x"))["LayerVersionArn"]
    keys = keys_bound_to(aws("iam"), unique, policy("lambda:UpdateFunctionConfiguration"))
    update = aws("lambda", **keys).update_function_configuration
    code, message = refused(update, FunctionName=function, Layers=[version])[1:]
    assert (code, f"perform: lambda:GetLayerVersion on resource: {version}" in message) == (
        "AccessDeniedException",
        True,
    )


# Policies


def test_the_policy_of_a_version_is_kept_and_told(lambda_: Any, unique: str) -> None:
    publish(lambda_, unique, saying("x"))
    version = {"LayerName": unique, "VersionNumber": 1}
    nothing = (404, MISSING, "No policy is associated with the given resource.")
    assert refused(lambda_.get_layer_version_policy, **version) == nothing
    statement = {"StatementId": "s1", "Action": "lambda:GetLayerVersion", "Principal": ACCOUNT}
    added = lambda_.add_layer_version_permission(**version, **statement)
    told = {
        "Sid": "s1",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "lambda:GetLayerVersion",
        "Resource": arn(unique, 1),
    }
    assert json.loads(added["Statement"]) == told
    found = lambda_.get_layer_version_policy(**version)
    assert json.loads(found["Policy"])["Statement"] == [told]
    assert found["RevisionId"] == added["RevisionId"]
    assert refused(lambda_.add_layer_version_permission, **version, **statement)[:2] == (
        409,
        "ResourceConflictException",
    )
    stale = {**statement, "StatementId": "s2", "RevisionId": "old"}
    code, message = refused(lambda_.add_layer_version_permission, **version, **stale)[1:]
    assert (code, "Call the GetLayerPolicy API" in message) == ("PreconditionFailedException", True)
    remove = lambda_.remove_layer_version_permission
    assert refused(remove, **version, StatementId="s2") == (
        404,
        MISSING,
        "Statement s2 is not found in resource policy.",
    )
    remove(**version, StatementId="s1", RevisionId=found["RevisionId"])
    assert refused(lambda_.get_layer_version_policy, **version) == nothing


def test_a_version_that_is_not_there_has_no_policy(lambda_: Any, unique: str) -> None:
    found = refused(lambda_.get_layer_version_policy, LayerName=unique, VersionNumber=3)
    assert found == (404, MISSING, f"Layer version {arn(unique, 3)} does not exist.")
