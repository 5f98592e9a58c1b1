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

from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web.http import Request

_FORM = re.compile(
    r"(?:arn:aws[\w-]*:lambda:(?P<region>(?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(?P<account>\d{12}):)?(?:function:)?"
    r"(?P<name>[\w-]+)(?::(?P<qualifier>\$LATEST|[\w-]+))?"
)


def plain(
    request: Request, region: str, parameters: Mapping[str, Any], *, qualified: bool
) -> tuple[Request, Mapping[str, Any]]:
    """The request and its parameters with the function's plain name; ``qualified`` if it takes a qualifier.

    AwsError if the name is of another Region, or two qualifiers differ. A name that is none stays as it is.
    """
    named = parameters.get("FunctionName")
    match = _FORM.fullmatch(named) if isinstance(named, str) and ":" in named else None
    if match is None or match["account"] not in (None, ACCOUNT):
        return request, parameters
    if match["region"] not in (None, region):
        message = f"Functions from '{match['region']}' are not reachable in this region ('{region}')"
        raise AwsError("ResourceNotFoundException", message, 404)
    qualifier, beside = match["qualifier"], parameters.get("Qualifier")
    if qualifier and not qualified:
        return request, parameters
    if qualifier and beside and qualifier != beside:
        message = "The derived qualifier from the function name does not match the specified qualifier."
        raise AwsError("InvalidParameterValueException", message)
    found = {**parameters, "FunctionName": match["name"]}
    renamed = _renamed(request, str(named), match["name"])
    if not qualifier or beside:
        return renamed, found
    query = "&".join(part for part in (request.query, urlencode({"Qualifier": qualifier})) if part)
    return replace(renamed, query=query), {**found, "Qualifier": qualifier}


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
