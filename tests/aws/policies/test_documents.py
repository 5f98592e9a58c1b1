"""What a policy document grants, whatever its form."""

from typing import Any

import pytest

from lambda_over_https.aws.policies.documents import execution_policy, grants

TABLE, GROUP = "arn:aws:dynamodb:::table/T", "arn:aws:logs:::log-group:G"
OURS = execution_policy(TABLE, GROUP)


def _with(**changes: Any) -> Any:
    """Our document, with the first statement changed."""
    first, second = OURS["Statement"]
    return {**OURS, "Statement": [{**first, **changes}, second]}


def test_order_sids_and_lists_of_one_make_no_difference() -> None:
    first, second = OURS["Statement"]
    turned = {**first, "Sid": "Other", "Action": list(reversed(first["Action"])), "Resource": [TABLE]}
    apart = [{**second, "Action": each} for each in second["Action"]]
    assert grants({"Version": "2012-10-17", "Statement": [*apart, turned]}) == grants(OURS)


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "Deny"},
        {"Resource": "*"},
        {"Action": ["dynamodb:*"]},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"NotAction": ["iam:*"]},
        {"NotResource": ["arn:aws:s3:::bucket"]},
    ],
)
def test_what_allows_something_else_differs(changes: dict[str, Any]) -> None:
    assert grants(_with(**changes)) != grants(OURS)
