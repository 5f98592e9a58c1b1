"""May API Gateway invoke this function for this method? The function's resource policy answers.

Source: Lambda developer guide, "Working with resource-based IAM policies in Lambda".
"""

from collections.abc import Iterable, Mapping
from typing import Any

from lambda_over_https.sandbox.iam.policy import AccessRequest, decide

_SERVICE = "apigateway.amazonaws.com"


def may_invoke(
    statements: Iterable[Mapping[str, Any]], function_arn: str, source_arn: str, source_account: str
) -> bool:
    """Tell whether the policy lets API Gateway invoke ``function_arn`` on behalf of ``source_arn``.

    ``source_arn`` is ``arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/VERB/path``.
    """
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_account}
    request = AccessRequest("lambda:InvokeFunction", [function_arn], context)
    concerned = [each for each in statements if _names_api_gateway(each.get("Principal"))]
    return decide([{"Statement": concerned}], request) == "allowed"


def _names_api_gateway(principal: object) -> bool:
    if not isinstance(principal, Mapping):
        return principal == "*"
    return _contains(principal.get("Service"), _SERVICE) or _contains(principal.get("AWS"), "*")


def _contains(names: object, wanted: str) -> bool:
    return wanted in names if isinstance(names, list | tuple) else names == wanted
