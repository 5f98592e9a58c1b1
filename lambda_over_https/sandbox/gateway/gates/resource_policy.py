"""The resource policy of an API, as it was deployed: whom it lets in.

Once there is a policy, what no statement allows is denied. AWS's answer names who, which action and which
resource, and masks most of the account's number. Source: API Gateway developer guide, "How API Gateway
resource policies affect authorization workflow"; the answer as reported from AWS.
"""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.gateway.errors import AccessDeniedError
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest
from lambda_over_https.sandbox.iam.policies.resource_policy import decide_for_anybody

_ACTION = "execute-api:Invoke"
_SHOWN_DIGITS = 4


def check_policy(exchange: Exchange, document: Mapping[str, Any]) -> None:
    """Raise AccessDeniedError unless the policy lets the request in."""
    decision = decide_for_anybody(
        document, AccessRequest(_ACTION, [exchange.request_arn], _context(exchange))
    )
    if decision == "allowed":
        return
    account = exchange.api.account
    masked = "*" * (len(account) - _SHOWN_DIGITS) + account[-_SHOWN_DIGITS:]
    resource = exchange.request_arn.replace(account, masked)
    reason = " with an explicit deny" if decision == "denied" else ""
    raise AccessDeniedError(
        f"User: anonymous is not authorized to perform: {_ACTION} on resource: {resource}{reason}"
    )


def _context(exchange: Exchange) -> dict[str, str]:
    headers = exchange.request.headers
    context = {
        "aws:sourceip": exchange.request.client,
        "aws:securetransport": str(exchange.request.scheme == "https").lower(),
        "aws:requestedregion": exchange.api.region,
    }
    sent = {"aws:useragent": headers.get("user-agent"), "aws:referer": headers.get("referer")}
    return context | {name: value for name, value in sent.items() if value is not None}
