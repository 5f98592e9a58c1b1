"""The resource policy of a REST API: which documents API Gateway accepts, and how it returns them.

Source: API Gateway developer guide, "Control access to a REST API with API Gateway resource policies".
GetRestApi returns the document with its quotes escaped, as known from tools that must undo it.
"""

import json
from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.model.execute_api import policy_in_full
from lambda_over_https.sandbox.strict.apigateway.lookups import bad_request
from lambda_over_https.sandbox.strict.partitions import OTHER

LONGEST = 8192
"""The most bytes of a policy (API Gateway quotas)."""

_INVALID = "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
_EFFECTS = ("Allow", "Deny")
_EITHER = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))


def check(text: str) -> None:
    """The document must be one that API Gateway accepts. Empty text means no policy."""
    if not text:
        return
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or len(text) > LONGEST or OTHER.search(text):
        raise bad_request(_INVALID)
    statements = document.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    if not all(map(_is_statement, listed)):
        raise bad_request(_INVALID)


def _is_statement(statement: object) -> bool:
    return (
        isinstance(statement, Mapping)
        and statement.get("Effect") in _EFFECTS
        and all(any(statement.get(member) for member in members) for members in _EITHER)
        and _is_principal(statement.get("Principal", "*"))
        and isinstance(statement.get("Condition", {}), Mapping)
    )


def _is_principal(principal: object) -> bool:
    return principal == "*" or (isinstance(principal, Mapping) and set(principal) <= {"AWS", "Service"})


def described(api: Any) -> dict[str, Any]:
    """API Gateway's description of one of moto's APIs."""
    document: dict[str, Any] = api.to_dict()
    return {**document, "policy": _escaped(api)} if api.policy else document


def return_policies(call: AwsCall, response: AwsResponse) -> None:
    """Return the policies of the APIs in a response as API Gateway does."""
    document, apis = response.document, apigateway_backend(call.region).apis
    for item in document.get("item", [document]):
        if item.get("policy"):
            item["policy"] = _escaped(apis[item["id"]])
    response.document = document


def _escaped(api: Any) -> str:
    """The policy as the text of a JSON string, with its quotes escaped."""
    document = policy_in_full(api.policy, api.region_name, api.account_id, api.id)
    return json.dumps(json.dumps(document, separators=(",", ":")))[1:-1]
