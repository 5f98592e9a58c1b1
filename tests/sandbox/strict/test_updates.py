"""What DynamoDB says of an update that is not written as it must be, and what the others do.

Messages are AWS's, as the tests of dynalite, which were run against AWS, and reports of users have them.
"""

import contextlib
import random
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.sandbox.strict.dynamodb.expressions.reader import WrongError
from lambda_over_https.sandbox.strict.dynamodb.expressions.updates import read_update
from tests.kit.sandbox.control import Clients, refused

SYNTAX = 'Syntax error; token: "{}", near: "{}"'
OPERANDS = (
    "Incorrect number of operands for operator or function; operator or function: {}, number of operands: {}"
)
MISTYPED = "Incorrect operand type for operator or function; {}"
APART = (
    "Two document paths {} with each other; must remove or rewrite one of these paths; path one: {}, "
    "path two: {}"
)
ITEM: dict[str, Any] = {
    "n": {"N": "5"},
    "t": {"S": "x"},
    "l": {"L": [{"N": str(number)} for number in range(4)]},
    "m": {"M": {"k": {"N": "1"}, "l": {"L": []}}},
    "ll": {"L": [{"M": {"a": {"N": "1"}}}, {"M": {"a": {"N": "1"}, "b": {"N": "2"}}}]},
    "ss": {"SS": ["a", "b"]},
    "ns": {"NS": ["1", "2"]},
}
VALUES: dict[str, Any] = {
    ":n": {"N": "2"},
    ":t": {"S": "y"},
    ":l": {"L": [{"S": "z"}]},
    ":m": {"M": {}},
    ":ss": {"SS": ["b", "c"]},
    ":ns": {"NS": ["2", "3"]},
    ":all": {"SS": ["a", "b"]},
    ":tiny": {"N": "1E-40"},
    ":long": {"N": "1" * 38},
    ":huge": {"N": "9E125"},
    ":bool": {"BOOL": True},
}


@pytest.fixture
def client(aws: Clients, table: str) -> Any:
    client = aws("dynamodb")
    client.put_item(TableName=table, Item={"Id": {"S": "1"}, **ITEM})
    return client


def asking(table: str, update: str, ident: str = "1") -> dict[str, Any]:
    """The arguments of an UpdateItem, with the names and values that the expression uses."""
    values = {name: VALUES[name] for name in re.findall(r":\w+", update) if name in VALUES}
    names = {"#n": "n"} if "#n" in update else {}
    return {
        "TableName": table,
        "Key": {"Id": {"S": ident}},
        "UpdateExpression": update,
        **({"ExpressionAttributeValues": values} if values else {}),
        **({"ExpressionAttributeNames": names} if names else {}),
    }


def updated(client: Any, table: str, update: str) -> dict[str, Any]:
    """The attributes that an update changed, as they are then; None for what is gone."""
    client.update_item(**asking(table, update))
    item = client.get_item(TableName=table, Key={"Id": {"S": "1"}})["Item"]
    assert item.pop("Id") == {"S": "1"}
    return {name: item.get(name) for name in {**ITEM, **item} if item.get(name) != ITEM.get(name)}


@pytest.mark.parametrize(
    ("update", "changed"),
    [
        ("SET n = :t", {"n": {"S": "y"}}),
        ("set #n = n + :n", {"n": {"N": "7"}}),
        ("SET n = (n + :n)", {"n": {"N": "7"}}),
        ("SET n = (n) - (:n)", {"n": {"N": "3"}}),
        ("SET n=n-:n", {"n": {"N": "3"}}),
        ("SET x = if_not_exists(x, :n) + (:n)", {"x": {"N": "4"}}),
        ("SET n = if_not_exists(n, :n)", {}),
        ("SET x = if_not_exists(x, if_not_exists(n, :n))", {"x": {"N": "5"}}),
        ("SET n = t, t = n", {"n": {"S": "x"}, "t": {"N": "5"}}),
        ("SET x = Id", {"x": {"S": "1"}}),
        ("SET x = list_append(:l, if_not_exists(x, :l))", {"x": {"L": [{"S": "z"}, {"S": "z"}]}}),
        ("SET m.l = list_append(m.l, :l)", {"m": {"M": {"k": {"N": "1"}, "l": {"L": [{"S": "z"}]}}}}),
        ("SET m.k = :t\nREMOVE m.l", {"m": {"M": {"k": {"S": "y"}}}}),
        ("SET m.l[3] = :n", {"m": {"M": {"k": {"N": "1"}, "l": {"L": [{"N": "2"}]}}}}),
        ("SET l[1] = l[3]", {"l": {"L": [{"N": "0"}, {"N": "3"}, {"N": "2"}, {"N": "3"}]}}),
        ("REMOVE l[0], l[2], l[10], nothing", {"l": {"L": [{"N": "1"}, {"N": "3"}]}}),
        ("REMOVE ll[0], ll[1].a", {"ll": {"L": [{"M": {"b": {"N": "2"}}}]}}),
        (
            "SET l[9] = :t, l[8] = :n REMOVE l[3], l[1], l[2]",
            {"l": {"L": [{"N": "0"}, {"N": "2"}, {"S": "y"}]}},
        ),
        ("ADD n :n, x :n", {"n": {"N": "7"}, "x": {"N": "2"}}),
        ("ADD ss :ss DELETE ns :ns", {"ss": {"SS": ["a", "b", "c"]}, "ns": {"NS": ["1"]}}),
        ("DELETE ss :all, x :ss", {"ss": None}),
        ("ADD m.k :n", {"m": {"M": {"k": {"N": "3"}, "l": {"L": []}}}}),
    ],
)
def test_an_update_does_what_it_says(client: Any, table: str, update: str, changed: dict[str, Any]) -> None:
    assert updated(client, table, update) == changed


def test_it_makes_the_item_that_is_not_there(client: Any, table: str) -> None:
    client.update_item(**asking(table, "SET x = if_not_exists(x, :n) + :n ADD c :n", "new"))
    found = client.get_item(TableName=table, Key={"Id": {"S": "new"}})["Item"]
    assert found == {"Id": {"S": "new"}, "x": {"N": "4"}, "c": {"N": "2"}}


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ("x", SYNTAX.format("x", "x")),
        ("INVALID SYNTAX HERE", SYNTAX.format("INVALID", "INVALID SYNTAX")),
        ("SET", SYNTAX.format("<EOF>", "SET")),
        ("SET a = :n,", SYNTAX.format("<EOF>", ",")),
        ("SET a = :n b = :n", SYNTAX.format("b", ":n b =")),
        ("SET a = n + :n + :n", SYNTAX.format("+", ":n + :n")),
        ("SET a = (n + :n) - :n", SYNTAX.format("-", ") - :n")),
        ("SET a += :n", SYNTAX.format("+", "a +=")),
        ("SET a = n * :n", SYNTAX.format("*", "n * :n")),
        ("SET a = 5", SYNTAX.format("5", "= 5")),
        ("SET :n = :n", SYNTAX.format(":n", "SET :n =")),
        ("SET set = :n", SYNTAX.format("set", "SET set =")),
        ("SET a = (n", SYNTAX.format("<EOF>", "n")),
        ("ADD n n", SYNTAX.format("n", "n n")),
        ("REMOVE n SET", SYNTAX.format("<EOF>", "SET")),
        ("REMOVE l[x]", SYNTAX.format("x", "[x]")),
        ("DELETE ss = :ss", SYNTAX.format("=", "ss = :ss")),
        ("SET a = :n SET b = :n", 'The "SET" section can only be used once in an update expression;'),
        ("SET a = foo(:n)", "Invalid function name; function: foo"),
        ("SET a = size(l)", "The function is not allowed in an update expression; function: size"),
        ("SET a = if_not_exists(a)", OPERANDS.format("if_not_exists", 1)),
        (
            "SET a = if_not_exists(:n, :n)",
            "Operator or function requires a document path; operator or function: if_not_exists",
        ),
        (
            "SET a = list_append(:n, :l)",
            MISTYPED.format("operator or function: list_append, operand type: N"),
        ),
        ("SET a = n + :t", MISTYPED.format("operator or function: +, operand type: S")),
        (
            "ADD n :t",
            MISTYPED.format("operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"),
        ),
        (
            "ADD l :l",
            MISTYPED.format("operator: ADD, operand type: LIST, typeSet: ALLOWED_FOR_ADD_OPERAND"),
        ),
        (
            "DELETE ss :n",
            MISTYPED.format("operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND"),
        ),
        ("SET n = :n, #n = :n", APART.format("overlap", "[n]", "[n]")),
        ("SET m = :m REMOVE m.k", APART.format("overlap", "[m]", "[m, k]")),
        ("SET l[1] = :n, l[1].x = :n", APART.format("overlap", "[l, [1]]", "[l, [1], x]")),
        ("SET m.k = :n, m[0] = :n", APART.format("conflict", "[m, k]", "[m, [0]]")),
        (
            "SET a = #x",
            "An expression attribute name used in the document path is not defined; attribute name: #x",
        ),
        (
            "SET a = :x",
            "An expression attribute value used in expression is not defined; attribute value: :x",
        ),
    ],
)
def test_what_is_no_update(client: Any, table: str, update: str, message: str) -> None:
    told = refused(client.update_item, **asking(table, update))
    assert told == (400, "ValidationException", f"Invalid UpdateExpression: {message}")


PLACE = "The document path provided in the update expression is invalid for update"
ABSENT = "The provided expression refers to an attribute that does not exist in the item"
TYPE = "An operand in the update expression has an incorrect data type"


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ("SET a.b = :n", PLACE),
        ("SET t.b = :n", PLACE),
        ("SET m[0] = :n", PLACE),
        ("SET l.x = :n", PLACE),
        ("REMOVE a.b", PLACE),
        ("REMOVE t.b", PLACE),
        ("ADD a.b :n", PLACE),
        ("DELETE a.b :ss", PLACE),
        ("SET a = b", ABSENT),
        ("SET a = l[9] + :n", ABSENT),
        ("SET a = if_not_exists(b, c)", ABSENT),
        ("SET a = t + :n", TYPE),
        ("SET a = list_append(t, :l)", TYPE),
        ("ADD t :n", TYPE),
        ("ADD ns :ss", TYPE),
        ("DELETE ns :ss", TYPE),
        ("SET a = :long + :tiny", "Attempting to store more than 38 significant digits in a Number"),
        (
            "SET a = :huge + :huge",
            "Number overflow. Attempting to store a number with magnitude larger than supported range",
        ),
        (
            "SET Id = :t",
            (
                "One or more parameter values were invalid: Cannot update attribute Id. This attribute is "
                "part of the key"
            ),
        ),
    ],
)
def test_an_update_that_fails_changes_nothing(client: Any, table: str, update: str, message: str) -> None:
    clause = "ADD" if update.startswith("SET") else "SET"
    whole = f"{clause} f {'' if clause == 'ADD' else '= '}:n {update}"
    told = refused(client.update_item, **asking(table, whole))
    assert told == (400, "ValidationException", message)
    assert client.scan(TableName=table)["Items"] == [{"Id": {"S": "1"}, **ITEM}]


@pytest.mark.parametrize("update", ["SET a.b = :n", "SET a = b", "REMOVE a.b", "ADD a.b :n", "SET Id = :t"])
def test_an_update_that_fails_makes_no_item(client: Any, table: str, update: str) -> None:
    assert refused(client.update_item, **asking(table, update, "new"))[:2] == (400, "ValidationException")
    assert client.scan(TableName=table)["Count"] == 1


def test_neither_does_one_that_would_make_it_too_large(client: Any, table: str) -> None:
    asked = asking(table, "SET x = :t", "new") | {"ExpressionAttributeValues": {":t": {"S": "x" * 410_000}}}
    message = "Item size to update has exceeded the maximum allowed size"
    assert refused(client.update_item, **asked) == (400, "ValidationException", message)
    assert client.scan(TableName=table)["Count"] == 1


def test_so_it_is_in_a_transaction(client: Any, table: str) -> None:
    for update in ("SET a = foo(:n)", "SET a = #x", "ADD n :t"):
        told = refused(client.transact_write_items, TransactItems=[{"Update": asking(table, update)}])
        assert told[:2] == (400, "ValidationException"), update
    client.transact_write_items(TransactItems=[{"Update": asking(table, "SET n = (n + :n) REMOVE l[1]")}])
    assert client.get_item(TableName=table, Key={"Id": {"S": "1"}})["Item"]["n"] == {"N": "7"}


TOKENS = (
    *["SET", "REMOVE", "ADD", "DELETE", ",", "=", "+", "-", "(", ")", ".", "[", "]", "0", "1"],
    *["n", "t", "l", "m", "m.k", "l[1]", "x", "Id", "#n", "ss"],
    *[":n", ":t", ":l", ":ss", "if_not_exists", "list_append", "size", "and"],
)


@given(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=12))
def test_of_any_text_it_is_said_what_is_wrong_or_nothing(tokens: list[str]) -> None:
    with contextlib.suppress(WrongError):
        read_update(" ".join(tokens))
        assert tokens[-1] not in ("SET", "REMOVE", "ADD", "DELETE", "=", "+", "-", "(", "[", ",", ".")


def test_no_mistake_in_an_update_is_a_fault_of_the_sandbox(client: Any, table: str) -> None:
    chance = random.Random(1)
    updates = [_some_update(chance) for _ in range(400)]
    outcomes = {update: _outcome(client, asking(table, update)) for update in updates}
    assert set(outcomes.values()) == {(200, ""), (400, "ValidationException")}, outcomes


def _outcome(client: Any, asked: dict[str, Any]) -> tuple[int, str]:
    """The status of an UpdateItem, and its error code."""
    try:
        response: dict[str, Any] = client.update_item(**asked)
    except ClientError as error:
        response = {**error.response}
    return response["ResponseMetadata"]["HTTPStatusCode"], response.get("Error", {}).get("Code", "")


def _some_update(chance: random.Random) -> str:
    """An update that is nearly right: clauses of random paths and operands, some with a token too many."""
    paths, values = ("n", "t", "l", "l[1]", "m", "m.k", "m.l[0]", "x", "x.y", "#n", "ss"), (*VALUES,)
    operands = (
        lambda: chance.choice(paths),
        lambda: chance.choice(values),
        lambda: f"( {chance.choice(paths)} )",
        lambda: f"if_not_exists( {chance.choice(paths)} , {chance.choice(values)} )",
        lambda: f"list_append( {chance.choice(paths)} , {chance.choice(values)} )",
    )
    parts = {
        "SET": lambda: (
            f"{chance.choice(paths)} = {chance.choice(operands)()} "
            f"{chance.choice(['', '', '+ ' + chance.choice(operands)(), '- ' + chance.choice(operands)()])}"
        ),
        "REMOVE": lambda: chance.choice(paths),
        "ADD": lambda: f"{chance.choice(paths)} {chance.choice(values)}",
        "DELETE": lambda: f"{chance.choice(paths)} {chance.choice(values)}",
    }
    clauses = chance.sample(sorted(parts), chance.randint(1, 2))
    tokens = " ".join(f"{clause} {parts[clause]()}" for clause in clauses).split()
    if chance.random() < 0.3:
        tokens.insert(chance.randrange(len(tokens)), chance.choice(TOKENS))
    return " ".join(tokens)
