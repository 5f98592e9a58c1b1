"""What an update answers, and what it leaves when it fails. API reference of DynamoDB, "UpdateItem"."""

from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, create_table, refused

KEY = {"Id": {"S": "1"}}
ITEM: dict[str, Any] = {
    **KEY,
    "s": {"S": "text"},
    "n": {"N": "1"},
    "m": {"M": {"a": {"S": "x"}, "b": {"S": "y"}}},
    "l": {"L": [{"S": "zero"}, {"M": {"k": {"S": "one"}}}, {"S": "two"}]},
    "t": {"SS": ["p", "q"]},
}
NEW = {":v": {"S": "new"}}
NO_PATH = "The document path provided in the update expression is invalid for update"


@pytest.fixture
def client(aws: Clients, table: str) -> Any:
    client = aws("dynamodb")
    client.put_item(TableName=table, Item=ITEM)
    return client


def update(client: Any, table: str, expression: str, values: Any = None, **more: Any) -> Any:
    values = {"ExpressionAttributeValues": values} if values else {}
    return client.update_item(TableName=table, Key=KEY, UpdateExpression=expression, **values, **more)


def item(client: Any, table: str) -> Any:
    return client.get_item(TableName=table, Key=KEY)["Item"]


@pytest.mark.parametrize(
    ("expression", "values", "old", "new"),
    [
        ("SET s = :v", {":v": {"S": "text"}}, {"s": {"S": "text"}}, {"s": {"S": "text"}}),
        ("SET x = :v", NEW, None, {"x": {"S": "new"}}),
        ("REMOVE s", None, {"s": {"S": "text"}}, None),
        ("REMOVE x", None, None, None),
        ("ADD n :v", {":v": {"N": "0"}}, {"n": {"N": "1"}}, {"n": {"N": "1"}}),
        ("DELETE t :v", {":v": {"SS": ["z"]}}, {"t": {"SS": ["p", "q"]}}, {"t": {"SS": ["p", "q"]}}),
        ("SET m.a = :v", NEW, {"m": {"M": {"a": {"S": "x"}}}}, {"m": {"M": {"a": {"S": "new"}}}}),
        (
            "SET m.a = :v, m.c = :v",
            NEW,
            {"m": {"M": {"a": {"S": "x"}}}},
            {"m": {"M": {"a": {"S": "new"}, "c": {"S": "new"}}}},
        ),
        ("SET l[0] = :v", NEW, {"l": {"L": [{"S": "zero"}]}}, {"l": {"L": [{"S": "new"}]}}),
        (
            "SET l[2] = :v, l[1].k = :v",
            NEW,
            {"l": {"L": [{"M": {"k": {"S": "one"}}}, {"S": "two"}]}},
            {"l": {"L": [{"M": {"k": {"S": "new"}}}, {"S": "new"}]}},
        ),
    ],
)
def test_an_update_answers_what_it_names_whether_that_changed_or_not(
    client: Any, table: str, expression: str, values: Any, old: Any, new: Any
) -> None:
    told = update(client, table, expression, values, ReturnValues="UPDATED_OLD")
    assert told.get("Attributes") == old
    client.put_item(TableName=table, Item=ITEM)
    told = update(client, table, expression, values, ReturnValues="UPDATED_NEW")
    assert told.get("Attributes") == new


def test_it_answers_what_a_placeholder_names(client: Any, table: str) -> None:
    names = {"ExpressionAttributeNames": {"#m": "m", "#a": "a"}}
    told = update(client, table, "SET #m.#a = :v", NEW, ReturnValues="UPDATED_NEW", **names)
    assert told["Attributes"] == {"m": {"M": {"a": {"S": "new"}}}}


def test_the_first_update_of_an_item_answers_nothing_old(client: Any, table: str) -> None:
    key = {"Id": {"S": "2"}}
    call = {"UpdateExpression": "SET a = :v", "ExpressionAttributeValues": NEW, "ReturnValues": "UPDATED_OLD"}
    assert "Attributes" not in client.update_item(TableName=table, Key=key, **call)


@pytest.mark.parametrize("wanted", ["UPDATED_OLD", "UPDATED_NEW"])
def test_an_update_of_nothing_answers_nothing(client: Any, table: str, wanted: str) -> None:
    assert "Attributes" not in client.update_item(TableName=table, Key=KEY, ReturnValues=wanted)


def test_legacy_updates_answer_what_they_name(client: Any, table: str) -> None:
    updates = {"s": {"Value": {"S": "text"}, "Action": "PUT"}}
    call = {"AttributeUpdates": updates, "ReturnValues": "UPDATED_NEW"}
    told = client.update_item(TableName=table, Key=KEY, **call)
    assert told["Attributes"] == {"s": {"S": "text"}}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("SET s.a = :v", {"S": "new"}),
        ("SET s.a.b = :v", {"S": "new"}),
        ("SET s[0] = :v", {"S": "new"}),
        ("SET m[0] = :v", {"S": "new"}),
        ("SET l.a = :v", {"S": "new"}),
        ("SET l[1].k.x = :v", {"S": "new"}),
        ("SET x.a = :v", {"S": "new"}),
        ("ADD s.a :v", {"N": "1"}),
        ("ADD s.a :v", {"SS": ["a"]}),
        ("DELETE s.a :v", {"SS": ["a"]}),
        ("REMOVE s.a", None),
        ("REMOVE s[0]", None),
        ("REMOVE x.a", None),
        ("REMOVE m[0]", None),
        ("REMOVE t.p", None),
    ],
)
def test_a_path_leads_through_maps_and_lists_alone(
    client: Any, table: str, expression: str, value: Any
) -> None:
    values = {":v": value} if value else None
    told = refused(update, client=client, table=table, expression=expression, values=values)
    assert told == (400, "ValidationException", NO_PATH)
    assert item(client, table) == ITEM


@pytest.mark.parametrize("key", ["1", "none"])
@pytest.mark.parametrize(
    "expression",
    ["SET a = :v ADD s :v", "SET a = :v, l[1].k = :v ADD n :n, t :n", "REMOVE m, l[0] DELETE n :v"],
)
def test_an_update_that_fails_leaves_the_item_as_it_was(
    client: Any, table: str, key: str, expression: str
) -> None:
    before = client.scan(TableName=table)["Items"]
    values = {name: value for name, value in {**NEW, ":n": {"N": "1"}}.items() if name in expression}
    update = {"UpdateExpression": expression, "ExpressionAttributeValues": values}
    told = refused(client.update_item, TableName=table, Key={"Id": {"S": key}}, **update)
    assert told[:2] == (400, "ValidationException")
    assert client.scan(TableName=table)["Items"] == before


def test_what_is_set_from_another_attribute_goes_its_own_way(client: Any, table: str) -> None:
    update(client, table, "SET copied = m")
    update(client, table, "SET m.a = :v", NEW)
    assert item(client, table)["copied"] == ITEM["m"]


def test_so_it_does_with_a_sort_key(aws: Clients, unique: str) -> None:
    client, names = aws("dynamodb"), ("Id", "n")
    create_table(
        client,
        unique,
        KeySchema=[{"AttributeName": a, "KeyType": b} for a, b in zip(names, ("HASH", "RANGE"), strict=True)],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
    )
    client.put_item(TableName=unique, Item={"Id": {"S": "1"}, "n": {"S": "1"}})
    call = {"UpdateExpression": "SET a = :v ADD c :v", "ExpressionAttributeValues": NEW}
    for sort in "12":
        key = {"Id": {"S": "1"}, "n": {"S": sort}}
        assert refused(client.update_item, TableName=unique, Key=key, **call)[1] == "ValidationException"
    assert client.scan(TableName=unique)["Items"] == [{"Id": {"S": "1"}, "n": {"S": "1"}}]


@pytest.mark.parametrize("operation", ["put_item", "delete_item"])
@pytest.mark.parametrize("wanted", ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
def test_only_an_update_knows_what_is_new(client: Any, table: str, operation: str, wanted: str) -> None:
    what: Any = {"Item": KEY} if operation == "put_item" else {"Key": KEY}
    told = refused(getattr(client, operation), TableName=table, **what, ReturnValues=wanted)
    assert told == (400, "ValidationException", "ReturnValues can only be ALL_OLD or NONE")


def test_what_nothing_returns(client: Any, table: str) -> None:
    told = refused(client.update_item, TableName=table, Key=KEY, ReturnValues="EVERYTHING")
    message = (
        "1 validation error detected: Value 'EVERYTHING' at 'returnValues' failed to satisfy constraint: "
        "Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"
    )
    assert told == (400, "ValidationException", message)


@pytest.mark.parametrize("operation", ["put_item", "delete_item", "update_item"])
def test_a_name_that_no_expression_uses(client: Any, table: str, operation: str) -> None:
    what: Any = {"Item": KEY} if operation == "put_item" else {"Key": KEY}
    more = {"UpdateExpression": "REMOVE s"} if operation == "update_item" else {}
    told = refused(
        getattr(client, operation),
        TableName=table,
        **what,
        **more,
        ConditionExpression="attribute_exists(Id)",
        ExpressionAttributeNames={"#x": "x"},
    )
    message = "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}"
    assert told == (400, "ValidationException", message)
