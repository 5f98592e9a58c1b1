"""Resource policies: which services may invoke a function, and what an API lets anybody do.

Sources: Lambda developer guide, "Working with resource-based IAM policies in Lambda"; API Gateway developer
guide, "How API Gateway resource policies affect authorization workflow".
"""

from collections.abc import Iterable, Mapping
from typing import Any

from lambda_over_https.sandbox.iam.policies.policy import AccessRequest, Decision, decide, statements, version
from lambda_over_https.sandbox.iam.policies.principals import Principal


def service_may_invoke(
    service: str,
    policy: Iterable[Mapping[str, Any]],
    function_arn: str,
    source_arn: str,
    source_account: str,
) -> bool:
    """Whether the function's policy lets ``service`` invoke it on behalf of ``source_arn``.

    ``service`` is a service principal, such as "apigateway.amazonaws.com".
    """
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_account}
    request = AccessRequest("lambda:InvokeFunction", [function_arn], context)
    concerned = [each for each in policy if _names(each.get("Principal"), service)]
    return decide([{"Statement": concerned}], request) == "allowed"


def decide_for_anybody(document: Mapping[str, Any], request: AccessRequest) -> Decision:
    """What a resource policy decides for an anonymous caller."""
    concerned = [each for each in statements(document) if _means_anybody(each)]
    return decide([{"Statement": concerned}], request)


def may(principal: Principal, policy: Iterable[Mapping[str, Any]], request: AccessRequest) -> bool:
    """Whether the caller's own policies or the resource's allow it, and neither denies it.

    Both are of one account, so either is enough (IAM guide, "Policy evaluation logic").
    """
    asked = principal.asking(request)
    said = decide_for(principal, [{"Statement": list(policy)}], request)
    if "denied" in (said, decide(principal.policies or [], asked)):
        return False
    return said == "allowed" or principal.may(request)


def decide_for(
    principal: Principal,
    documents: Iterable[str | Mapping[str, Any]],
    request: AccessRequest,
    names: Iterable[str] = (),
) -> Decision:
    """What a resource's policies decide for the caller, by the statements that name one of the ``names``.

    Without them it is by those that name the caller. A policy may name a session, or its role: then it means
    every session of the role (IAM guide, "Principal").
    """
    named = [*names] or [principal.arn, principal.keys.get("aws:principalarn", principal.arn), "*"]
    concerned = [
        {"Version": version(document), "Statement": each}
        for document in documents
        for each in statements(document)
        if any(_names_principal(each.get("Principal"), name) for name in named)
    ]
    return decide(concerned, principal.asking(request))


def _names_principal(principal: object, name: str) -> bool:
    return principal == name or (isinstance(principal, Mapping) and _contains(principal.get("AWS"), name))


def _means_anybody(statement: Mapping[str, Any]) -> bool:
    if "NotPrincipal" in statement:
        return not _is_everybody(statement["NotPrincipal"])
    return _is_everybody(statement.get("Principal"))


def _is_everybody(principal: object) -> bool:
    return principal == "*" or (isinstance(principal, Mapping) and _contains(principal.get("AWS"), "*"))


def _names(principal: object, service: str) -> bool:
    if not isinstance(principal, Mapping):
        return principal == "*"
    return _contains(principal.get("Service"), service) or _contains(principal.get("AWS"), "*")


def _contains(names: object, wanted: str) -> bool:
    return wanted in names if isinstance(names, list | tuple) else names == wanted
