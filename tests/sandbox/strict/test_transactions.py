"""Transactions: all or nothing, once for each token. Messages are AWS's, as reports have them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambda_over_https.sandbox.client.record import Sandbox
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.dynamodb.items.transactions import REMEMBERED, Tokens
from tests.kit.sandbox.control import Clients, careless_client, create_table, refused
from tests.kit.sandbox.schedules import Listener

ONE, TWO = {"Id": {"S": "1"}}, {"Id": {"S": "2"}}
INVALID = "One or more parameter values were invalid: "
MISFIT = "The provided key element does not match the schema"
UNDEFINED = "is not defined; attribute"
TWICE = "Transaction request cannot include multiple operations on one item"


@pytest.fixture
def client(aws: Clients) -> Any:
    return aws("dynamodb")


def put(table: str, item: Any, **more: Any) -> Any:
    return {"Put": {"TableName": table, "Item": item, **more}}


def add(table: str, key: Any) -> Any:
    """Adds one to ``n``."""
    update = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    return {"Update": {"TableName": table, "Key": key, **update}}


def items(client: Any, table: str) -> Any:
    return sorted(client.scan(TableName=table)["Items"], key=lambda item: item["Id"]["S"])


def cancelled(call: Any, parts: Any) -> Any:
    """The reasons of a transaction that is cancelled."""
    with pytest.raises(ClientError) as caught:
        call(TransactItems=parts)
    response: Any = caught.value.response
    reasons = response["CancellationReasons"]
    assert (response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]) == (
        400,
        {
            "Code": "TransactionCanceledException",
            "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons "
            f"[{', '.join(each['Code'] for each in reasons)}]",
        },
    )
    return reasons


def test_all_of_a_transaction_is_done(client: Any, table: str) -> None:
    client.put_item(TableName=table, Item=TWO)
    check = {"ConditionExpression": "attribute_exists(Id)"}
    three = {"Id": {"S": "3"}}
    client.put_item(TableName=table, Item=three)
    client.transact_write_items(
        TransactItems=[
            put(table, {**ONE, "a": {"N": "1.0"}}, ConditionExpression="attribute_not_exists(Id)"),
            {"Delete": {"TableName": table, "Key": TWO, **check}},
            {"ConditionCheck": {"TableName": table, "Key": three, **check}},
            add(table, {"Id": {"S": "4"}}),
        ]
    )
    assert items(client, table) == [{**ONE, "a": {"N": "1"}}, three, {"Id": {"S": "4"}, "n": {"N": "1"}}]


class TestTokens:
    """A token stands for its transaction for ten minutes. API reference, "ClientRequestToken"."""

    def test_a_transaction_is_made_once(self, client: Any, table: str, unique: str) -> None:
        call = {"TransactItems": [add(table, ONE)], "ClientRequestToken": unique}
        first, second = client.transact_write_items(**call), client.transact_write_items(**call)
        assert items(client, table) == [{**ONE, "n": {"N": "1"}}]
        for told in (first, second):
            del told["ResponseMetadata"]
        assert first == second
        client.transact_write_items(**{**call, "ClientRequestToken": f"{unique}2"})
        assert items(client, table) == [{**ONE, "n": {"N": "2"}}]

    def test_a_token_is_for_one_transaction(self, client: Any, table: str, unique: str) -> None:
        client.transact_write_items(TransactItems=[add(table, ONE)], ClientRequestToken=unique)
        other = {"TransactItems": [add(table, TWO)], "ClientRequestToken": unique}
        assert refused(client.transact_write_items, **other)[:2] == (
            400,
            "IdempotentParameterMismatchException",
        )
        assert items(client, table) == [{**ONE, "n": {"N": "1"}}]

    def test_one_that_was_cancelled_may_be_tried_again(self, client: Any, table: str, unique: str) -> None:
        condition = {"ConditionExpression": "attribute_exists(Id)"}
        call = {"TransactItems": [put(table, ONE, **condition)], "ClientRequestToken": unique}
        assert refused(client.transact_write_items, **call)[1] == "TransactionCanceledException"
        client.put_item(TableName=table, Item={**ONE, "a": {"S": "x"}})
        client.transact_write_items(**call)
        assert items(client, table) == [ONE]

    def test_a_token_has_36_characters_at_most(self, client: Any, table: str) -> None:
        token = "order-3f2b1c9e-8d47-4a6e-9b1f-0c5d7e8a9b21"
        told = refused(client.transact_write_items, TransactItems=[put(table, ONE)], ClientRequestToken=token)
        message = (
            f"1 validation error detected: Value '{token}' at 'clientRequestToken' failed to satisfy "
            "constraint: Member must have length less than or equal to 36"
        )
        assert told == (400, "ValidationException", message)

    def test_a_token_is_forgotten_after_ten_minutes(self) -> None:
        now = 0.0
        tokens = Tokens(clock=lambda: now)
        tokens.keep("a", "digest", b"answer")
        now = REMEMBERED
        answer = tokens.answer("a", "digest")
        assert answer is not None
        assert answer.body == b"answer"
        with pytest.raises(AwsError):
            tokens.answer("a", "other")
        now = REMEMBERED + 1
        assert tokens.answer("a", "other") is None
        tokens.keep("b", "digest", b"")
        assert list(tokens.kept) == ["b"]


class TestCancelled:
    def test_it_leaves_everything_as_it_was(self, client: Any, table: str) -> None:
        before = [{**ONE, "n": {"N": "5"}}, TWO]
        for item in before:
            client.put_item(TableName=table, Item=item)
        parts = [
            add(table, ONE),
            {"Delete": {"TableName": table, "Key": TWO}},
            put(table, {"Id": {"S": "3"}}, ConditionExpression="attribute_exists(Id)"),
        ]
        reasons = cancelled(client.transact_write_items, parts)
        assert reasons[2] == {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
        assert [each["Code"] for each in reasons] == ["None", "None", "ConditionalCheckFailed"]
        assert items(client, table) == before

    def test_no_stream_tells_of_what_was_undone(
        self, aws: Clients, client: Any, table: str, listener: Listener
    ) -> None:
        settings = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        made = client.update_table(TableName=table, StreamSpecification=settings)["TableDescription"]
        mapping = {"EventSourceArn": made["LatestStreamArn"], "StartingPosition": "TRIM_HORIZON"}
        aws("lambda").create_event_source_mapping(FunctionName=listener.arn, **mapping)
        refusal = put(table, TWO, ConditionExpression="attribute_exists(Id)")
        for undone in (put(table, ONE), add(table, ONE)):
            cancelled(client.transact_write_items, [undone, refusal])
        client.transact_write_items(TransactItems=[put(table, TWO)])
        [event] = listener.events(1)
        assert [each["dynamodb"]["Keys"] for each in event["Records"]] == [TWO]

    def test_it_shows_the_item_that_a_condition_met(self, client: Any, table: str) -> None:
        client.put_item(TableName=table, Item=ONE)
        asked = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        part = put(table, ONE, ConditionExpression="attribute_not_exists(Id)", **asked)
        [reason] = cancelled(client.transact_write_items, [part])
        assert (reason["Code"], reason["Item"]) == ("ConditionalCheckFailed", ONE)

    @pytest.mark.parametrize(
        ("kind", "content", "message"),
        [
            ("Put", {"Item": {"a": {"S": "x"}}}, f"{INVALID}Missing the key Id in the item"),
            ("Put", {"Item": {"Id": {"N": "5"}}}, f"{INVALID}Type mismatch for key Id expected: S actual: N"),
            ("Delete", {"Key": {**ONE, "a": {"S": "x"}}}, MISFIT),
            ("Delete", {"Key": {"Id": {"N": "5"}}}, MISFIT),
            ("Update", {"Key": {"a": {"S": "x"}}, "UpdateExpression": "REMOVE b"}, MISFIT),
            ("ConditionCheck", {"Key": {}, "ConditionExpression": "attribute_exists(a)"}, MISFIT),
            (
                "Update",
                {"Key": ONE, "UpdateExpression": "SET s.a = s"},
                "The document path provided in the update expression is invalid for update",
            ),
            (
                "Update",
                {"Key": ONE, "UpdateExpression": "SET b = c"},
                "The provided expression refers to an attribute that does not exist in the item",
            ),
        ],
    )
    def test_why(self, client: Any, table: str, kind: str, content: Any, message: str) -> None:
        client.put_item(TableName=table, Item={**ONE, "s": {"S": "text"}})
        parts = [put(table, TWO), {kind: {"TableName": table, **content}}]
        reasons = cancelled(client.transact_write_items, parts)
        assert reasons == [{"Code": "None"}, {"Code": "ValidationError", "Message": message}]
        assert items(client, table) == [{**ONE, "s": {"S": "text"}}]

    def test_a_read_of_what_is_no_key(self, client: Any, table: str) -> None:
        get = {"Get": {"TableName": table, "Key": {**ONE, "a": {"S": "x"}}}}
        [reason] = cancelled(client.transact_get_items, [get])
        assert reason == {"Code": "ValidationError", "Message": MISFIT}


class TestRefused:
    """What is no transaction at all."""

    def test_two_operations_on_one_item(self, client: Any, table: str) -> None:
        parts = [put(table, {**ONE, "a": {"S": "x"}}), {"Delete": {"TableName": table, "Key": ONE}}]
        refusal = (400, "ValidationException", TWICE)
        assert refused(client.transact_write_items, TransactItems=parts) == refusal
        get = {"Get": {"TableName": table, "Key": ONE}}
        assert refused(client.transact_get_items, TransactItems=[get, get]) == refusal
        assert items(client, table) == []

    def test_one_number_written_in_two_ways(self, client: Any, unique: str) -> None:
        create_table(client, unique, AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "N"}])
        parts = [put(unique, {"Id": {"N": text}}) for text in ("1", "1.0")]
        assert refused(client.transact_write_items, TransactItems=parts)[2] == TWICE

    @pytest.mark.parametrize("kind", ["Delete", "ConditionCheck", "Get"])
    def test_a_table_that_is_not_there(self, client: Any, unique: str, kind: str) -> None:
        call = client.transact_get_items if kind == "Get" else client.transact_write_items
        more = {"ConditionExpression": "attribute_exists(a)"} if kind == "ConditionCheck" else {}
        told = refused(call, TransactItems=[{kind: {"TableName": f"{unique}-no", "Key": ONE, **more}}])
        assert told == (400, "ResourceNotFoundException", "Requested resource not found")

    @pytest.mark.parametrize(
        ("expression", "message"),
        [
            ("SET a = :none", f"value used in expression {UNDEFINED} value: :none"),
            ("SET #a = b", f"name used in the document path {UNDEFINED} name: #a"),
        ],
    )
    def test_an_expression_that_is_not_whole(
        self, client: Any, table: str, expression: str, message: str
    ) -> None:
        part = {"Update": {"TableName": table, "Key": ONE, "UpdateExpression": expression}}
        told = refused(client.transact_write_items, TransactItems=[put(table, TWO), part])
        whole = f"Invalid UpdateExpression: An expression attribute {message}"
        assert told == (400, "ValidationException", whole)
        assert items(client, table) == []

    @pytest.mark.parametrize("operation", ["transact_write_items", "transact_get_items"])
    @pytest.mark.parametrize(
        ("number", "bound"), [(0, "greater than or equal to 1"), (101, "less than or equal to 100")]
    )
    def test_too_many_or_none(
        self, sandbox: Sandbox, table: str, operation: str, number: int, bound: str
    ) -> None:
        keys = [{"Id": {"S": str(place)}} for place in range(number)]
        kind = "Get" if "get" in operation else "Delete"
        parts = [{kind: {"TableName": table, "Key": key}} for key in keys]
        told = refused(getattr(careless_client(sandbox, "dynamodb"), operation), TransactItems=parts)
        message = (
            "1 validation error detected: Value at 'TransactItems' failed to satisfy constraint: Member must "
            f"have length {bound}"
        )
        assert told == (400, "ValidationException", message)

    def test_two_things_in_one_part(self, client: Any, table: str) -> None:
        part = {**put(table, ONE), **add(table, TWO)}
        told = refused(client.transact_write_items, TransactItems=[part])
        message = "TransactItems can only contain one of Check, Put, Update or Delete"
        assert told == (400, "ValidationException", message)


def test_a_transaction_reads_what_its_projections_ask_for(client: Any, table: str) -> None:
    item = {**ONE, "a": {"M": {"b": {"S": "x"}, "c": {"S": "y"}}}}
    client.put_item(TableName=table, Item=item)
    projection = {"ProjectionExpression": "#a.b", "ExpressionAttributeNames": {"#a": "a"}}
    gets = [{"TableName": table, "Key": ONE, **projection}, {"TableName": table, "Key": TWO}]
    found = client.transact_get_items(TransactItems=[{"Get": get} for get in gets])["Responses"]
    assert found == [{"Item": {"a": {"M": {"b": {"S": "x"}}}}}, {}]


def test_a_transaction_reads_a_hundred_items(client: Any, table: str) -> None:
    parts = [{"Get": {"TableName": table, "Key": {"Id": {"S": str(place)}}}} for place in range(100)]
    assert client.transact_get_items(TransactItems=parts)["Responses"] == [{}] * 100
