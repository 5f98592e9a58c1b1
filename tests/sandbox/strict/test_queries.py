"""What DynamoDB says of a Query or Scan that asks for keys, indexes or attributes which are not there.

The messages are AWS's, as the tests of dynalite and a conformance suite that was run against AWS have them.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import Clients, careless_client, create_table, refused

INVALID = "One or more parameter values were invalid: "
MISTYPED = f"{INVALID}Condition parameter type does not match schema type"
OPERATOR = "Invalid operator used in KeyConditionExpression: "
CONDITION = "Invalid condition in KeyConditionExpression: "
OPERAND = (
    "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: "
    "{}, operand type: {}"
)
MISSED = "Query condition missed key schema element: "
BOUNDS = "lower bound operand: AttributeValue: {{{}}}, upper bound operand: AttributeValue: {{{}}}"
START = "The provided starting key is invalid"
KEY = {"pk": {"S": "p"}, "sk": {"N": "1"}}
VALUES: dict[str, dict[str, Any]] = {
    ":p": {"S": "p"},
    ":one": {"N": "1"},
    ":three": {"N": "3"},
    ":true": {"BOOL": True},
    ":null": {"NULL": True},
    ":empty": {"S": ""},
}


def index(name: str, *keys: str, **projection: Any) -> dict[str, Any]:
    """An index with these keys."""
    kinds = zip(keys, ("HASH", "RANGE"), strict=False)
    schema = [{"AttributeName": key, "KeyType": kind} for key, kind in kinds]
    return {"IndexName": name, "KeySchema": schema, "Projection": projection}


@pytest.fixture(scope="module")
def notes(aws: Clients) -> Iterator[Any]:
    """A client of a table with three items of one partition, a local and a global index."""
    client = aws("dynamodb")
    create_table(
        client,
        "notes-of-queries",
        KeySchema=index("", "pk", "sk")["KeySchema"],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in (("pk", "S"), ("sk", "N"), ("n", "N"), ("t", "S"))
        ],
        LocalSecondaryIndexes=[index("lsi", "pk", "t", ProjectionType="KEYS_ONLY")],
        GlobalSecondaryIndexes=[
            index("gsi", "n", ProjectionType="INCLUDE", NonKeyAttributes=["kept"]),
            index("all", "t", "sk", ProjectionType="ALL"),
        ],
    )
    for number in ("1", "2", "3"):
        item = {"pk": {"S": "p"}, "sk": {"N": number}, "n": {"N": "7"}, "t": {"S": f"t{number}"}}
        rest = {
            "kept": {"S": "k"},
            "oth": {"S": f"o{number}"},
            "li": {"L": [{"N": "0"}, {"M": {"x": VALUES[":p"]}}]},
        }
        client.put_item(TableName="notes-of-queries", Item={**item, **rest})
    yield client
    client.delete_table(TableName="notes-of-queries")


def asking(condition: str, **more: Any) -> dict[str, Any]:
    """The arguments of a Query, with the values that its condition names."""
    used = {name: VALUES[name] for name in re.findall(r":\w+", condition)}
    values = {"ExpressionAttributeValues": used} if used else {}
    return {"TableName": "notes-of-queries", "KeyConditionExpression": condition, **values, **more}


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("pk = :p", "123"),
        ("pk = :p AND sk = :one", "1"),
        ("sk > :one and pk = :p", "23"),
        ("pk = :p AND :three > sk", "12"),
        ("pk=:p\n\tAND sk BETWEEN :one\nAND :three", "123"),
        ("(pk = :p) AND (sk BETWEEN :one AND :one)", "1"),
        ("(pk = :p AND sk >= :three)", "3"),
    ],
)
def test_a_query_finds_the_keys_it_asks_for(notes: Any, condition: str, found: str) -> None:
    assert "".join(item["sk"]["N"] for item in notes.query(**asking(condition))["Items"]) == found


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("pk = :one", MISTYPED),
        ("pk = :p AND sk = :p", MISTYPED),
        ("pk = :p AND sk = :true", MISTYPED),
        ("pk = :p AND sk < :p", MISTYPED),
        ("pk = :p AND sk BETWEEN :p AND :p", MISTYPED),
        ("pk = :p AND sk BETWEEN :null AND :null", OPERAND.format("BETWEEN", "NULL")),
        ("pk = :p AND begins_with(sk, :p)", MISTYPED),
        ("pk = :p OR sk = :one", f"{OPERATOR}OR"),
        ("NOT pk = :p", f"{OPERATOR}NOT"),
        ("pk IN (:p)", f"{OPERATOR}IN"),
        ("pk = :p AND sk <> :one", f"{OPERATOR}<>"),
        ("pk = :p AND contains(sk, :p)", f"{OPERATOR}contains"),
        ("pk = :p AND attribute_exists(sk)", f"{OPERATOR}attribute_exists"),
        ("pk = :p AND pk = :p", "KeyConditionExpressions must only contain one condition per key"),
        ("sk = :one", f"{MISSED}pk"),
        ("oth = :p", f"{MISSED}pk"),
        ("pk = :p AND oth = :p", f"{MISSED}sk"),
        ("pk = :p AND sk = :one AND oth = :p", "Query key condition not supported"),
        ("pk > :p", "Query key condition not supported"),
        ("pk.a = :p", "KeyConditionExpressions cannot have conditions on nested attributes"),
        ("size(pk) = :one", "KeyConditionExpressions cannot contain nested operations"),
        (
            "pk = :p AND sk = n",
            f"{CONDITION}Multiple attribute names used in one condition",
        ),
        (":p = :p", f"{CONDITION}No key attribute specified"),
        (
            "pk = :p AND :one BETWEEN sk AND :three",
            f"{CONDITION}BETWEEN operator must have the key attribute as its first operand",
        ),
        (
            "pk = :empty",
            (
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
                "contain an empty string value. Key: pk"
            ),
        ),
        (
            "pk = :p AND sk BETWEEN :three AND :one",
            (
                "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater "
                f"than or equal to lower bound; {BOUNDS.format('N:3', 'N:1')}"
            ),
        ),
        (
            "pk = :p AND begins_with(sk, :one)",
            OPERAND.format("begins_with", "N"),
        ),
        ("((pk = :p))", "Invalid KeyConditionExpression: The expression has redundant parentheses;"),
    ],
)
def test_what_is_no_key_condition(notes: Any, condition: str, message: str) -> None:
    assert refused(notes.query, **asking(condition)) == (400, "ValidationException", message)


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"pk": ("EQ", ":one")}, MISTYPED),
        ({"pk": ("EQ", ":p"), "sk": ("LT", ":p")}, MISTYPED),
        ({"sk": ("EQ", ":one")}, f"{MISSED}pk"),
        (
            {"pk": ("EQ", ":p"), "sk": ("NE", ":one")},
            "Attempted conditional constraint is not an indexable operation",
        ),
        (
            {"pk": ("EQ", ":p"), "sk": ("BETWEEN", ":three", ":one")},
            (
                "The BETWEEN condition was provided a range where the lower bound is greater than the upper "
                "bound"
            ),
        ),
        (
            {"pk": ("EQ", ":p"), "sk": ("BETWEEN", ":one", ":p")},
            f"{INVALID}AttributeValues inside AttributeValueList must be of same type",
        ),
        (
            {},
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
        ),
    ],
)
def test_what_are_no_legacy_key_conditions(
    notes: Any, conditions: dict[str, tuple[str, ...]], message: str
) -> None:
    asked = {
        name: {"ComparisonOperator": operator, "AttributeValueList": [VALUES[value] for value in values]}
        for name, (operator, *values) in conditions.items()
    }
    told = refused(notes.query, TableName="notes-of-queries", KeyConditions=asked)
    assert told == (400, "ValidationException", message)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"Limit": 0}, "Value '0' at 'limit' failed to satisfy constraint: Member must have value {} 1"),
        (
            {"Segment": -1, "TotalSegments": 2},
            "Value '-1' at 'segment' failed to satisfy constraint: Member must have value {} 0",
        ),
        (
            {"IndexName": "ab"},
            "Value 'ab' at 'indexName' failed to satisfy constraint: Member must have length {} 3",
        ),
    ],
)
@pytest.mark.usefixtures("notes")
def test_numbers_and_names_have_bounds(sandbox: Sandbox, parameters: dict[str, Any], message: str) -> None:
    client = careless_client(sandbox, "dynamodb")
    whole = f"1 validation error detected: {message.format('greater than or equal to')}"
    told = refused(client.scan, TableName="notes-of-queries", **parameters)
    assert told == (400, "ValidationException", whole)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"ExpressionAttributeNames": {"#a": "a"}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            {"ExpressionAttributeNames": {}, "ProjectionExpression": "a"},
            "ExpressionAttributeNames must not be empty",
        ),
        (
            {"ExpressionAttributeNames": {"a": "a"}, "ProjectionExpression": "a"},
            'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
        ),
    ],
)
def test_names_are_placeholders_of_an_expression(
    notes: Any, parameters: dict[str, Any], message: str
) -> None:
    for call, arguments in ((notes.scan, {}), (notes.get_item, {"Key": KEY})):
        told = refused(call, TableName="notes-of-queries", **arguments, **parameters)
        assert told == (400, "ValidationException", message)


@pytest.mark.parametrize("call", ["query", "scan"])
def test_an_index_that_the_table_lacks(notes: Any, call: str) -> None:
    asked = asking("pk = :p") if call == "query" else {"TableName": "notes-of-queries"}
    message = "The table does not have the specified index: nope"
    assert refused(getattr(notes, call), **asked, IndexName="nope") == (400, "ValidationException", message)


@pytest.mark.parametrize(
    "start",
    [
        {"pk": KEY["pk"]},
        {**KEY, "t": {"S": "t1"}},
        {"pk": KEY["pk"], "other": {"N": "1"}},
        {**KEY, "sk": {"S": "1"}},
        {**KEY, "sk": {"N": "one"}},
        {**KEY, "pk": {"N": "1"}},
    ],
)
def test_a_starting_key_has_the_keys_of_what_is_read(notes: Any, start: dict[str, Any]) -> None:
    refusal = (400, "ValidationException", START)
    assert refused(notes.query, **asking("pk = :p"), ExclusiveStartKey=start) == refusal
    longer = f"{START}: The provided key element does not match the schema"
    scanned = refused(notes.scan, TableName="notes-of-queries", ExclusiveStartKey=start)
    assert scanned == (400, "ValidationException", longer)


@pytest.mark.parametrize("start", [KEY, {**KEY, "n": {"S": "7"}}, {**KEY, "n": {"N": "7"}, "t": {"S": "t1"}}])
def test_so_has_that_of_an_index(notes: Any, start: dict[str, Any]) -> None:
    refusal = (400, "ValidationException", START)
    assert refused(notes.query, **asking("n = :one"), IndexName="gsi", ExclusiveStartKey=start) == refusal
    scanned = refused(notes.scan, TableName="notes-of-queries", IndexName="gsi", ExclusiveStartKey=start)
    assert scanned == refusal


def test_a_starting_key_is_of_the_partition(notes: Any) -> None:
    start = {**KEY, "pk": {"S": "other"}}
    told = refused(notes.query, **asking("pk = :p"), ExclusiveStartKey=start)
    assert told[2] == "The provided starting key is outside query boundaries based on provided conditions"


@pytest.mark.parametrize("read_from", [{}, {"IndexName": "lsi"}, {"IndexName": "all"}, {"IndexName": "gsi"}])
def test_each_page_starts_where_the_last_ended(notes: Any, read_from: dict[str, str]) -> None:
    pages = notes.get_paginator("scan").paginate(
        TableName="notes-of-queries", **read_from, PaginationConfig={"PageSize": 1}
    )
    assert [item["sk"]["N"] for page in pages for item in page["Items"]] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("read_from", "keys"),
    [
        ({}, {"pk", "sk"}),
        ({"IndexName": "lsi"}, {"pk", "sk", "t"}),
        ({"IndexName": "gsi"}, {"pk", "sk", "n"}),
    ],
)
def test_at_the_limit_there_is_a_key_to_go_on_from_also_if_nothing_follows(
    notes: Any, read_from: dict[str, str], keys: set[str]
) -> None:
    asked = {"TableName": "notes-of-queries", **read_from}
    filtered = {"FilterExpression": "attribute_exists(nothing)", "ProjectionExpression": "kept"}
    page = notes.scan(**asked, **({} if read_from == {"IndexName": "lsi"} else filtered), Limit=3)
    assert set(page["LastEvaluatedKey"]) == keys
    rest = notes.scan(**asked, Limit=3, ExclusiveStartKey=page["LastEvaluatedKey"])
    assert (rest["Items"], "LastEvaluatedKey" in rest) == ([], False)
    assert "LastEvaluatedKey" not in notes.scan(**asked, Limit=4)


def test_so_there_is_for_a_query(notes: Any) -> None:
    asked = asking("pk = :p AND sk > :one", ProjectionExpression="oth", ScanIndexForward=False)
    assert notes.query(**asked, Limit=2)["LastEvaluatedKey"] == {"pk": {"S": "p"}, "sk": {"N": "2"}}
    assert "LastEvaluatedKey" not in notes.query(**asked, Limit=3)


def test_a_local_index_gets_from_the_table_what_it_lacks(notes: Any) -> None:
    asked = asking("pk = :p", IndexName="lsi", Limit=1)
    assert set(notes.query(**asked)["Items"][0]) == {"pk", "sk", "t"}
    assert notes.query(**asked, ProjectionExpression="oth")["Items"] == [{"oth": {"S": "o1"}}]
    assert "kept" in notes.query(**asked, Select="ALL_ATTRIBUTES")["Items"][0]
    scanned = notes.scan(TableName="notes-of-queries", IndexName="lsi", ProjectionExpression="oth")
    assert {"oth": {"S": "o1"}} in scanned["Items"]
    assert set(notes.query(**asked)["Items"][0]) == {"pk", "sk", "t"}


def test_a_global_index_has_only_what_it_projects(notes: Any) -> None:
    asked = {"TableName": "notes-of-queries", "IndexName": "gsi"}
    assert notes.scan(**asked, ProjectionExpression="kept")["Items"] == [{"kept": {"S": "k"}}] * 3
    told = refused(notes.scan, **asked, ProjectionExpression="kept, oth, li")
    message = f"{INVALID}Global secondary index gsi does not project [oth, li]"
    assert told == (400, "ValidationException", message)
    told = refused(notes.scan, **asked, Select="ALL_ATTRIBUTES")
    assert told[2] == (
        f"{INVALID}Select type ALL_ATTRIBUTES is not supported for global secondary index gsi because its "
        "projection type is not ALL"
    )


@pytest.mark.parametrize(
    ("projection", "item"),
    [
        ("sk, li[1].x", {"sk": {"N": "1"}, "li": {"L": [{"M": {"x": {"S": "p"}}}]}}),
        ("#l[0]", {"li": {"L": [{"N": "0"}]}}),
        ("li[1], li[0]", {"li": {"L": [{"N": "0"}, {"M": {"x": {"S": "p"}}}]}}),
        ("li[9], oth.x, nothing", {}),
    ],
)
def test_a_projection_leads_into_lists_and_maps(notes: Any, projection: str, item: dict[str, Any]) -> None:
    names = {"ExpressionAttributeNames": {"#l": "li"}} if "#l" in projection else {}
    asked = {"TableName": "notes-of-queries", "Key": KEY, "ProjectionExpression": projection, **names}
    assert notes.get_item(**asked)["Item"] == item


def test_an_item_with_another_type_is_not_in_an_index_made_later(aws: Clients, table: str) -> None:
    client = aws("dynamodb")
    for ident, value in (("1", {"N": "1"}), ("2", {"S": "x"}), ("3", {"NULL": True})):
        client.put_item(TableName=table, Item={"Id": {"S": ident}, "n": value})
    create = {**index("by-n", "n", ProjectionType="ALL")}
    client.update_table(
        TableName=table,
        AttributeDefinitions=[{"AttributeName": "n", "AttributeType": "N"}],
        GlobalSecondaryIndexUpdates=[{"Create": create}],
    )
    asked = {"TableName": table, "IndexName": "by-n"}
    assert client.scan(**asked)["Count"] == 1
    condition = {"KeyConditionExpression": "n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
    assert client.query(**asked, **condition)["Count"] == 1
    assert client.scan(TableName=table)["Count"] == 3
    [described] = client.describe_table(TableName=table)["Table"]["GlobalSecondaryIndexes"]
    assert described["ItemCount"] == 1
