"""ListLogGroups, which moto does not have: log groups by name, a thousand on a page.

Source: CloudWatch Logs API reference, ListLogGroups.
"""

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import logs_backend
from lambda_over_https.sandbox.strict import paging

PAGES = paging.pages(
    paging.Listing("logGroups", "logGroupName", "limit", "nextToken", "nextToken", default=50, largest=1000)
)
"""Cuts the answer down to the page that is asked for."""


def list_groups(call: AwsCall) -> AwsResponse:
    """Answer ListLogGroups with all groups whose names match."""
    pattern = call.parameters.get("logGroupNamePattern") or ""
    found = [
        {
            "logGroupName": name,
            "logGroupArn": group.arn.removesuffix(":*"),
            "logGroupClass": "STANDARD",
        }
        for name, group in logs_backend(call.region).groups.items()
        if _matches(name, pattern)
    ]
    return AwsResponse.json(200, {"logGroups": found})


def _matches(name: str, pattern: str) -> bool:
    """Whether a name has one of the texts of a pattern; after ``^``, at its beginning."""
    return any(
        name.startswith(each.removeprefix("^")) if each.startswith("^") else each in name
        for each in pattern.split("|")
    )
