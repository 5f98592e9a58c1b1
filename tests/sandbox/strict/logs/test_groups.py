"""ListLogGroups shows names by pattern, on pages far larger than those of DescribeLogGroups."""

import pytest
from botocore.exceptions import ClientError

from tests.kit.sandbox.control import Clients

COUNT = 52
"""More than a page holds if nobody asks for a size."""


@pytest.fixture
def groups(aws: Clients, unique: str) -> list[str]:
    names = [f"/aws/lambda/{unique}-{number:02}" for number in range(COUNT)]
    for name in names:
        aws("logs").create_log_group(logGroupName=name)
    return names


def test_a_thousand_come_on_one_page_and_fifty_unasked(aws: Clients, groups: list[str], unique: str) -> None:
    pattern = f"^/aws/lambda/{unique}"[:25]
    whole = aws("logs").list_log_groups(logGroupNamePattern=pattern, limit=1000)
    assert [each["logGroupName"] for each in whole["logGroups"]] == groups
    assert "nextToken" not in whole
    first = aws("logs").list_log_groups(logGroupNamePattern=pattern)
    rest = aws("logs").list_log_groups(logGroupNamePattern=pattern, nextToken=first["nextToken"])
    assert [each["logGroupName"] for page in (first, rest) for each in page["logGroups"]] == groups
    assert len(first["logGroups"]) == 50
    assert whole["logGroups"][0]["logGroupArn"].endswith(f":log-group:{groups[0]}")
    with pytest.raises(ClientError, match="1001"):
        aws("logs").list_log_groups(limit=1001)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("^/aws/lambda", True), ("lambda", True), ("^lambda", False), ("nothing|^/aws", True)],
)
def test_a_pattern_is_of_beginnings_and_parts(aws: Clients, unique: str, pattern: str, found: bool) -> None:
    name = f"/aws/lambda/{unique}"
    aws("logs").create_log_group(logGroupName=name)
    page = aws("logs").list_log_groups(logGroupNamePattern=pattern, limit=1000)
    assert (name in {each["logGroupName"] for each in page["logGroups"]}) == found
