"""What is changed in moto must not change what moto answers."""

import json
import re
from typing import Any

import pytest

from tests.kit.sandbox.control import Clients

ITEM: dict[str, Any] = {
    "Id": {"S": "1"},
    "text": {"S": 'Žluťoučký 🐎 "quoted" \\ \n'},
    "number": {"N": "3.14159265358979323846264338327950288"},
    "large": {"N": "99999999999999999999999999999999999999"},
    "binary": {"B": b"\x00\xff"},
    "flag": {"BOOL": False},
    "nothing": {"NULL": True},
    "strings": {"SS": ["a", "b"]},
    "numbers": {"NS": ["1", "2.5"]},
    "binaries": {"BS": [b"\x00", b"\x01"]},
    "list": {"L": [{"S": "x"}, {"L": [{"N": "1"}]}, {"M": {"deep": {"B": b"\x02"}}}]},
    "map": {"M": {"a": {"S": ""}, "b": {"M": {}}, "c": {"L": []}}},
}


@pytest.fixture
def stored(aws: Clients, table: str) -> tuple[Any, str]:
    client = aws("dynamodb")
    assert "Attributes" not in client.put_item(TableName=table, Item=ITEM)
    return client, table


def test_an_item_comes_back_as_it_was_put(stored: tuple[Any, str]) -> None:
    client, table = stored
    assert client.get_item(TableName=table, Key={"Id": {"S": "1"}})["Item"] == ITEM
    assert client.scan(TableName=table)["Items"] == [ITEM]
    condition = {"KeyConditionExpression": "Id = :id", "ExpressionAttributeValues": {":id": {"S": "1"}}}
    answer = client.query(TableName=table, **condition)
    assert (answer["Items"], answer["Count"], answer["ScannedCount"]) == ([ITEM], 1, 1)


def test_a_missing_item_has_no_item(stored: tuple[Any, str]) -> None:
    client, table = stored
    assert "Item" not in client.get_item(TableName=table, Key={"Id": {"S": "2"}})


def test_changes_return_what_is_asked_for(stored: tuple[Any, str]) -> None:
    client, table = stored
    key = {"TableName": table, "Key": {"Id": {"S": "1"}}}
    change = {"UpdateExpression": "SET #n = :n", "ExpressionAttributeNames": {"#n": "number"}}
    values = {"ExpressionAttributeValues": {":n": {"N": "7"}}}
    assert "Attributes" not in client.update_item(**key, **change, **values)
    new = client.update_item(**key, **change, **values, ReturnValues="ALL_NEW")["Attributes"]
    assert new == {**ITEM, "number": {"N": "7"}}
    assert client.delete_item(**key, ReturnValues="ALL_OLD")["Attributes"] == new
    assert "Attributes" not in client.delete_item(**key, ReturnValues="ALL_OLD")


def test_a_scan_is_paged(aws: Clients, table: str) -> None:
    client = aws("dynamodb")
    for number in range(5):
        client.put_item(TableName=table, Item={"Id": {"S": str(number)}})
    pages = list(client.get_paginator("scan").paginate(TableName=table, PaginationConfig={"PageSize": 2}))
    assert sorted(item["Id"]["S"] for page in pages for item in page["Items"]) == list("01234")
    assert "LastEvaluatedKey" not in pages[-1]


def test_each_answer_has_a_request_id_of_its_own(aws: Clients) -> None:
    ids = {
        json.dumps(aws(service).meta.service_model.service_name): call()["ResponseMetadata"]["RequestId"]
        for service, call in (
            ("sts", aws("sts").get_caller_identity),
            ("dynamodb", aws("dynamodb").list_tables),
            ("lambda", aws("lambda").list_functions),
            ("apigateway", aws("apigateway").get_rest_apis),
            ("logs", aws("logs").describe_log_groups),
        )
    }
    assert len(set(ids.values())) == 5
    assert all(len(value) == 36 for value in ids.values())


def test_lambda_tells_the_time_in_its_own_format(aws: Clients, function: str) -> None:
    told = aws("lambda").get_function_configuration(FunctionName=function)["LastModified"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000", told)
