"""DynamoDB's legacy parameters do what the expressions in their place do.

The messages are AWS's, as the tests of dynalite and extenddb have them.
"""

from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, refused

OPERATORS = "[IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]"
MIXED = (
    "Can not use both expression and non-expression parameters in the same request: "
    "Non-expression parameters: {{{}}} Expression parameters: {{{}}}"
)
ANY = {"ComparisonOperator": "NOT_NULL"}


def compared(operator: str, *values: dict[str, Any]) -> dict[str, Any]:
    """A legacy condition."""
    return {"ComparisonOperator": operator, "AttributeValueList": list(values)}


@pytest.fixture
def people(aws: Clients, table: str) -> Any:
    """A table with three items: ages 1, 2 and none; the last has a set."""
    client = aws("dynamodb")
    for item in (
        {"Id": {"S": "ann"}, "age": {"N": "1"}, "city": {"S": "Bonn"}},
        {"Id": {"S": "bob"}, "age": {"N": "2"}, "city": {"S": "Bern"}},
        {"Id": {"S": "cy"}, "likes": {"SS": ["tea", "jam"]}},
    ):
        client.put_item(TableName=table, Item=item)
    return client


def ids(answer: dict[str, Any]) -> list[str]:
    """Who is in an answer."""
    return sorted(item["Id"]["S"] for item in answer["Items"])


@pytest.mark.parametrize(
    ("attribute", "condition", "found"),
    [
        ("age", compared("EQ", {"N": "1"}), ["ann"]),
        ("age", compared("NE", {"N": "1"}), ["bob", "cy"]),
        ("age", compared("LE", {"N": "1"}), ["ann"]),
        ("age", compared("LT", {"N": "2"}), ["ann"]),
        ("age", compared("GE", {"N": "2"}), ["bob"]),
        ("age", compared("GT", {"N": "1"}), ["bob"]),
        ("age", compared("IN", {"N": "2"}, {"N": "3"}), ["bob"]),
        ("age", compared("BETWEEN", {"N": "1"}, {"N": "2"}), ["ann", "bob"]),
        ("age", compared("NOT_NULL"), ["ann", "bob"]),
        ("age", compared("NULL"), ["cy"]),
        ("age", compared("LT", {"S": "2"}), []),
        ("city", compared("BEGINS_WITH", {"S": "Be"}), ["bob"]),
        ("likes", compared("CONTAINS", {"S": "tea"}), ["cy"]),
        ("city", compared("NOT_CONTAINS", {"S": "onn"}), ["bob", "cy"]),
    ],
)
def test_a_filter_finds_what_its_operator_says(
    people: Any, table: str, attribute: str, condition: dict[str, Any], found: list[str]
) -> None:
    assert ids(people.scan(TableName=table, ScanFilter={attribute: condition})) == found


def test_conditions_are_joined_as_asked(people: Any, table: str) -> None:
    both = {"age": compared("EQ", {"N": "1"}), "city": compared("EQ", {"S": "Bern"})}
    assert ids(people.scan(TableName=table, ScanFilter=both)) == []
    assert ids(people.scan(TableName=table, ScanFilter=both, ConditionalOperator="AND")) == []
    assert ids(people.scan(TableName=table, ScanFilter=both, ConditionalOperator="OR")) == ["ann", "bob"]


def test_a_query_has_its_key_and_its_filter(people: Any, table: str) -> None:
    key = {"Id": compared("EQ", {"S": "ann"})}
    asked = {"TableName": table, "KeyConditions": key}
    assert ids(people.query(**asked)) == ["ann"]
    assert ids(people.query(**asked, QueryFilter={"age": compared("GT", {"N": "1"})})) == []
    values = {":b": {"S": "Bonn"}}
    beside = people.query(**asked, FilterExpression="city = :b", ExpressionAttributeValues=values)
    assert ids(beside) == ["ann"]


def test_only_the_attributes_asked_for_come(people: Any, table: str) -> None:
    wanted: dict[str, Any] = {"AttributesToGet": ["age"]}
    key = {"Id": {"S": "ann"}}
    only = {"age": {"N": "1"}}
    assert people.get_item(TableName=table, Key=key, **wanted)["Item"] == only
    assert only in people.scan(TableName=table, **wanted)["Items"]
    asked = {"TableName": table, "KeyConditions": {"Id": compared("EQ", {"S": "ann"})}}
    assert people.query(**asked, **wanted)["Items"] == [only]
    batch = people.batch_get_item(RequestItems={table: {"Keys": [key], **wanted}})
    assert batch["Responses"] == {table: [only]}


@pytest.mark.parametrize(
    ("expected", "operator", "done"),
    [
        ({"age": {"Value": {"N": "1"}}}, None, True),
        ({"age": {"Value": {"N": "9"}}}, None, False),
        ({"age": {"Exists": True, "Value": {"N": "9"}}}, None, False),
        ({"age": {"Exists": False}}, None, False),
        ({"more": {"Exists": False}}, None, True),
        ({"age": compared("LT", {"N": "9"})}, None, True),
        ({"age": {"ComparisonOperator": "LT", "Value": {"N": "1"}}}, None, False),
        ({"age": {"Value": {"N": "9"}}, "city": {"Value": {"S": "Bonn"}}}, "OR", True),
        ({"age": {"Value": {"N": "9"}}, "city": {"Value": {"S": "Bonn"}}}, "AND", False),
    ],
)
@pytest.mark.parametrize("operation", ["put_item", "update_item", "delete_item"])
def test_a_write_happens_only_as_expected(
    people: Any, table: str, operation: str, expected: dict[str, Any], operator: str | None, *, done: bool
) -> None:
    key = {"Id": {"S": "ann"}}
    what: dict[str, Any] = {"Item" if operation == "put_item" else "Key": key, "Expected": expected}
    if operator:
        what |= {"ConditionalOperator": operator}
    write = getattr(people, operation)
    if done:
        write(TableName=table, **what)
    else:
        refusal = (400, "ConditionalCheckFailedException", "The conditional request failed")
        assert refused(write, TableName=table, **what) == refusal


def test_updates_put_add_and_delete(people: Any, table: str) -> None:
    updates: dict[str, Any] = {
        "age": {"Action": "ADD", "Value": {"N": "2"}},
        "city": {"Action": "DELETE"},
        "name": {"Value": {"S": "Ann"}},
        "list": {"Action": "ADD", "Value": {"L": [{"N": "1"}]}},
    }
    asked = {"TableName": table, "Key": {"Id": {"S": "ann"}}, "ReturnValues": "ALL_NEW"}
    people.update_item(**asked, AttributeUpdates={"list": updates["list"]})
    changed = people.update_item(**asked, AttributeUpdates=updates)["Attributes"]
    assert changed == {
        "Id": {"S": "ann"},
        "age": {"N": "3"},
        "name": {"S": "Ann"},
        "list": {"L": [{"N": "1"}, {"N": "1"}]},
    }
    less = {"likes": {"Action": "DELETE", "Value": {"SS": ["jam"]}}}
    cy = people.update_item(**{**asked, "Key": {"Id": {"S": "cy"}}}, AttributeUpdates=less)
    assert cy["Attributes"]["likes"] == {"SS": ["tea"]}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"AttributesToGet": ["a", "a"]}, "Duplicate value in attribute name: a"),
        (
            {"ScanFilter": {"a": compared("EQ")}},
            "Invalid number of argument(s) for the EQ ComparisonOperator",
        ),
        (
            {"ScanFilter": {"a": compared("IN")}},
            "Invalid number of argument(s) for the IN ComparisonOperator",
        ),
        (
            {"ScanFilter": {"a": compared("NULL", {"N": "1"})}},
            "Invalid number of argument(s) for the NULL ComparisonOperator",
        ),
        (
            {"ScanFilter": {"a": compared("BETWEEN", {"N": "1"})}},
            "Invalid number of argument(s) for the BETWEEN ComparisonOperator",
        ),
        (
            {"ScanFilter": {"a": compared("LT", {"BOOL": True})}},
            "ComparisonOperator LT is not valid for BOOL AttributeValue type",
        ),
        (
            {"ScanFilter": {"a": compared("BEGINS_WITH", {"N": "1"})}},
            "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type",
        ),
    ],
)
def test_what_is_wrong_with_a_read_is_said(
    people: Any, table: str, parameters: dict[str, Any], message: str
) -> None:
    whole = f"One or more parameter values were invalid: {message}"
    assert refused(people.scan, TableName=table, **parameters) == (400, "ValidationException", whole)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"Expected": {"a": {}}}, "Value must be provided when Exists is null for Attribute: a"),
        (
            {"Expected": {"a": {"Exists": True}}},
            "Value must be provided when Exists is true for Attribute: a",
        ),
        (
            {"Expected": {"a": {"Exists": False, "Value": {"S": "x"}}}},
            "Value cannot be used when Exists is false for Attribute: a",
        ),
        (
            {"Expected": {"a": {"Value": {"S": "x"}, "AttributeValueList": []}}},
            "Value and AttributeValueList cannot be used together for Attribute: a",
        ),
        (
            {"Expected": {"a": {"Exists": True, "ComparisonOperator": "LT"}}},
            "Exists and ComparisonOperator cannot be used together for Attribute: a",
        ),
        (
            {"Expected": {"a": {"ComparisonOperator": "LT"}}},
            "Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: a",
        ),
        (
            {"Expected": {"a": {"AttributeValueList": []}}},
            "AttributeValueList can only be used with a ComparisonOperator for Attribute: a",
        ),
        (
            {"AttributeUpdates": {"a": {}}},
            "Only DELETE action is allowed when no attribute value is specified",
        ),
        (
            {"AttributeUpdates": {"a": {"Action": "DELETE", "Value": {"S": "x"}}}},
            "DELETE action with value is not supported for the type S",
        ),
        (
            {"AttributeUpdates": {"a": {"Action": "ADD", "Value": {"S": "x"}}}},
            "ADD action is not supported for the type S",
        ),
    ],
)
def test_what_is_wrong_with_a_write_is_said(
    people: Any, table: str, parameters: dict[str, Any], message: str
) -> None:
    whole = f"One or more parameter values were invalid: {message}"
    asked = {"TableName": table, "Key": {"Id": {"S": "ann"}}, **parameters}
    assert refused(people.update_item, **asked) == (400, "ValidationException", whole)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"ScanFilter": {"a": {"ComparisonOperator": "LIKE"}}},
            (
                "1 validation error detected: Value 'LIKE' at 'scanFilter.a.member.comparisonOperator' "
                f"failed to satisfy constraint: Member must satisfy enum value set: {OPERATORS}"
            ),
        ),
        (
            {"ConditionalOperator": "XOR", "ScanFilter": {"a": ANY, "b": ANY}},
            (
                "1 validation error detected: Value 'XOR' at 'conditionalOperator' failed to satisfy "
                "constraint: Member must satisfy enum value set: [OR, AND]"
            ),
        ),
        ({"ConditionalOperator": "OR"}, "ConditionalOperator cannot be used without Filter or Expected"),
        (
            {"ConditionalOperator": "OR", "ScanFilter": {"a": ANY}},
            "ConditionalOperator can only be used when Filter or Expected has two or more elements",
        ),
        (
            {"AttributesToGet": ["a"], "FilterExpression": "attribute_exists(a)"},
            MIXED.format("AttributesToGet", "FilterExpression"),
        ),
        (
            {"ScanFilter": {"a": ANY}, "ProjectionExpression": "a"},
            MIXED.format("ScanFilter", "ProjectionExpression"),
        ),
        (
            {"AttributesToGet": ["a"], "ExpressionAttributeNames": {"#a": "a"}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(
    people: Any, table: str, parameters: dict[str, Any], message: str
) -> None:
    assert refused(people.scan, TableName=table, **parameters) == (400, "ValidationException", message)


def test_a_key_is_asked_for_in_one_form(people: Any, table: str) -> None:
    asked = {
        "KeyConditions": {"Id": compared("EQ", {"S": "ann"})},
        "KeyConditionExpression": "Id = :i",
        "ExpressionAttributeValues": {":i": {"S": "ann"}},
    }
    message = MIXED.format("KeyConditions", "KeyConditionExpression")
    assert refused(people.query, TableName=table, **asked) == (400, "ValidationException", message)


def test_an_update_is_one_of_three(people: Any, table: str) -> None:
    asked = {"TableName": table, "Key": {"Id": {"S": "ann"}}}
    message = (
        "1 validation error detected: Value 'SET' at 'attributeUpdates.a.member.action' failed to satisfy "
        "constraint: Member must satisfy enum value set: [ADD, PUT, DELETE]"
    )
    wrong = {"a": {"Action": "SET", "Value": {"S": "x"}}}
    assert refused(people.update_item, **asked, AttributeUpdates=wrong) == (
        400,
        "ValidationException",
        message,
    )
