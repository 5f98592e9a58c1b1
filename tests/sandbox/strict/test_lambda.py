"""What Lambda refuses, the sandbox refuses with the same code and message."""

import io
import json
import zipfile
from typing import Any

import pytest

from tests.kit.sandbox.control import (
    ACCOUNT,
    REGION,
    Clients,
    create_function,
    package,
    permission,
    refused,
    trust_policy,
)


def claiming(*sizes: int) -> bytes:
    """A small zip whose files claim these sizes, as a bomb's do."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number, size in enumerate(sizes):
            archive.writestr(f"{number}.py", "")
            archive.filelist[-1].file_size = size
    return content.getvalue()


class TestLambda:
    def test_a_function_exists_once(self, aws: Clients, function: str, role: str) -> None:
        assert refused(create_function, client=aws("lambda"), name=function, role=role) == (
            409,
            "ResourceConflictException",
            f"Function already exist: {function}",
        )

    def test_a_new_function_is_pending_and_then_active(self, aws: Clients, unique: str, role: str) -> None:
        made = create_function(aws("lambda"), unique, role)
        assert (made["State"], made["StateReasonCode"]) == ("Pending", "Creating")
        found = aws("lambda").get_function(FunctionName=unique)["Configuration"]
        assert (found["State"], found["LastUpdateStatus"]) == ("Active", "Successful")

    @pytest.mark.parametrize("sizes", [[262_144_001], [200_000_000, 62_144_001]])
    def test_a_package_may_not_be_too_large_when_it_is_unzipped(
        self, aws: Clients, unique: str, function: str, role: str, sizes: list[int]
    ) -> None:
        bomb = claiming(*sizes)
        large = (400, "InvalidParameterValueException", "Unzipped size must be smaller than 262144000 bytes")
        created = {"name": unique + "x", "role": role, "Code": {"ZipFile": bomb}}
        assert refused(create_function, client=aws("lambda"), **created) == large
        assert refused(aws("lambda").update_function_code, FunctionName=function, ZipFile=bomb) == large

    @pytest.mark.parametrize("content", [b"", b"no zip", package()[:-30]])
    def test_a_package_must_be_a_zip(self, aws: Clients, function: str, content: bytes) -> None:
        status, code, message = refused(
            aws("lambda").update_function_code, FunctionName=function, ZipFile=content
        )
        assert (status, code) == (400, "InvalidParameterValueException")
        assert "unzip" in message

    def test_an_empty_zip_is_no_package(self, aws: Clients, unique: str, function: str, role: str) -> None:
        """Reports of users (aws/aws-cdk#12536)."""
        empty = (400, "InvalidParameterValueException", "Uploaded file must be a non-empty zip")
        client, content = aws("lambda"), claiming()
        code = {"ZipFile": content}
        assert refused(create_function, client=client, name=f"{unique}x", role=role, Code=code) == empty
        assert refused(client.update_function_code, FunctionName=function, ZipFile=content) == empty
        assert refused(client.publish_layer_version, LayerName=unique, Content=code) == empty

    @pytest.mark.parametrize("more", [{}, {"Publish": True}, {"DryRun": True}])
    def test_an_update_of_the_code_brings_code(self, aws: Clients, function: str, more: Any) -> None:
        assert refused(aws("lambda").update_function_code, FunctionName=function, **more) == (
            400,
            "InvalidParameterValueException",
            "Please provide a source for function code.",
        )

    @pytest.mark.parametrize("trusted", [None, "ec2.amazonaws.com"])
    def test_a_role_must_exist_and_trust_lambda(self, aws: Clients, unique: str, trusted: str | None) -> None:
        arn = f"arn:aws:iam::{ACCOUNT}:role/{unique}"
        if trusted:
            aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=trust_policy(trusted))
        assert refused(create_function, client=aws("lambda"), name=unique, role=arn) == (
            400,
            "InvalidParameterValueException",
            "The role defined for the function cannot be assumed by Lambda.",
        )

    @pytest.mark.parametrize(
        ("change", "code", "message"),
        [
            (
                {"FunctionName": "f" * 65},
                "InvalidParameterValueException",
                (
                    f"1 validation error detected: Value '{'f' * 65}' at 'functionName' failed to satisfy "
                    "constraint: Member must have length less than or equal to 64"
                ),
            ),
            (
                {"Runtime": "nodejs14.x"},
                "InvalidParameterValueException",
                (
                    "The runtime parameter of nodejs14.x is no longer supported for creating or updating AWS "
                    "Lambda functions. We recommend you use a supported runtime while creating or updating "
                    "functions."
                ),
            ),
            (
                {"Code": {"ZipFile": b"no zip"}},
                "InvalidParameterValueException",
                "Could not unzip uploaded file. Please check your file, then try to upload again.",
            ),
            (
                {"Timeout": 1801},
                "ValidationException",
                (
                    "1 validation error detected: Value '1801' at 'timeout' failed to satisfy constraint: "
                    "Member must have value less than or equal to 1800"
                ),
            ),
            (
                {"MemorySize": 10241},
                "ValidationException",
                (
                    "1 validation error detected: Value '10241' at 'memorySize' failed to satisfy "
                    "constraint: Member must have value less than or equal to 10240"
                ),
            ),
            (
                {"Code": {}},
                "InvalidParameterValueException",
                "Please provide a source for function code.",
            ),
            (
                {"Environment": {"Variables": {"1ST": "x"}}},
                "ValidationException",
                (
                    "1 validation error detected: Value at 'environment.variables' failed to satisfy "
                    "constraint: Map keys must satisfy constraint: [Member must satisfy regular expression "
                    "pattern: [a-zA-Z]([a-zA-Z0-9_])+]"
                ),
            ),
            (
                {"Environment": {"Variables": {"AWS_REGION": "x"}}},
                "InvalidParameterValueException",
                (
                    "Lambda was unable to configure your environment variables because the environment "
                    "variables you have provided contains reserved keys that are currently not supported for "
                    "modification. Reserved keys used in this request: AWS_REGION"
                ),
            ),
            (
                {"Environment": {"Variables": {"LONG": "x" * 4096}}},
                "InvalidParameterValueException",
                "Lambda was unable to configure your environment variables because the environment variables "
                'you have provided exceeded the 4KB limit. String measured: {"LONG":"' + "x" * 4096 + '"}',
            ),
        ],
    )
    def test_what_makes_no_function(
        self, aws: Clients, unique: str, role: str, change: dict[str, Any], code: str, message: str
    ) -> None:
        assert refused(create_function, client=aws("lambda"), name=unique, role=role, **change) == (
            400,
            code,
            message,
        )

    def test_nothing_changed_publishes_no_second_version(self, aws: Clients, function: str) -> None:
        """API reference, PublishVersion: none while code and configuration are the last version's."""
        client = aws("lambda")
        client.update_function_configuration(FunctionName=function, Timeout=7)
        client.get_waiter("function_updated_v2").wait(FunctionName=function)
        assert [client.publish_version(FunctionName=function)["Version"] for _ in range(2)] == ["1", "1"]
        client.update_function_configuration(FunctionName=function, Timeout=8)
        client.get_waiter("function_updated_v2").wait(FunctionName=function)
        assert [client.publish_version(FunctionName=function)["Version"] for _ in range(2)] == ["2", "2"]

    def test_the_number_of_a_version_is_never_used_again(
        self, aws: Clients, function: str, role: str
    ) -> None:
        """Lambda guide, "Lambda function versions": also of a function deleted and created anew."""
        client = aws("lambda")

        def published(timeout: int) -> str:
            client.update_function_configuration(FunctionName=function, Timeout=timeout)
            client.get_waiter("function_updated_v2").wait(FunctionName=function)
            version: str = client.publish_version(FunctionName=function)["Version"]
            return version

        assert [published(timeout) for timeout in (4, 5)] == ["1", "2"]
        client.delete_function(FunctionName=function, Qualifier="2")
        assert client.publish_version(FunctionName=function)["Version"] == "3"
        client.delete_function(FunctionName=function)
        create_function(client, function, role)
        assert published(4) == "4"
        found = client.list_versions_by_function(FunctionName=function)["Versions"]
        assert [each["Version"] for each in found] == ["$LATEST", "4"]

    @pytest.mark.parametrize("publish", [True, False])
    def test_the_same_code_again_publishes_no_second_version(
        self, aws: Clients, unique: str, role: str, publish: bool
    ) -> None:
        client = aws("lambda")
        create_function(client, unique, role, Publish=True, LoggingConfig={"LogFormat": "JSON"})
        client.get_waiter("function_active_v2").wait(FunctionName=unique)
        again = client.update_function_code(FunctionName=unique, ZipFile=package(), Publish=publish)
        assert again["Version"] == ("1" if publish else "$LATEST")
        assert client.publish_version(FunctionName=unique)["Version"] == "1"
        client.update_function_configuration(FunctionName=unique, LoggingConfig={"LogFormat": "Text"})
        client.get_waiter("function_updated_v2").wait(FunctionName=unique)
        assert client.publish_version(FunctionName=unique)["Version"] == "2"

    def test_a_dry_run_changes_nothing(self, aws: Clients, function: str) -> None:
        client, other = aws("lambda"), package("changed = 1\n")
        before = client.get_function_configuration(FunctionName=function)
        told = client.update_function_code(FunctionName=function, ZipFile=other, DryRun=True, Publish=True)
        after = client.get_function_configuration(FunctionName=function)
        for answer in (before, told, after):
            del answer["ResponseMetadata"]
        assert before == told == after
        assert len(client.list_versions_by_function(FunctionName=function)["Versions"]) == 1

    def test_an_alias_exists_once_and_holds_its_version(self, aws: Clients, function: str) -> None:
        client = aws("lambda")
        client.publish_version(FunctionName=function)
        alias = client.create_alias(FunctionName=function, Name="live", FunctionVersion="1")["AliasArn"]
        assert refused(client.create_alias, FunctionName=function, Name="live", FunctionVersion="1") == (
            409,
            "ResourceConflictException",
            f"Alias already exists: {alias}",
        )
        assert refused(client.delete_function, FunctionName=function, Qualifier="1") == (
            409,
            "ResourceConflictException",
            "Unable to delete version because the following aliases reference it: [live]",
        )
        for named in ({"FunctionName": function, "Qualifier": "live"}, {"FunctionName": f"{function}:live"}):
            assert refused(client.delete_function, **named) == (
                400,
                "InvalidParameterValueException",
                "Deletion of aliases is not currently supported.",
            )
        client.update_function_configuration(FunctionName=function, Timeout=9)
        client.get_waiter("function_updated_v2").wait(FunctionName=function)
        client.publish_version(FunctionName=function)
        routing = {"AdditionalVersionWeights": {"1": 0.5}}
        client.update_alias(FunctionName=function, Name="live", FunctionVersion="2", RoutingConfig=routing)
        assert refused(client.delete_function, FunctionName=function, Qualifier="1")[0] == 409
        client.delete_alias(FunctionName=function, Name="live")
        client.delete_function(FunctionName=function, Qualifier="1")
        assert client.get_function(FunctionName=function)["Configuration"]["Version"] == "$LATEST"

    def test_an_update_cannot_set_reserved_variables(self, aws: Clients, function: str) -> None:
        reserved = {"AWS_ACCESS_KEY_ID": "x", "LAMBDA_TASK_ROOT": "x"}
        variables = {"Variables": {**reserved, "TABLE_NAME": "LambdaTable"}}
        client = aws("lambda")
        status, code, message = refused(
            client.update_function_configuration, FunctionName=function, Environment=variables
        )
        assert (status, code) == (400, "InvalidParameterValueException")
        assert message.endswith("Reserved keys used in this request: AWS_ACCESS_KEY_ID, LAMBDA_TASK_ROOT")
        assert "Environment" not in client.get_function_configuration(FunctionName=function)

    def test_a_function_may_run_for_half_an_hour(self, aws: Clients, function: str) -> None:
        longer = aws("lambda").update_function_configuration(FunctionName=function, Timeout=1800)
        assert longer["Timeout"] == 1800

    def test_a_runtime_that_never_was(self, aws: Clients, unique: str, role: str) -> None:
        _, code, message = refused(
            create_function, client=aws("lambda"), name=unique, role=role, Runtime="python9.9"
        )
        assert code == "InvalidParameterValueException"
        assert message.startswith(
            "Value python9.9 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: ["
        )
        assert message.endswith("] or be a valid ARN")
        assert "python3.13" in message
        assert "python3.6" not in message

    def test_container_images_are_not_run(self, aws: Clients, unique: str, role: str) -> None:
        image = {"FunctionName": unique, "Role": role, "PackageType": "Image", "Code": {"ImageUri": "a:b"}}
        status, code, _ = refused(aws("lambda").create_function, **image)
        assert (status, code) == (501, "NotImplemented")

    def test_a_function_name_has_a_pattern(self, aws: Clients, unique: str, role: str) -> None:
        status, code, message = refused(create_function, client=aws("lambda"), name="a b", role=role)
        assert (status, code) == (400, "ValidationException")
        assert message.startswith(
            "1 validation error detected: Value 'a b' at 'functionName' failed to satisfy"
        )

    @pytest.mark.parametrize(
        "call",
        [
            "get_function",
            "get_function_configuration",
            "delete_function",
            "update_function_configuration",
        ],
    )
    def test_a_missing_function_is_named_by_its_arn(self, aws: Clients, call: str) -> None:
        assert refused(getattr(aws("lambda"), call), FunctionName="none") == (
            404,
            "ResourceNotFoundException",
            f"Function not found: arn:aws:lambda:{REGION}:{ACCOUNT}:function:none",
        )

    def test_a_deleted_function_is_gone_from_every_listing(self, aws: Clients, function: str) -> None:
        client = aws("lambda")
        client.tag_resource(
            Resource=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}", Tags={"k": "v"}
        )
        client.delete_function(FunctionName=function)
        pages = client.get_paginator("list_functions").paginate()
        assert function not in {item["FunctionName"] for page in pages for item in page["Functions"]}
        found = aws("resourcegroupstaggingapi").get_resources(ResourceTypeFilters=["lambda:function"])
        assert function not in json.dumps(found["ResourceTagMappingList"])


class TestLambdaPermissions:
    def test_a_statement_id_is_used_once(self, aws: Clients, function: str) -> None:
        client, statement = aws("lambda"), permission(function)
        client.add_permission(**statement)
        assert refused(client.add_permission, **statement) == (
            409,
            "ResourceConflictException",
            (
                "The statement id (apigateway-test-2) provided already exists. Please provide a new "
                "statement id, or remove the existing statement."
            ),
        )

    def test_a_missing_statement_is_named(self, aws: Clients, function: str) -> None:
        client = aws("lambda")
        client.add_permission(**permission(function))
        assert refused(client.remove_permission, FunctionName=function, StatementId="none") == (
            404,
            "ResourceNotFoundException",
            "Statement none is not found in resource policy.",
        )

    def test_without_statements_there_is_no_policy(self, aws: Clients, function: str) -> None:
        client = aws("lambda")
        nothing = (404, "ResourceNotFoundException", "The resource you requested does not exist.")
        assert refused(client.get_policy, FunctionName=function) == nothing
        assert refused(client.remove_permission, FunctionName=function, StatementId="none") == (
            404,
            "ResourceNotFoundException",
            "No policy is associated with the given resource.",
        )
        client.add_permission(**permission(function))
        client.remove_permission(FunctionName=function, StatementId="apigateway-test-2")
        assert refused(client.get_policy, FunctionName=function) == nothing

    def test_principals_and_statement_ids_are_checked(self, aws: Clients, function: str) -> None:
        client = aws("lambda")
        assert refused(client.add_permission, **{**permission(function), "Principal": "nonsense"}) == (
            400,
            "InvalidParameterValueException",
            "The provided principal was invalid. Please check the principal and try again.",
        )
        _, code, message = refused(client.add_permission, **{**permission(function), "StatementId": "a b"})
        assert code == "ValidationException"
        assert message == (
            "1 validation error detected: Value 'a b' at 'statementId' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)"
        )


@pytest.mark.parametrize("call", ["get_function", "delete_function", "invoke"])
@pytest.mark.parametrize(
    ("named", "wrong"),
    [
        ({"FunctionName": "my-function!"}, "functionName"),
        ({"FunctionName": "function:my-function:$LATEST:extra"}, "functionName"),
        ({"FunctionName": f"arn:aws:lambda:no-region:{ACCOUNT}:function:my-function"}, "functionName"),
        ({"FunctionName": "my-function", "Qualifier": "invalid!"}, "qualifier"),
    ],
)
def test_a_name_and_a_qualifier_are_checked_alike_by_each_call(
    aws: Clients, call: str, named: dict[str, str], wrong: str
) -> None:
    """Recorded, for each of these calls."""
    status, code, message = refused(getattr(aws("lambda"), call), **named)
    assert (status, code) == (400, "ValidationException")
    value = named["Qualifier" if wrong == "qualifier" else "FunctionName"]
    constraint = "failed to satisfy constraint: Member must satisfy regular expression pattern: "
    assert message.startswith(f"1 validation error detected: Value '{value}' at '{wrong}' {constraint}")
    assert len(message.partition(constraint)[2]) > 10
