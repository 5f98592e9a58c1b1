"""A function's resource policy: which services may invoke it, and on behalf of what.

Source: Lambda developer guide, "Working with resource-based IAM policies in Lambda".
"""

from collections.abc import Iterable, Mapping
from typing import Any

from lambda_over_https.sandbox.iam.policy import AccessRequest, decide


def service_may_invoke(
    service: str,
    statements: Iterable[Mapping[str, Any]],
    function_arn: str,
    source_arn: str,
    source_account: str,
) -> bool:
    """Tell whether the function's policy lets ``service`` invoke it on behalf of ``source_arn``.

    ``service`` is a service's principal, as "apigateway.amazonaws.com".
    """
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_account}
    request = AccessRequest("lambda:InvokeFunction", [function_arn], context)
    concerned = [each for each in statements if _names(each.get("Principal"), service)]
    return decide([{"Statement": concerned}], request) == "allowed"


def _names(principal: object, service: str) -> bool:
    if not isinstance(principal, Mapping):
        return principal == "*"
    return _contains(principal.get("Service"), service) or _contains(principal.get("AWS"), "*")


def _contains(names: object, wanted: str) -> bool:
    return wanted in names if isinstance(names, list | tuple) else names == wanted
