"""A condition compares a value only with values of its own type, whatever the items hold."""

from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, refused

ITEM: dict[str, Any] = {
    "Id": {"S": "1"},
    "a_text": {"S": "x"},
    "a_number": {"N": "5"},
    "a_bytes": {"B": b"xy"},
    "a_truth": {"BOOL": True},
    "a_nothing": {"NULL": True},
    "a_list": {"L": [{"S": "x"}, {"N": "1"}]},
    "a_map": {"M": {"k": {"N": "7"}}},
    "a_texts": {"SS": ["x", "y"]},
    "more_texts": {"SS": ["x", "y", "z"]},
    "truths": {"L": [{"BOOL": True}]},
    "numbers": {"NS": ["1", "6"]},
}
VALUES: dict[str, Any] = {
    ":text": {"S": "y"},
    ":number": {"N": "6"},
    ":one": {"N": "1"},
    ":truth": {"BOOL": True},
    ":null": {"NULL": True},
    ":byte": {"B": b"x"},
}


@pytest.fixture
def client(aws: Clients, table: str) -> Any:
    client = aws("dynamodb")
    client.put_item(TableName=table, Item=ITEM)
    return client


def _used(condition: str) -> dict[str, Any]:
    used = {name: value for name, value in VALUES.items() if name in condition.replace(")", " ").split()}
    return {"ExpressionAttributeValues": used} if used else {}


@pytest.mark.parametrize(
    "condition",
    [
        "a_text < :text",
        "a_number <= :number",
        "a_number BETWEEN :one AND :number",
        "a_map.k > :number",
        "a_list[1] = :one",
        "a_truth = :truth",
        "a_nothing = :null",
        "a_text <> :number",
        "a_missing <> :number",
        "NOT a_missing = :null",
        "size(a_text) BETWEEN :one AND size(a_texts)",
        "contains( a_text , a_list[0] )",
        "contains( a_texts , a_text )",
        "contains( numbers , :number )",
        "contains( numbers , size(a_text))",
        "contains( truths , :truth )",
        "NOT a_text < :number",
        "NOT NOT a_text = a_list[0]",
        "a_text IN ( :number , a_list[0] )",
        "begins_with( a_text , a_list[0] )",
        "begins_with( a_bytes , :byte )",
        "NOT begins_with( a_text , :byte )",
        "NOT begins_with( a_number , :text )",
        "size(a_texts) > :one",
        "size(a_text) = :one",
        "NOT size(a_list[9]) > :one",
    ],
)
def test_it_is_true(client: Any, table: str, condition: str) -> None:
    found = client.scan(TableName=table, FilterExpression=condition, **_used(condition))
    assert found["Count"] == 1


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
@pytest.mark.parametrize(
    "name", ["a_text", "a_bytes", "a_truth", "a_nothing", "a_list", "a_map", "a_texts", "a_missing"]
)
def test_another_type_is_neither_less_nor_more(client: Any, table: str, name: str, sign: str) -> None:
    for value in (":number", "truths", "more_texts"):
        condition = f"{name} {sign} {value}"
        found = client.scan(TableName=table, FilterExpression=condition, **_used(condition))
        assert found["Count"] == 0, condition


@pytest.mark.parametrize(
    "condition",
    [
        "a_truth = :one",
        "contains( a_text , :number )",
        "contains( a_missing , :text )",
        "contains( a_list , a_missing )",
        "contains(size(a_text), :one )",
        "contains( numbers , size(a_missing))",
        "a_number BETWEEN :one AND size(a_missing)",
        "a_missing = :null",
        "a_missing = a_absent",
        "a_text BETWEEN :one AND :number",
        "a_texts <= more_texts",
        "a_list IN ( :one , :null )",
        "size(a_number) > :one",
    ],
)
def test_it_is_false_and_no_failure_whoever_asks(client: Any, table: str, condition: str) -> None:
    assert client.scan(TableName=table, FilterExpression=condition, **_used(condition))["Count"] == 0
    key = {"TableName": table, "Key": {"Id": {"S": "1"}}}
    told = refused(client.delete_item, **key, ConditionExpression=condition, **_used(condition))
    assert told == (400, "ConditionalCheckFailedException", "The conditional request failed")


def test_a_removal_inside_what_has_no_parts_names_the_path(client: Any, table: str) -> None:
    told = refused(
        client.update_item,
        TableName=table,
        Key={"Id": {"S": "1"}},
        UpdateExpression="REMOVE #t.k",
        ExpressionAttributeNames={"#t": "a_text"},
    )
    assert told == (
        400,
        "ValidationException",
        "The document path provided in the update expression is invalid for update",
    )
