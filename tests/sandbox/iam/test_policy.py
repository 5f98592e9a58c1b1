"""IAM's policy language, as its documentation words it."""

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.sandbox.iam.policies.policy import AccessRequest, decide, matches, matches_arn, trusts
from tests.kit.sandbox.control import ACCOUNT, trust_policy

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/LambdaTable"


def document(**statement: Any) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", **statement}],
    }


def ask(*policies: dict[str, Any], action: str = "dynamodb:PutItem", **context: Any) -> str:
    """The decision, which is the same for documents that are read and for their texts."""
    keys = {key.replace("__", ":").lower(): value for key, value in context.items()}
    request = AccessRequest(action, [TABLE], keys)
    decision = decide(policies, request)
    assert decide([json.dumps(each) for each in policies], request) == decision
    return decision


def test_nothing_is_allowed_without_a_statement() -> None:
    assert ask() == "not allowed"


def test_an_explicit_deny_wins() -> None:
    assert ask(document(), document(Effect="Deny", Action="dynamodb:Put*")) == "denied"


@pytest.mark.parametrize(
    ("actions", "allowed"),
    [
        ("dynamodb:PutItem", True),
        ("DYNAMODB:putitem", True),
        ("dynamodb:*", True),
        ("dynamodb:P?tItem", True),
        (["dynamodb:GetItem", "dynamodb:PutItem"], True),
        ("dynamodb:GetItem", False),
        ("dynamodb:PutItemX", False),
        ("*Put", False),
    ],
)
def test_actions_match_without_regard_to_case(actions: Any, allowed: bool) -> None:
    assert (ask(document(Action=actions)) == "allowed") is allowed


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        (TABLE, True),
        ("arn:aws:dynamodb:*:*:table/Lambda*", True),
        (TABLE.lower(), False),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/Other", False),
    ],
)
def test_resources_match_with_their_case(resource: str, allowed: bool) -> None:
    assert (ask(document(Resource=resource)) == "allowed") is allowed


def test_the_negated_members() -> None:
    only_reads = {"Effect": "Deny", "NotAction": "dynamodb:Get*", "Resource": "*"}
    assert ask({"Statement": [only_reads]}) == "denied"
    assert ask({"Statement": [only_reads]}, action="dynamodb:GetItem") == "not allowed"
    elsewhere = {"Effect": "Allow", "Action": "*", "NotResource": TABLE}
    assert ask({"Statement": elsewhere}) == "not allowed"


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
        ({"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}, True),
        ({"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}, False),
        ({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}, False),
        ({"StringLike": {"aws:RequestedRegion": "us-*"}}, True),
        ({"StringEqualsIgnoreCase": {"aws:RequestedRegion": "US-EAST-1"}}, True),
        ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
        ({"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, False),
        ({"Null": {"aws:Missing": "true"}}, True),
        ({"Null": {"aws:SourceIp": "true"}}, False),
        ({"StringEquals": {"aws:Missing": "x"}}, False),
        ({"StringEqualsIfExists": {"aws:Missing": "x"}}, True),
        ({"StringEqualsIfExists": {"aws:RequestedRegion": "us-east-1"}}, True),
        ({"StringEqualsIfExists": {"aws:RequestedRegion": "eu-west-1"}}, False),
        ({"NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}, True),
        ({"IpAddress": {"aws:SourceIp": "127.0.0.9/8"}}, True),
        ({"IpAddress": {"aws:SourceIp": "127.0.0.1"}}, True),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"IpAddress": {"aws:SourceIp": "nowhere"}}, False),
        ({"IpAddress": {"aws:RequestedRegion": "127.0.0.0/8"}}, False),
        ({"StringNotEquals": {"aws:Missing": "x"}}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b", "c"]}}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}, False),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}, True),
        (
            {"StringEquals": {"aws:RequestedRegion": "us-east-1"}, "Bool": {"aws:SecureTransport": "true"}},
            False,
        ),
        ({"Nonsense": {"aws:SourceIp": "127.0.0.1"}}, False),
        ({"StringNotNotEquals": {"aws:RequestedRegion": "eu-west-1"}}, False),
    ],
)
def test_conditions(condition: dict[str, Any], allowed: bool) -> None:
    context: dict[str, Any] = {
        "aws__RequestedRegion": "us-east-1",
        "aws__SourceIp": "127.0.0.1",
        "aws__SecureTransport": "false",
        "aws__TagKeys": ["a", "b"],
    }
    assert (ask(document(Condition=condition), **context) == "allowed") is allowed


@pytest.mark.parametrize(
    ("operator", "allowed"),
    [
        ("NumericEquals", ["10", "10.0"]),
        ("NumericNotEquals", ["9", "11", "100", "-20"]),
        ("NumericLessThan", ["9", "-20"]),
        ("NumericLessThanEquals", ["9", "-20", "10", "10.0"]),
        ("NumericGreaterThan", ["11", "100"]),
        ("NumericGreaterThanEquals", ["11", "100", "10", "10.0"]),
    ],
)
@pytest.mark.parametrize("value", ["9", "10", "10.0", "11", "100", "-20"])
def test_numbers_are_compared_as_numbers(operator: str, allowed: list[str], value: str) -> None:
    decision = ask(document(Condition={operator: {"some:limit": "10"}}), some__limit=value)
    assert (decision == "allowed") is (value in allowed)


@pytest.mark.parametrize(
    "operator",
    [
        "NumericEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
    ],
)
@pytest.mark.parametrize(("value", "limit"), [("many", "10"), ("10", "many"), ("many", "many"), ("", "10")])
def test_what_is_no_number_is_neither_equal_nor_less_nor_more(operator: str, value: str, limit: str) -> None:
    assert ask(document(Condition={operator: {"some:limit": limit}}), some__limit=value) == "not allowed"


NOON = ["2026-11-27T12:00:00Z", "2026-11-27t12:00:00.000z", "2026-11-27T13:00+01:00", "1795780800"]
"""One moment, in forms that a policy may use."""


@pytest.mark.parametrize(
    ("operator", "before", "then", "after"),
    [
        ("DateEquals", False, True, False),
        ("DateNotEquals", True, False, True),
        ("DateLessThan", True, False, False),
        ("DateLessThanEquals", True, True, False),
        ("DateGreaterThan", False, False, True),
        ("DateGreaterThanEquals", False, True, True),
    ],
)
@pytest.mark.parametrize("noon", NOON)
def test_dates_are_compared_as_moments(
    operator: str, noon: str, *, before: bool, then: bool, after: bool
) -> None:
    allowed = document(Condition={operator: {"some:time": noon}})
    earlier = ["2026-11", "2026-11-27", "2026-11-27T11:59:59", "1795780799"]
    later = ["2026-12", "2026-11-28", "2026-11-27T12:00:00.001Z", "1795780801"]
    known = [(earlier, before), (NOON, then), (later, after)]
    for moment, expected in [(each, expected) for moments, expected in known for each in moments]:
        assert (ask(allowed, some__time=moment) == "allowed") is expected, moment


@pytest.mark.parametrize("operator", ["DateEquals", "DateLessThan", "DateGreaterThan", "DateLessThanEquals"])
@pytest.mark.parametrize(
    ("value", "limit"), [("noon", NOON[0]), (NOON[0], "noon"), ("noon", "noon"), ("", NOON[0])]
)
def test_what_is_no_date_is_neither_equal_nor_before_nor_after(operator: str, value: str, limit: str) -> None:
    assert ask(document(Condition={operator: {"some:time": limit}}), some__time=value) == "not allowed"


@pytest.mark.parametrize("broken", [{}, {"Version": "2012-10-17"}, {"Statement": []}])
def test_a_document_without_statements_allows_nothing(broken: dict[str, Any]) -> None:
    assert ask(broken) == "not allowed"


def test_a_document_that_cannot_be_read_allows_nothing() -> None:
    assert decide(["{", '{"Statement": 1}'], AccessRequest("a:b", ["*"])) == "not allowed"


def test_wildcards_are_the_only_special_characters() -> None:
    assert matches("a.b[c]*", "a.b[c]d")
    assert not matches("a.b", "axb")


API = "arn:aws:execute-api:us-east-1:123456789012:abc/prod/POST/DynamoDBManager"


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        (API, True),
        ("arn:aws:execute-api:us-east-1:123456789012:abc/*", True),
        ("arn:aws:execute-api:*:*:abc/*/POST/*", True),
        ("arn:aws:execute-api:us-east-?:123456789012:*", True),
        ("*", True),
        ("arn:aws:execute-api:*", False),
        ("arn:*:abc/prod/POST/DynamoDBManager", False),
        ("arn:aws:execute-api:us-east-1:*", False),
        ("arn:aws:execute-api:*:abc/*/POST/DynamoDBManager:*", False),
        (API.lower(), False),
    ],
)
@pytest.mark.parametrize("operator", ["ArnLike", "ArnEquals"])
def test_wildcards_do_not_reach_across_the_parts_of_an_arn(
    operator: str, pattern: str, matching: bool
) -> None:
    condition = {operator: {"aws:SourceArn": pattern}}
    assert (ask(document(Condition=condition), aws__SourceArn=API) == "allowed") is matching
    assert ask(document(Condition={"StringLike": {"aws:SourceArn": "arn:*:abc/*"}}), aws__SourceArn=API) == (
        "allowed"
    )


def test_the_last_part_of_an_arn_may_hold_colons() -> None:
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:log-stream:s"
    assert matches_arn("arn:aws:logs:*:123456789012:log-group:*", arn)
    assert not matches_arn("arn:aws:logs:*:log-group:*", arn)


def test_a_trust_policy_names_who_may_assume_the_role() -> None:
    assert trusts(trust_policy("lambda.amazonaws.com"), "lambda.amazonaws.com")
    assert not trusts(trust_policy("ec2.amazonaws.com"), "lambda.amazonaws.com")
    assert not trusts("", "lambda.amazonaws.com")


LAMBDA = "lambda.amazonaws.com"


def trust(effect: str, principal: Any, action: str = "sts:AssumeRole") -> dict[str, Any]:
    """A statement of a trust policy."""
    return {"Effect": effect, "Principal": principal, "Action": action}


@pytest.mark.parametrize(
    ("statements", "trusted"),
    [
        ([trust("Allow", {"Service": LAMBDA})], True),
        ([trust("Allow", {"Service": LAMBDA}), trust("Deny", {"Service": LAMBDA})], False),
        ([trust("Deny", {"Service": LAMBDA}), trust("Allow", {"Service": LAMBDA})], False),
        ([trust("Deny", {"Service": LAMBDA})], False),
        ([trust("Allow", {"Service": LAMBDA}), trust("Deny", {"Service": "ec2.amazonaws.com"})], True),
        ([trust("Allow", {"Service": LAMBDA}), trust("Deny", {"AWS": LAMBDA})], True),
        ([trust("Allow", {"Service": LAMBDA}), trust("Deny", {"Service": LAMBDA}, "sts:TagSession")], True),
        ([trust("Allow", {"Service": LAMBDA}, "sts:TagSession")], False),
        ([trust("Allow", {"Service": ["ec2.amazonaws.com", LAMBDA]})], True),
        ([trust("Allow", {"AWS": LAMBDA})], False),
        ([trust("Allow", "nonsense")], False),
    ],
)
def test_a_role_is_trusted_to_whom_it_is_allowed_and_not_denied(
    statements: list[dict[str, Any]], trusted: bool
) -> None:
    assert trusts({"Statement": statements}, LAMBDA) is trusted


@pytest.mark.parametrize(("account", "trusted"), [(ACCOUNT, True), ("999999999999", False)])
def test_a_trust_policy_can_ask_for_whom_the_service_acts(account: str, trusted: bool) -> None:
    condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    document = {"Statement": {**trust("Allow", {"Service": LAMBDA}), "Condition": condition}}
    assert trusts(document, LAMBDA, context={"aws:sourceaccount": account}) is trusted
    assert not trusts(document, LAMBDA)


@pytest.mark.parametrize(("until", "trusted"), [("2100-01-01", True), ("2020-01-01", False)])
def test_a_trust_policy_can_end_at_a_date(until: str, trusted: bool) -> None:
    condition = {"DateLessThan": {"aws:CurrentTime": until}}
    document = {"Statement": {**trust("Allow", {"Service": LAMBDA}), "Condition": condition}}
    assert trusts(document, LAMBDA) is trusted


@pytest.mark.parametrize(
    ("operator", "values", "allowed"),
    [
        ("ForAllValues:StringEquals", ["a"], True),
        ("ForAllValues:StringEquals", ["a", "c"], False),
        ("ForAllValues:StringEquals", None, True),
        ("ForAnyValue:StringEquals", ["c", "b"], True),
        ("ForAnyValue:StringEquals", ["c"], False),
        ("ForAnyValue:StringEquals", None, False),
        ("ForAnyValue:StringNotEquals", ["a", "c"], True),
        ("ForAnyValue:StringNotEquals", ["a"], False),
        ("ForAnyValue:StringNotEquals", None, False),
        ("ForAnyValue:StringEqualsIfExists", None, True),
        ("ForAllValues:StringNotEquals", None, True),
        ("ForAllValues:StringNotEquals", ["a", "c"], False),
        ("StringNotEquals", None, True),
        ("ArnNotLike", None, True),
        ("NotIpAddress", None, True),
        ("StringEquals", None, False),
    ],
)
def test_operators_on_sets_and_missing_keys(operator: str, values: list[str] | None, allowed: bool) -> None:
    """IAM guide, "Set operators for multi-valued context keys" and "Condition operators"."""
    context: dict[str, Any] = {} if values is None else {"some__key": values}
    decision = ask(document(Condition={operator: {"some:key": ["a", "b"]}}), **context)
    assert decision == ("allowed" if allowed else "not allowed")


OWN = "arn:aws:dynamodb:us-east-1:123456789012:table/${aws:username}"


@pytest.mark.parametrize(
    ("resource", "context", "decision"),
    [
        (OWN, {"aws__username": "LambdaTable"}, "allowed"),
        (OWN, {"aws__username": "Lambda"}, "not allowed"),
        (OWN.replace("}", "}*"), {"aws__username": "Lambda"}, "allowed"),
        (OWN, {"aws__username": "*"}, "not allowed"),
        (OWN, {"aws__username": "Lambda????e"}, "not allowed"),
        (OWN, {}, "not allowed"),
        (OWN.replace("}", ", 'LambdaTable'}"), {}, "allowed"),
        (OWN.replace("}", ", 'LambdaTable'}"), {"aws__username": "bob"}, "not allowed"),
        (OWN.replace("${aws:username}", "Lambda${*}"), {}, "not allowed"),
    ],
)
def test_a_variable_stands_for_what_is_known_of_the_request(
    resource: str, context: dict[str, str], decision: str
) -> None:
    assert ask(document(Resource=resource), **context) == decision


def test_a_statement_whose_variable_has_no_value_counts_for_nothing_even_a_deny() -> None:
    deny = document(Effect="Deny", Condition={"StringEquals": {"aws:RequestTag/of": "${aws:username}"}})
    assert ask(document(), deny) == "allowed"
    known = {"aws__username": "alice", "aws__RequestTag/of": "alice"}
    assert ask(document(), deny, **known) == "denied"


def test_a_tag_of_the_caller_can_be_a_variable_whatever_is_in_its_key() -> None:
    resource = OWN.replace("aws:username", "aws:PrincipalTag/tool:name")
    assert ask(document(Resource=resource), **{"aws:PrincipalTag/tool:name": "LambdaTable"}) == "allowed"
    assert ask(document(Resource=resource), **{"aws:PrincipalTag/tool:name": "other"}) == "not allowed"


@pytest.mark.parametrize("version", [{"Version": "2008-10-17"}, {}])
def test_in_the_older_version_of_the_language_there_are_no_variables(version: dict[str, str]) -> None:
    """A document that names no version is of the older one."""
    old = {**version, "Statement": document(Resource=OWN)["Statement"]}
    assert ask(old, aws__username="LambdaTable") == "not allowed"


def test_what_is_escaped_is_no_wildcard() -> None:
    assert matches("a${*}b", "a*b")
    assert not matches("a${*}b", "axb")
    assert matches("${$}{x}", "${x}")
    condition = {"StringEquals": {"aws:username": "a${?}"}}
    assert ask(document(Condition=condition), aws__username="a?") == "allowed"


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("ab*b", "ab", False),
        ("ab*b", "abb", True),
        ("*a*a", "a", False),
        ("a*b*c", "aXbYbZc", True),
        ("a*?c", "ac", False),
        ("a*?c", "abc", True),
        ("***", "", True),
        ("?*?", "a", False),
        ("?*?", "ab", True),
        ("a**b", "ab", True),
        ("[a]\\d*", "[a]\\d.", True),
        ("*", "two\nlines", True),
        ("*b?d*f", "aabcdeebxdf", True),
    ],
)
def test_wildcards_stand_for_any_text(pattern: str, value: str, expected: bool) -> None:
    assert matches(pattern, value) is expected


@given(
    st.text(alphabet="ab*?.", max_size=8),
    st.text(alphabet="ab.\n", max_size=8),
)
def test_wildcards_match_as_the_naive_expression_does(pattern: str, value: str) -> None:
    naive = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    assert matches(pattern, value) is bool(re.fullmatch(naive, value, re.DOTALL))


def test_no_wildcards_take_long() -> None:
    began = time.process_time()
    assert not matches("*a" * 40 + "*b", "a" * 5000)
    assert not matches("*a?" * 40 + "*b", "a" * 5000)
    assert matches("*" * 1000 + "b", "a" * 5000 + "b")
    assert time.process_time() - began < 5, "the naive expression takes longer than the universe has"
