"""What AWS refuses, the sandbox refuses with AWS's code and message, as botocore reads them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import (
    ACCOUNT,
    REGION,
    Clients,
    create_function,
    create_table,
    package,
    policy,
    trust_policy,
)

URI = (
    f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/"
    f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:none/invocations"
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


class TestIam:
    def test_a_role_exists_once(self, aws: Clients, unique: str, role: str) -> None:
        name = role.rpartition("/")[2]
        assert refused(aws("iam").create_role, RoleName=name, AssumeRolePolicyDocument=trust_policy()) == (
            409,
            "EntityAlreadyExists",
            f"Role with name {name} already exists.",
        )

    def test_role_names_that_differ_only_in_case_are_the_same(self, aws: Clients, role: str) -> None:
        name = role.rpartition("/")[2].upper()
        status, code, _ = refused(
            aws("iam").create_role, RoleName=name, AssumeRolePolicyDocument=trust_policy()
        )
        assert (status, code) == (409, "EntityAlreadyExists")

    def test_a_role_name_is_checked(self, aws: Clients) -> None:
        assert refused(aws("iam").create_role, RoleName="a b", AssumeRolePolicyDocument=trust_policy()) == (
            400,
            "ValidationError",
            (
                "The specified value for roleName is invalid. It must contain only alphanumeric characters "
                "and/or the following: +=,.@_-"
            ),
        )
        assert refused(
            aws("iam").create_role, RoleName="r" * 65, AssumeRolePolicyDocument=trust_policy()
        ) == (
            400,
            "ValidationError",
            (
                "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member "
                "must have length less than or equal to 64"
            ),
        )

    @pytest.mark.parametrize(
        ("document", "message"),
        [
            ("{", "This policy contains invalid Json"),
            ("{}", "Syntax errors in policy."),
            (trust_policy("nonsense"), 'Invalid principal in policy: "SERVICE":"nonsense"'),
        ],
    )
    def test_a_trust_policy_is_checked(self, aws: Clients, unique: str, document: str, message: str) -> None:
        assert refused(aws("iam").create_role, RoleName=unique, AssumeRolePolicyDocument=document) == (
            400,
            "MalformedPolicyDocument",
            message,
        )

    @pytest.mark.parametrize(
        "call",
        ["get_role", "delete_role", "list_role_policies", "list_attached_role_policies", "list_role_tags"],
    )
    def test_a_missing_role_is_no_such_entity(self, aws: Clients, call: str) -> None:
        assert refused(getattr(aws("iam"), call), RoleName="none") == (
            404,
            "NoSuchEntity",
            "The role with name none cannot be found.",
        )

    @pytest.mark.parametrize("call", ["get_role_policy", "delete_role_policy"])
    def test_a_missing_inline_policy_is_no_such_entity(self, aws: Clients, role: str, call: str) -> None:
        name = role.rpartition("/")[2]
        assert refused(getattr(aws("iam"), call), RoleName=name, PolicyName="none") == (
            404,
            "NoSuchEntity",
            "The role policy with name none cannot be found.",
        )

    def test_a_role_with_policies_stays(self, aws: Clients, role: str) -> None:
        iam, name = aws("iam"), role.rpartition("/")[2]
        arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        attached = (409, "DeleteConflict", "Cannot delete entity, must detach all policies first.")
        inline = (409, "DeleteConflict", "Cannot delete entity, must delete policies first.")
        assert refused(iam.delete_role, RoleName=name) == attached
        iam.detach_role_policy(RoleName=name, PolicyArn=arn)
        assert refused(iam.delete_role, RoleName=name) == inline
        iam.delete_role_policy(RoleName=name, PolicyName="logs")
        iam.delete_role(RoleName=name)
        assert name not in {item["RoleName"] for item in iam.list_roles()["Roles"]}

    def test_inline_policies_have_a_size_limit(self, aws: Clients, role: str) -> None:
        name = role.rpartition("/")[2]
        large = policy(*(f"dynamodb:{number:0>60}" for number in range(200)))
        assert refused(
            aws("iam").put_role_policy, RoleName=name, PolicyName="large", PolicyDocument=large
        ) == (409, "LimitExceeded", f"Maximum policy size of 10240 bytes exceeded for role {name}")


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
                {"Timeout": 901},
                "ValidationException",
                (
                    "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: "
                    "Member must have value less than or equal to 900"
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
                {"Environment": {"Variables": {"A": "x" * 4096}}},
                "InvalidParameterValueException",
                "Lambda was unable to configure your environment variables because the environment variables "
                'you have provided exceeded the 4KB limit. String measured: {"A":"' + "x" * 4096 + '"}',
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
            "get_policy",
            "update_function_configuration",
        ],
    )
    def test_a_missing_function_is_named_by_its_arn(self, aws: Clients, call: str) -> None:
        assert refused(getattr(aws("lambda"), call), FunctionName="none") == (
            404,
            "ResourceNotFoundException",
            f"Function not found: arn:aws:lambda:{REGION}:{ACCOUNT}:function:none",
        )

    def test_an_update_gives_the_function_a_new_revision(self, aws: Clients, function: str) -> None:
        client = aws("lambda")
        first = client.get_function_configuration(FunctionName=function)["RevisionId"]
        second = client.update_function_code(FunctionName=function, ZipFile=package("handler = None\n"))[
            "RevisionId"
        ]
        third = client.update_function_configuration(FunctionName=function, Timeout=9)["RevisionId"]
        assert len({first, second, third}) == 3
        assert client.get_function(FunctionName=function)["Configuration"]["RevisionId"] == third

    def test_a_deleted_function_is_gone_from_every_listing(self, aws: Clients, function: str) -> None:
        client = aws("lambda")
        client.tag_resource(
            Resource=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}", Tags={"k": "v"}
        )
        client.delete_function(FunctionName=function)
        assert function not in {item["FunctionName"] for item in client.list_functions()["Functions"]}
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


def permission(function: str) -> dict[str, str]:
    """The tutorial's first statement."""
    return {
        "FunctionName": function,
        "StatementId": "apigateway-test-2",
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc/*/POST/DynamoDBManager",
    }


class TestDynamoDB:
    def test_a_table_exists_once(self, aws: Clients, table: str) -> None:
        assert refused(create_table, client=aws("dynamodb"), name=table) == (
            400,
            "ResourceInUseException",
            f"Table already exists: {table}",
        )

    def test_a_table_is_creating_active_and_deleting(self, aws: Clients, unique: str) -> None:
        client = aws("dynamodb")
        assert create_table(client, unique)["TableDescription"]["TableStatus"] == "CREATING"
        assert client.describe_table(TableName=unique)["Table"]["TableStatus"] == "ACTIVE"
        assert client.delete_table(TableName=unique)["TableDescription"]["TableStatus"] == "DELETING"
        assert unique not in client.list_tables()["TableNames"]

    @pytest.mark.parametrize("call", ["describe_table", "delete_table"])
    def test_a_missing_table_is_named(self, aws: Clients, call: str) -> None:
        assert refused(getattr(aws("dynamodb"), call), TableName="none") == (
            400,
            "ResourceNotFoundException",
            "Requested resource not found: Table: none not found",
        )

    def test_items_of_a_missing_table(self, aws: Clients) -> None:
        client, nothing = aws("dynamodb"), (400, "ResourceNotFoundException", "Requested resource not found")
        assert refused(client.put_item, TableName="none", Item={"Id": {"S": "1"}}) == nothing
        assert refused(client.scan, TableName="none") == nothing

    @pytest.mark.parametrize("name", ["ab", "t" * 256])
    def test_a_table_name_has_a_length(self, aws: Clients, name: str) -> None:
        assert refused(create_table, client=aws("dynamodb"), name=name) == (
            400,
            "ValidationException",
            "TableName must be at least 3 characters long and at most 255 characters long",
        )

    def test_a_table_name_has_a_pattern(self, aws: Clients) -> None:
        assert refused(create_table, client=aws("dynamodb"), name="a b c") == (
            400,
            "ValidationException",
            (
                "1 validation error detected: Value 'a b c' at 'tableName' failed to satisfy constraint: "
                "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
            ),
        )

    def test_a_key_is_no_empty_text(self, aws: Clients, table: str) -> None:
        assert refused(aws("dynamodb").put_item, TableName=table, Item={"Id": {"S": ""}}) == (
            400,
            "ValidationException",
            (
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
                "contain an empty string value. Key: Id"
            ),
        )

    def test_capacity_is_told_only_if_asked_for(self, aws: Clients, table: str) -> None:
        client = aws("dynamodb")
        change = {
            "TableName": table,
            "Key": {"Id": {"S": "1"}},
            "UpdateExpression": "SET n = :n",
            "ExpressionAttributeValues": {":n": {"N": "1"}},
        }
        assert "ConsumedCapacity" not in client.update_item(**change)
        assert "ConsumedCapacity" in client.update_item(**change, ReturnConsumedCapacity="TOTAL")


class TestLogs:
    def test_a_group_exists_once(self, aws: Clients, unique: str) -> None:
        client = aws("logs")
        client.create_log_group(logGroupName=unique)
        assert refused(client.create_log_group, logGroupName=unique) == (
            400,
            "ResourceAlreadyExistsException",
            "The specified log group already exists",
        )

    @pytest.mark.parametrize("call", ["delete_log_group", "describe_log_streams", "filter_log_events"])
    def test_a_missing_group(self, aws: Clients, call: str) -> None:
        assert refused(getattr(aws("logs"), call), logGroupName="none") == (
            400,
            "ResourceNotFoundException",
            "The specified log group does not exist.",
        )

    def test_only_some_numbers_of_days(self, aws: Clients, unique: str) -> None:
        client = aws("logs")
        client.create_log_group(logGroupName=unique)
        status, code, message = refused(client.put_retention_policy, logGroupName=unique, retentionInDays=4)
        assert (status, code) == (400, "InvalidParameterException")
        assert message.startswith(
            "1 validation error detected: Value '4' at 'retentionInDays' failed to satisfy constraint: "
            "Member must satisfy enum value set: [1, 3, 5, 7, 14,"
        )
        client.put_retention_policy(logGroupName=unique, retentionInDays=7)

    def test_a_group_name_has_a_pattern(self, aws: Clients) -> None:
        assert refused(aws("logs").create_log_group, logGroupName="a b") == (
            400,
            "InvalidParameterException",
            (
                "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: "
                "Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"
            ),
        )

    def test_a_group_deleted_is_gone(self, aws: Clients, unique: str) -> None:
        client = aws("logs")
        client.create_log_group(logGroupName=unique)
        client.delete_log_group(logGroupName=unique)
        assert client.describe_log_groups(logGroupNamePrefix=unique)["logGroups"] == []
