"""Who may assume a role: what its trust policy says."""

from typing import Any

from lambda_over_https.aws.policies.documents import listed
from lambda_over_https.tutorial.parts.part import Standing

LAMBDA = "lambda.amazonaws.com"


def judge_trust(document: Any) -> tuple[Standing, str, tuple[str, ...]]:
    """Whether Lambda may assume the role; who else may, somebody has decided on purpose."""
    statements = listed(document["Statement"])
    for_lambda = trusting(document, LAMBDA)
    if any(each["Effect"] == "Deny" for each in for_lambda):
        return Standing.PARTIAL, "its trust policy denies Lambda to assume it", ()
    if not any("Condition" not in each for each in for_lambda):
        return Standing.PARTIAL, "its trust policy does not let Lambda assume it", ()
    others = len(statements) - len(for_lambda)
    return Standing.OURS, "", (f"its trust policy, which has {others} more",) if others else ()


def trusting(document: Any, service: str) -> list[Any]:
    """The statements of a trust policy that are about that service, or about everybody."""
    return [each for each in listed(document["Statement"]) if _names(each.get("Principal", {}), service)]


def _names(principal: Any, service: str) -> bool:
    if isinstance(principal, str):
        return principal == "*"
    return service in listed(principal.get("Service", [])) or "*" in listed(principal.get("AWS", []))
