"""No mistake in a condition, a key condition or a projection is a fault of the sandbox."""

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.kit.sandbox.control import Clients, create_table

PATHS = ("a", "m.a", "l[0]", "m", "l", "x", "sk", "pk", "t", "l[0].a")
VALUES: dict[str, Any] = {
    ":s": {"S": "p"},
    ":n": {"N": "1"},
    ":b": {"B": b"x"},
    ":t": {"BOOL": True},
    ":u": {"NULL": True},
    ":l": {"L": [{"S": "x"}, {"M": {}}]},
    ":m": {"M": {"a": {"N": "1"}}},
    ":ss": {"SS": ["a"]},
    ":ns": {"NS": ["1"]},
    ":bs": {"BS": [b"x"]},
    ":k": {"S": "SS"},
}
Choose = Callable[..., Any]


@pytest.fixture
def client(aws: Clients, unique: str) -> Any:
    """A client; the table ``unique`` has items with all types, a global and a local index."""
    client = aws("dynamodb")

    def schema(*names: str) -> list[dict[str, str]]:
        return [
            {"AttributeName": name, "KeyType": kind}
            for name, kind in zip(names, ("HASH", "RANGE"), strict=False)
        ]

    only_keys = {"Projection": {"ProjectionType": "KEYS_ONLY"}}
    create_table(
        client,
        unique,
        KeySchema=schema("pk", "sk"),
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in (("pk", "S"), ("sk", "N"), ("t", "S"))
        ],
        GlobalSecondaryIndexes=[{"IndexName": "gsi", "KeySchema": schema("t"), **only_keys}],
        LocalSecondaryIndexes=[{"IndexName": "lsi", "KeySchema": schema("pk", "t"), **only_keys}],
    )
    for number, value in enumerate(VALUES.values()):
        item = {"pk": {"S": "p"}, "sk": {"N": str(number)}, "a": value}
        more = {"m": {"M": {"a": value}}, "l": {"L": [value]}, "t": {"S": "t"}}
        client.put_item(TableName=unique, Item=item | (more if number % 2 else {}))
    return client


def operand(choose: Choose) -> str:
    """A path, a value, or the size of something."""
    path, value = choose(PATHS), choose(list(VALUES))
    return str(choose([path, value, f"size({path})"]))


def condition(choose: Choose, depth: int = 0) -> str:
    """A condition that is well written, whatever its operands are."""
    one, other, third = (operand(choose) for _ in range(3))
    simple = [
        f"{one} {choose(['=', '<>', '<', '<=', '>', '>='])} {other}",
        f"{one} BETWEEN {other} AND {third}",
        f"{one} IN ({other}, {third})",
        f"{choose(['begins_with', 'contains', 'attribute_type'])}({one}, {other})",
        f"attribute_exists({one})",
    ]
    if depth < 3 and choose([True, False, False]):
        left, right = condition(choose, depth + 1), condition(choose, depth + 1)
        return str(choose([f"NOT {left}", f"({left} {choose(['AND', 'OR'])} {right})"]))
    return str(choose(simple))


def key_condition(choose: Choose) -> str:
    """A condition on something that may be a key."""
    name, one, other = choose(["pk", "sk", "t", "x"]), operand(choose), operand(choose)
    comparison = f"{name} {choose(['=', '<', '>=', '<>'])} {one}"
    return str(choose([comparison, f"{name} BETWEEN {one} AND {other}", f"begins_with({name}, {one})"]))


def asked(choose: Choose) -> tuple[str, dict[str, Any]]:
    """An operation, and its arguments."""
    index = choose([{}, {"IndexName": "gsi"}, {"IndexName": "lsi"}])
    keys = f"{choose(['pk = :s', 't = :s', key_condition(choose)])} AND {key_condition(choose)}"
    calls = [
        ("scan", {"FilterExpression": condition(choose), **index}),
        ("scan", {"ProjectionExpression": f"{choose(PATHS)}, {choose(PATHS)}", **index}),
        ("query", {"KeyConditionExpression": "pk = :s", "FilterExpression": condition(choose)}),
        ("query", {"KeyConditionExpression": keys, **index}),
        (
            "delete_item",
            {"Key": {"pk": {"S": "z"}, "sk": {"N": "1"}}, "ConditionExpression": condition(choose)},
        ),
    ]
    operation, arguments = choose(calls)
    used = {name: VALUES[name] for name in re.findall(r":\w+", str([*arguments.values()]))}
    values = {"ExpressionAttributeValues": used} if used else {}
    return operation, {**arguments, **values}


def test_no_mistake_in_a_read_is_a_fault_of_the_sandbox(client: Any, unique: str) -> None:
    choose = random.Random(3).choice
    outcomes = {}
    for operation, arguments in (asked(choose) for _ in range(500)):
        outcomes[operation, str(arguments)] = _outcome(client, unique, operation, arguments)
    allowed = {"", "ValidationException", "ConditionalCheckFailedException"}
    assert {call: code for call, code in outcomes.items() if code not in allowed} == {}
    assert set(outcomes.values()) == allowed


def _outcome(client: Any, table: str, operation: str, arguments: dict[str, Any]) -> str:
    """The error code of a call; empty if it succeeds."""
    try:
        getattr(client, operation)(TableName=table, **arguments)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""
