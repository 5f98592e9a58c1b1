"""Functions' resource policies: one for the function, and one for each version and alias that has any.

moto keeps one policy for all of them. What the function itself allows stays there; the rest is kept with the
function's settings. Statements, codes and messages are AWS's, as recorded.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.settings import (
    LATEST,
    check_revision,
    qualified_arn,
    revise,
    revision_of,
    split_name,
    statements_of,
    target_of,
)
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function, find_role, find_user, function_arn
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError

_PRINCIPAL = re.compile(r"\*|\d{12}|[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com)")
_IDENTITY = re.compile(
    r"arn:aws:(?:iam::(?P<account>\d{12}):(?:root|(?P<kind>user|role)/.+)"
    r"|sts::\d{12}:(?:assumed-role/[^/]+/[^/]+|federated-user/.+))"
)
_CONDITIONS: Mapping[str, tuple[str, str]] = {
    "SourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "SourceArn": ("ArnLike", "AWS:SourceArn"),
}
"""Members of AddPermission that become a condition: its operator and its key."""


def check_qualifier(call: AwsCall) -> None:
    """The qualifiers in the name and beside it must be one, and the caller may not write ``$LATEST``."""
    named, beside = split_name(call.parameters["FunctionName"])[1], call.parameters.get("Qualifier")
    if named and beside and named != beside:
        raise _invalid("The derived qualifier from the function name does not match the specified qualifier.")
    if call.operation == "AddPermission" and LATEST in (named, beside):
        raise _invalid("We currently do not support adding policies for $LATEST.")


def check_principal(call: AwsCall) -> None:
    """The principal must be a service, an account, everybody, or somebody in an account.

    IAM guide, "AWS JSON policy elements: Principal": a policy with a user or role that does not exist is not
    saved. Of other accounts the sandbox does not know who is in them.
    """
    principal = call.parameters["Principal"]
    if not (_PRINCIPAL.fullmatch(principal) or _is_somebody(principal)):
        raise _invalid("The provided principal was invalid. Please check the principal and try again.")


def _is_somebody(arn: str) -> bool:
    match = _IDENTITY.fullmatch(arn)
    if match is None or match["kind"] is None or match["account"] != ACCOUNT:
        return match is not None
    return (find_role(arn) if match["kind"] == "role" else find_user(arn)) is not None


def add_permission(call: AwsCall) -> AwsResponse:
    """Answer AddPermission."""
    function, qualifier = _target(call)
    check_revision(call, function, qualifier, "GetPolicy")
    present, sid = statements_of(function, qualifier), call.parameters["StatementId"]
    if any(statement.get("Sid") == sid for statement in present):
        raise statement_exists(sid)
    statement = statement_of(call, qualified_arn(function, qualifier))
    present.append(statement)
    revise(function, qualifier)
    return AwsResponse.json(201, {"Statement": json.dumps(statement, separators=(",", ":"))})


def get_policy(call: AwsCall) -> AwsResponse:
    """Answer GetPolicy."""
    try:
        function, qualifier = target_of(call)
        present = statements_of(function, qualifier)
    except AwsError:
        present = []
    if not present:
        message = "The resource you requested does not exist."
        raise AwsError("ResourceNotFoundException", message, 404)
    policy = {"Version": "2012-10-17", "Id": "default", "Statement": present}
    told = {
        "Policy": json.dumps(policy, separators=(",", ":")),
        "RevisionId": revision_of(function, qualifier),
    }
    return AwsResponse.json(200, told)


def remove_permission(call: AwsCall) -> AwsResponse:
    """Answer RemovePermission."""
    name, _ = split_name(call.parameters["FunctionName"])
    if find_function(call.region, name) is None:
        message = f"No policy found for: {function_arn(call.region, name)}"
        raise AwsError("ResourceNotFoundException", message, 404)
    function, qualifier = _target(call)
    present, sid = statements_of(function, qualifier), call.parameters["StatementId"]
    if not present:
        message = "No policy is associated with the given resource."
        raise AwsError("ResourceNotFoundException", message, 404)
    kept = [statement for statement in present if statement.get("Sid") != sid]
    if len(kept) == len(present):
        message = f"Statement {sid} is not found in resource policy."
        raise AwsError("ResourceNotFoundException", message, 404)
    check_revision(call, function, qualifier, "GetPolicy")
    present[:] = kept
    revise(function, qualifier)
    return AwsResponse.json(204)


def _target(call: AwsCall) -> tuple[Any, str]:
    name, qualifier = split_name(call.parameters["FunctionName"], call.parameters.get("Qualifier"))
    function = find_function(call.region, name)
    alias = qualifier if qualifier and not qualifier.isdigit() and "$" not in qualifier else None
    if function is not None and alias and find_function(call.region, name, alias) is None:
        message = f"Cannot find alias arn: {function.function_arn}:{alias}"
        raise AwsError("ResourceNotFoundException", message, 404)
    return target_of(call)


def statement_exists(sid: str) -> AwsError:
    """The policy has a statement of that id already."""
    return AwsError(
        "ResourceConflictException",
        f"The statement id ({sid}) provided already exists. Please provide a new statement id, or remove "
        "the existing statement.",
        409,
    )


def statement_of(call: AwsCall, resource: str) -> dict[str, Any]:
    """The statement that the call adds to the policy of ``resource``."""
    conditions: dict[str, dict[str, str]] = {}
    for member, (operator, key) in _CONDITIONS.items():
        value = call.parameters.get(member)
        if value is not None:
            conditions.setdefault(operator, {})[key] = (
                str(value).lower() if isinstance(value, bool) else value
            )
    statement = {
        "Sid": call.parameters["StatementId"],
        "Effect": "Allow",
        "Principal": _principal(call.parameters["Principal"]),
        "Action": call.parameters["Action"],
        "Resource": resource,
    }
    return {**statement, "Condition": conditions} if conditions else statement


def _principal(named: str) -> str | dict[str, str]:
    if named == "*":
        return named
    if named.isdigit():
        return {"AWS": f"arn:aws:iam::{named}:root"}
    return {"AWS": named} if named.startswith("arn:") else {"Service": named}


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)
