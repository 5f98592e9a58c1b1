"""How policies name parts of a deployed API: ``arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/VERB/path``."""

import json
from typing import Any

_SHORT = "execute-api:/"


def resource_arn(region: str, account: str, api_id: str, path: str) -> str:
    """The ARN of ``path`` ("prod/POST/DynamoDBManager", or a pattern of such paths) of an API."""
    return f"arn:aws:execute-api:{region}:{account}:{api_id}/{path}"


def policy_in_full(text: str, region: str, account: str, api_id: str) -> dict[str, Any]:
    """An API's own policy with whole ARNs in place of ``execute-api:/prod/*``; {} for empty text."""
    document: dict[str, Any] = json.loads(text or "{}")

    def whole(resource: Any) -> Any:
        if isinstance(resource, list):
            return [whole(each) for each in resource]
        if not str(resource).startswith(_SHORT):
            return resource
        return resource_arn(region, account, api_id, str(resource).removeprefix(_SHORT))

    statements = document.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        for member in ("Resource", "NotResource"):
            if member in statement:
                statement[member] = whole(statement[member])
    return document
