"""Names of Lambda's functions in all their forms, brought to one: plain name and qualifier.

moto understands few of the forms. Lambda API reference, "FunctionName": a name, a partial ARN or an ARN, each
with or without a qualifier.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from lambda_over_https.sandbox.control.moto_state import function_arn
from lambda_over_https.sandbox.model.account import ACCOUNT, PARTITION
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web.http import Request

_FORM = re.compile(
    r"(?:arn:(?P<partition>aws[\w-]*):lambda:(?P<region>(?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(?P<account>\d{12}):)?(?:function:)?"
    r"(?P<name>[\w-]+)(?::(?P<qualifier>\$LATEST|[\w-]+))?"
)


_OF_TARGETS = frozenset({"CreateEventSourceMapping", "UpdateEventSourceMapping", "ListEventSourceMappings"})
"""The calls without a parameter ``Qualifier`` whose functions may be versions and aliases all the same.

Their functions are named by ARN: moto looks for mappings by the name with which they were made.
"""


def plain(
    request: Request, region: str, operation: str, parameters: Mapping[str, Any], *, qualified: bool
) -> tuple[Request, Mapping[str, Any]]:
    """The request and its parameters with the function's plain name; ``qualified`` if it takes a qualifier.

    AwsError if the name is of another Region or account, two qualifiers differ, or the call takes none. A
    name that is none stays as it is.
    """
    named = parameters.get("FunctionName")
    by_arn = operation in _OF_TARGETS
    match = _FORM.fullmatch(named) if isinstance(named, str) and (by_arn or ":" in named) else None
    if match is None:
        return request, parameters
    _check_place(match, region, operation)
    qualifier, beside = match["qualifier"], parameters.get("Qualifier")
    if by_arn:
        arn = function_arn(region, ":".join(part for part in (match["name"], qualifier) if part))
        return _renamed(request, str(named), arn), {**parameters, "FunctionName": arn}
    if qualifier and not qualified:
        _check_unqualified(operation, qualifier)
    elif qualifier and beside and qualifier != beside:
        raise _invalid("The derived qualifier from the function name does not match the specified qualifier.")
    found = {**parameters, "FunctionName": match["name"]}
    renamed = _renamed(request, str(named), match["name"])
    if not qualifier or beside or not qualified:
        return renamed, found
    query = "&".join(part for part in (request.query, urlencode({"Qualifier": qualifier})) if part)
    return replace(renamed, query=query), {**found, "Qualifier": qualifier}


def read_name(named: str, region: str, operation: str) -> re.Match[str] | None:
    """The parts of a function's name; None if it is none. AwsError if it is of another Region or account."""
    match = _FORM.fullmatch(named)
    if match is not None:
        _check_place(match, region, operation)
    return match


def _check_place(match: re.Match[str], region: str, operation: str) -> None:
    """The function is of this partition, Region and account.

    Recorded (test_function_arns), but for the partition and the 403's text.
    """
    if match["partition"] not in (None, PARTITION):
        raise _invalid(f'Partition "{match["partition"]}" is not valid for "{match[0]}"')
    if match["region"] not in (None, region):
        message = f"Functions from '{match['region']}' are not reachable in this region ('{region}')"
        raise AwsError("ResourceNotFoundException", message, 404)
    if match["account"] not in (None, ACCOUNT):
        raise _other_account(operation, region, match["account"], match["name"])


def _other_account(operation: str, region: str, account: str, name: str) -> AwsError:
    """What another account answers, whether it has such a function or not."""
    arn = f"arn:{PARTITION}:lambda:{region}:{account}:function:{name}"
    return AwsError(
        "AccessDeniedException",
        f"User is not authorized to perform: lambda:{operation} on resource: {arn} "
        f"because no resource-based policy allows the lambda:{operation} action",
        403,
    )


def _check_unqualified(operation: str, qualifier: str) -> None:
    """The call is for functions, not for their versions and aliases, which cannot be changed.

    The messages are as recorded (test_function_concurrency_exceptions), and as reported for
    UpdateFunctionCode (appleboy/lambda-action#6). What CreateFunction says is not known.
    """
    if operation == "CreateFunction":
        raise _invalid(f"A function begins without versions and aliases: leave out the qualifier {qualifier}")
    if operation == "PutFunctionConcurrency":
        raise _invalid(
            "This operation is permitted on Lambda functions only. Aliases and versions do not support this "
            "operation. Please specify either a function name or an unqualified function ARN."
        )
    if qualifier != "$LATEST":
        raise _invalid(
            "Current operation does not support versions other than $LATEST. Please set the version to "
            "$LATEST or do not set a version in your request."
        )


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)


def _renamed(request: Request, named: str, name: str) -> Request:
    """The request with the plain name in its path, its query or its body."""
    parts = request.path.split("/")
    path = "/".join(name if unquote(part) == named else part for part in parts)
    if path != request.path:
        return replace(request, path=path)
    pairs = parse_qsl(request.query, keep_blank_values=True)
    if ("FunctionName", named) in pairs:
        told = [(key, name if key == "FunctionName" else value) for key, value in pairs]
        return replace(request, query=urlencode(told))
    body = {**json.loads(request.body), "FunctionName": name}
    return replace(request, body=json.dumps(body).encode())
