"""What DynamoDB and CloudWatch Logs refuse, the sandbox refuses with the same code and message."""

from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, create_table, refused


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

    @pytest.mark.parametrize("key", [{"N": "1"}, {"B": b"1"}, {"SS": ["1"]}, {"NULL": True}])
    @pytest.mark.parametrize("call", ["get_item", "update_item", "delete_item"])
    def test_a_key_has_the_tables_type(self, aws: Clients, table: str, call: str, key: object) -> None:
        assert refused(getattr(aws("dynamodb"), call), TableName=table, Key={"Id": key}) == (
            400,
            "ValidationException",
            "The provided key element does not match the schema",
        )

    @pytest.mark.parametrize(
        ("call", "asked", "kind", "missing"),
        [
            (
                "update_item",
                {"UpdateExpression": "SET #num = :new", "ExpressionAttributeValues": {":new": {"N": "1"}}},
                "UpdateExpression",
                "name used in the document path is not defined; attribute name: #num",
            ),
            (
                "delete_item",
                {"ConditionExpression": "age = :old"},
                "ConditionExpression",
                "value used in expression is not defined; attribute value: :old",
            ),
            (
                "scan",
                {"FilterExpression": "#a = :b", "ExpressionAttributeNames": {"#a": "Id"}},
                "FilterExpression",
                "value used in expression is not defined; attribute value: :b",
            ),
            (
                "query",
                {"KeyConditionExpression": "Id = :id"},
                "KeyConditionExpression",
                "value used in expression is not defined; attribute value: :id",
            ),
            (
                "get_item",
                {"ProjectionExpression": "#p"},
                "ProjectionExpression",
                "name used in the document path is not defined; attribute name: #p",
            ),
        ],
    )
    def test_what_stands_for_a_name_or_a_value_is_defined(
        self, aws: Clients, table: str, call: str, asked: dict[str, Any], kind: str, missing: str
    ) -> None:
        key = {"Key": {"Id": {"S": "1"}}} if call.endswith("_item") else {}
        assert refused(getattr(aws("dynamodb"), call), TableName=table, **key, **asked) == (
            400,
            "ValidationException",
            f"Invalid {kind}: An expression attribute {missing}",
        )

    def test_a_protected_table_stays(self, aws: Clients, unique: str) -> None:
        client = aws("dynamodb")
        create_table(client, unique, DeletionProtectionEnabled=True)
        assert refused(client.delete_table, TableName=unique) == (
            400,
            "ValidationException",
            (
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
                "protection first."
            ),
        )

    def test_partiql_is_not_served(self, aws: Clients) -> None:
        status, code, _ = refused(aws("dynamodb").execute_statement, Statement="SELECT * FROM t")
        assert (status, code) == (501, "NotImplemented")

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

    def test_a_group_made_again_begins_without_tags(self, aws: Clients, unique: str) -> None:
        client = aws("logs")
        client.create_log_group(logGroupName=unique, tags={"team": "red"})
        client.delete_log_group(logGroupName=unique)
        client.create_log_group(logGroupName=unique)
        [group] = client.describe_log_groups(logGroupNamePrefix=unique)["logGroups"]
        arn = group["arn"].removesuffix(":*")
        assert client.list_tags_for_resource(resourceArn=arn)["tags"] == {}
