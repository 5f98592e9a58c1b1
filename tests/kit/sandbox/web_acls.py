"""Parts of web ACLs, as CreateWebACL takes them."""

from typing import Any


def visible(name: str, *, sampled: bool = True) -> dict[str, Any]:
    """A VisibilityConfig."""
    return {"SampledRequestsEnabled": sampled, "CloudWatchMetricsEnabled": False, "MetricName": name}


def rule(
    statement: dict[str, Any], action: str = "Block", priority: int = 0, **members: Any
) -> dict[str, Any]:
    name = f"rule{priority}"
    whole = {"Name": name, "Priority": priority, "Statement": statement, "Action": {action: {}}}
    return {**whole, "VisibilityConfig": visible(name), **members}


def rate(limit: int = 10, window: int = 60, **members: Any) -> dict[str, Any]:
    whole = {"Limit": limit, "EvaluationWindowSec": window, "AggregateKeyType": "IP"}
    return {"RateBasedStatement": {**whole, **members}}


def size(comparison: str, wanted: int, field: dict[str, Any] | None = None, *kinds: str) -> dict[str, Any]:
    steps = [{"Priority": number, "Type": kind} for number, kind in enumerate(kinds or ("NONE",))]
    body = {"Body": {"OversizeHandling": "CONTINUE"}}
    members = {"ComparisonOperator": comparison, "Size": wanted, "TextTransformations": steps}
    return {"SizeConstraintStatement": {"FieldToMatch": field or body, **members}}
