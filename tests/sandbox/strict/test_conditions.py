"""What DynamoDB says of an expression that is not written as it must be, and that all others are taken.

The first group of messages is as people have reported them of AWS: in issues of dynamodb-dashboard,
langgraphjs-checkpoint-dynamodb, ServiceStack.Aws, zio-dynamodb and floci.
"""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.sandbox.strict.dynamodb.expressions import meaning
from lambda_over_https.sandbox.strict.dynamodb.expressions.conditions import read_condition
from lambda_over_https.sandbox.strict.dynamodb.expressions.meaning import Given
from lambda_over_https.sandbox.strict.dynamodb.expressions.projections import read_projection
from lambda_over_https.sandbox.strict.dynamodb.expressions.reader import WrongError
from tests.kit.sandbox.control import Clients, refused

SYNTAX = 'Syntax error; token: "{}", near: "{}"'
MISUSED = "The function is not allowed to be used this way in an expression; function: {}"
OPERANDS = (
    "Incorrect number of operands for operator or function; operator or function: {}, number of operands: {}"
)


@pytest.mark.parametrize(
    ("expression", "token", "near"),
    [
        ("a-b", "-", "a-b"),
        (
            "#articleId attribute_not_exists :ckpst",
            "attribute_not_exists",
            "#articleId attribute_not_exists :ckpst",
        ),
        ("tenantAgent:abc123-x", ":abc123", "tenantAgent:abc123-"),
        ("StartsWith()", ")", "()"),
        ("!!!", "!", "!!"),
        ("remove([1]", "[", "([1"),
        ("a", "<EOF>", "a"),
        ("a =", "<EOF>", "="),
        ("a = :v AND", "<EOF>", "AND"),
        ("a = :v OR OR b = :v", "OR", "OR OR b"),
        ("a AND b = :v", "AND", "a AND b"),
        ("NOT a", "<EOF>", "a"),
        ("(a = :v", "<EOF>", ":v"),
        ("a = :v)", ")", ":v)"),
        ("a == :v", "=", "== :v"),
        ("a = 5", "5", "= 5"),
        ("a = 'x'", "'", "= 'x"),
        ("a = :v = :v", "=", ":v = :v"),
        ("a = (b = :v)", "<EOF>", ")"),
        ("a BETWEEN :v", "<EOF>", ":v"),
        ("a BETWEEN :v OR :w", "OR", ":v OR :w"),
        ("a IN ()", ")", "()"),
        ("a IN :v", ":v", "IN :v"),
        ("a LIKE :v", "LIKE", "a LIKE :v"),
        ("a[x] = :v", "x", "[x]"),
        ("a[0 = :v", "=", "0 = :v"),
        ("a..b = :v", ".", "..b"),
        ("AND = :v", "AND", "AND ="),
        ("_a = :v", "_", "_a"),
    ],
)
def test_the_first_token_that_cannot_stand_there_is_named_with_its_neighbours(
    expression: str, token: str, near: str
) -> None:
    with pytest.raises(WrongError) as wrong:
        read_condition(expression)
    assert str(wrong.value) == SYNTAX.format(token, near)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "The expression can not be empty;"),
        (" ", "The expression can not be empty;"),
        ("attribute_exist(Id)", "Invalid function name; function: attribute_exist"),
        ("ATTRIBUTE_EXISTS(Id)", "Invalid function name; function: ATTRIBUTE_EXISTS"),
        ("attribute_exists(a, b)", OPERANDS.format("attribute_exists", 2)),
        ("contains(a)", OPERANDS.format("contains", 1)),
        ("a = :v AND begins_with(a)", OPERANDS.format("begins_with", 1)),
        ("size(a)", MISUSED.format("size")),
        ("NOT size(a)", MISUSED.format("size")),
        ("contains(a, :v) = :w", MISUSED.format("contains")),
        ("a BETWEEN :v AND contains(a, :v)", MISUSED.format("contains")),
        (
            "attribute_exists(:v)",
            "Operator or function requires a document path; operator or function: attribute_exists",
        ),
        ("attribute_exist(Id) AND", SYNTAX.format("<EOF>", "AND")),
        (
            "if_not_exists(a, :v) = :v",
            "The function is not allowed in a condition expression; function: if_not_exists",
        ),
        ("((a = :v))", "The expression has redundant parentheses;"),
        (
            f"a[{'9' * 5000}] = :v",
            f"List index is not within the allowable range; index: [{'9' * 5000}]",
        ),
        ("size(a) > ((:v))", "The expression has redundant parentheses;"),
        (
            f"a IN ({', '.join(f':v{number}' for number in range(101))})",
            "The IN operator is provided with too many operands; number of operands: 101",
        ),
    ],
)
def test_what_is_wrong_in_meaning_is_told_once_the_syntax_is_right(expression: str, message: str) -> None:
    with pytest.raises(WrongError) as wrong:
        read_condition(expression)
    assert str(wrong.value) == message


@pytest.mark.parametrize(
    "expression",
    [
        "a = :v",
        "user_name <> :v",
        "NOT a = :v and b in (:x, :y) OR attribute_not_exists(Id)",
        "a BETWEEN :x AND :y AND b = :z",
        "a[0].b[12] = c.d",
        "#a.#b[1] < :v",
        "attribute_type(a, :s) AND begins_with (a, :v)",
        "size(a) >= size(b)",
        "NOT (a = :v) AND NOT NOT (b = :v)",
        "( ( ( size ( #ATTR5 )) < #ATTR3.Maximum ) AND ( #ATTR6 > :val1 ) )",
        "(contains(a, :v))",
        "((a = :v) AND (b = :v)) OR (size(a)) > (:v)",
        "a[12].b = :v",
        f"a IN ({', '.join(f':v{number}' for number in range(100))})",
    ],
)
def test_every_form_of_a_condition_is_taken(expression: str) -> None:
    read_condition(expression)


@pytest.mark.parametrize("expression", ["a", "a, b.c[1], #x.y", " a ,b "])
def test_a_projection_is_a_list_of_paths(expression: str) -> None:
    read_projection(expression)


@pytest.mark.parametrize(
    ("expression", "token", "near"),
    [
        ("a b", "b", "a b"),
        ("a,", "<EOF>", ","),
        ("!!!", "!", "!!"),
        (":v", ":v", ":v"),
        ("size(a)", "(", "size(a"),
        ("a.", "<EOF>", "."),
    ],
)
def test_what_is_no_list_of_paths_is_no_projection(expression: str, token: str, near: str) -> None:
    with pytest.raises(WrongError) as wrong:
        read_projection(expression)
    assert str(wrong.value) == SYNTAX.format(token, near)


BETWEEN = (
    "The BETWEEN operator requires {}; lower bound operand: AttributeValue: {{{}}}, "
    "upper bound operand: AttributeValue: {{{}}}"
)
ORDER = "upper bound to be greater than or equal to lower bound"
DISTINCT = (
    "The first operand must be distinct from the remaining operands for this operator or function; "
    "operator: {}, first operand: {}"
)
MISTYPED = "Incorrect operand type for operator or function; operator or function: {}, operand type: {}"
VALUES: dict[str, dict[str, Any]] = {
    ":one": {"N": "1"},
    ":two": {"N": "2.0"},
    ":ten": {"N": "10"},
    ":text": {"S": "b"},
    ":early": {"S": "a"},
    ":null": {"NULL": True},
    ":low": {"B": "AAAA"},
    ":high": {"B": "//8="},
    ":X": {"S": "X"},
    ":SS": {"S": "SS"},
}
GIVEN = Given({"#a": "a"}, VALUES)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("a BETWEEN :ten AND :two", BETWEEN.format(ORDER, "N:10", "N:2.0")),
        ("a BETWEEN :text AND :early", BETWEEN.format(ORDER, "S:b", "S:a")),
        ("a BETWEEN :high AND :low", BETWEEN.format(ORDER, "B://8=", "B:AAAA")),
        (
            "NOT a BETWEEN :one AND :text",
            BETWEEN.format("same data type for lower and upper bounds", "N:1", "S:b"),
        ),
        ("a BETWEEN :null AND :null", MISTYPED.format("BETWEEN", "NULL")),
        ("a < :null", MISTYPED.format("<", "NULL")),
        ("b = :one OR :null >= a", MISTYPED.format(">=", "NULL")),
        ("begins_with(a, :one)", MISTYPED.format("begins_with", "N")),
        ("size(:one) > :one", MISTYPED.format("size", "N")),
        ("attribute_type(a, :one)", MISTYPED.format("attribute_type", "N")),
        ("attribute_type(a, b)", MISTYPED.format("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")),
        (
            "attribute_type(a, :X)",
            "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
        ),
        ("a = a", DISTINCT.format("=", "[a]")),
        ("b.c[1] < :one OR (#a.b[1] <> a.b[1])", DISTINCT.format("<>", "[a, b, [1]]")),
        ("contains(#a, a)", DISTINCT.format("contains", "[a]")),
        ("a IN (:one, a)", DISTINCT.format("IN", "[a]")),
    ],
)
def test_operands_are_such_as_their_operators_take(expression: str, message: str) -> None:
    with pytest.raises(WrongError) as wrong:
        meaning.check_condition(read_condition(expression), GIVEN)
    assert str(wrong.value) == message


@pytest.mark.parametrize(
    "expression",
    [
        "a BETWEEN :two AND :ten",
        "a BETWEEN :low AND :high",
        "a BETWEEN :one AND b",
        "a = :null AND a IN (:null)",
        "begins_with(a, b) AND begins_with(a, :text) AND begins_with(a, :low)",
        "attribute_type(a, :SS)",
        "a = a.b AND a[0] = a[1]",
        ":one = :one",
    ],
)
def test_all_others_are_taken(expression: str) -> None:
    meaning.check_condition(read_condition(expression), GIVEN)


@pytest.mark.parametrize(
    ("projection", "how", "one", "other"),
    [
        ("m, m.a", "overlap", "[m]", "[m, a]"),
        ("x, m.a[0], y, m.a", "overlap", "[m, a, [0]]", "[m, a]"),
        ("a, #a", "overlap", "[a]", "[a]"),
        ("m[0], m.a", "conflict", "[m, [0]]", "[m, a]"),
    ],
)
def test_the_paths_of_a_projection_do_not_overlap(
    aws: Clients, table: str, projection: str, how: str, one: str, other: str
) -> None:
    names = {"ExpressionAttributeNames": {"#a": "a"}} if "#" in projection else {}
    told = refused(aws("dynamodb").scan, TableName=table, ProjectionExpression=projection, **names)
    assert told[2] == (
        f"Invalid ProjectionExpression: Two document paths {how} with each other; must remove or rewrite one "
        f"of these paths; path one: {one}, path two: {other}"
    )


TOKENS = (
    *"()=,.[]'é-",
    *["AND", "OR", "NOT", "IN", "BETWEEN", "a", "b", "#a", ":v", "<>", "0", "size", "contains"],
)


@given(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=12))
def test_of_any_text_it_is_said_what_is_wrong_or_nothing(tokens: list[str]) -> None:
    for read in (read_condition, read_projection):
        with contextlib.suppress(WrongError):
            read(" ".join(tokens))
            assert tokens[-1] not in ("=", "AND", "OR", "NOT", "(", "[", ",", "."), "it lacks its end"


ASKED = {
    "KeyConditionExpression": "Id = :i",
    "ExpressionAttributeValues": {":i": {"S": "1"}},
}
IN_CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("scan", "FilterExpression", {}),
    ("query", "KeyConditionExpression", {}),
    ("query", "FilterExpression", ASKED),
    ("query", "ProjectionExpression", ASKED),
    ("get_item", "ProjectionExpression", {"Key": {"Id": {"S": "1"}}}),
    ("put_item", "ConditionExpression", {"Item": {"Id": {"S": "1"}}}),
    ("update_item", "ConditionExpression", {"Key": {"Id": {"S": "1"}}, "UpdateExpression": "REMOVE a"}),
    ("delete_item", "ConditionExpression", {"Key": {"Id": {"S": "1"}}}),
]


@pytest.mark.parametrize(("call", "kind", "arguments"), IN_CALLS)
def test_each_call_refuses_each_of_its_expressions_and_changes_nothing(
    aws: Clients, table: str, call: str, kind: str, arguments: dict[str, Any]
) -> None:
    client = aws("dynamodb")
    client.put_item(TableName=table, Item={"Id": {"S": "1"}, "a": {"S": "x"}})
    told = refused(getattr(client, call), TableName=table, **{**arguments, kind: "a b"})
    assert told == (400, "ValidationException", f"Invalid {kind}: {SYNTAX.format('b', 'a b')}")
    assert client.scan(TableName=table)["Items"] == [{"Id": {"S": "1"}, "a": {"S": "x"}}]


def test_so_do_transactions_and_batches(aws: Clients, table: str) -> None:
    client, key = aws("dynamodb"), {"Id": {"S": "1"}}
    put = {"TableName": table, "Item": key, "ConditionExpression": "attribute_exist(Id)"}
    told = refused(client.transact_write_items, TransactItems=[{"Put": put}])
    assert told[2] == "Invalid ConditionExpression: Invalid function name; function: attribute_exist"
    get = {"TableName": table, "Key": key, "ProjectionExpression": "a b"}
    wrong = f"Invalid ProjectionExpression: {SYNTAX.format('b', 'a b')}"
    assert refused(client.transact_get_items, TransactItems=[{"Get": get}])[2] == wrong
    reads = {table: {"Keys": [key], "ProjectionExpression": "a b"}}
    assert refused(client.batch_get_item, RequestItems=reads)[2] == wrong
    assert client.scan(TableName=table)["Count"] == 0
