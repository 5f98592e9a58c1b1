"""The roles' policy documents, as pure functions from ARNs to dictionaries."""

import json
from typing import Any

from lambda_over_https.aws import arns

Document = dict[str, Any]

TABLE_ACTIONS = [
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
]

LOG_ACTIONS = ["logs:CreateLogStream", "logs:PutLogEvents"]


def trust_policy() -> Document:
    """Who may assume the execution role: the Lambda service."""
    return _document(
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    )


def scheduler_trust_policy(group_arn: str, account: str) -> Document:
    """Who may assume the schedule's role: EventBridge Scheduler, for the schedules of one group alone.

    The condition names the group: with the ARN of a schedule Scheduler refuses the role.
    """
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "scheduler.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account, "aws:SourceArn": group_arn}},
    }
    return _document(statement)


def invoke_policy(function_arn: str) -> Document:
    """What a schedule may do: call one function."""
    return _document({"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": function_arn})


def execution_policy(table_arn: str, log_group_arn: str) -> Document:
    """What the function may do, and no more: use its table, write to its log group.

    ``logs:CreateLogGroup`` is left out on purpose: the program creates the group itself, and a function that
    may create it could bring it back after a teardown.
    """
    return _document(
        {"Sid": "Table", "Effect": "Allow", "Action": TABLE_ACTIONS, "Resource": table_arn},
        {
            "Sid": "Logs",
            "Effect": "Allow",
            "Action": LOG_ACTIONS,
            "Resource": arns.log_streams(log_group_arn),
        },
    )


def tutorial_policy() -> Document:
    """The policy of the tutorial's own page: it allows every table and every log group of the account."""
    return _document(
        {"Sid": "Stmt1428341300017", "Effect": "Allow", "Action": TABLE_ACTIONS, "Resource": "*"},
        {
            "Sid": "",
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "*",
        },
    )


def grants(document: Any) -> frozenset[tuple[str, str, str, str]]:
    """What a document says, whatever its order and Sids: effect, action, resource and condition, each once.

    An action's case does not matter to IAM (IAM user guide, "IAM JSON policy elements: Action").
    """
    return frozenset(
        (each["Effect"], action.lower(), resource, json.dumps(each.get("Condition"), sort_keys=True))
        for each in listed(document["Statement"])
        for action in _said(each, "Action")
        for resource in _said(each, "Resource")
    )


def _said(statement: Document, member: str) -> list[str]:
    """The actions or resources of a statement; those of NotAction and NotResource are marked as such."""
    excluded = [f"all but {each}" for each in listed(statement.get(f"Not{member}", []))]
    return [*listed(statement.get(member, [])), *excluded]


def listed(value: Any) -> list[Any]:
    """The value as a list: IAM takes one string or statement in the place of a list of one."""
    return value if isinstance(value, list) else [value]


def _document(*statements: Document) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}
