"""The statements of a function's resource-based policy: who may invoke it."""

import json
from typing import Any

from lambda_over_https.aws.errors.explanations import explained


def statement_ids(client: Any, function: str) -> frozenset[str]:
    """The ids of the statements, none if there is no such function. LohError if they cannot be read."""
    with explained():
        try:
            policy = client.get_policy(FunctionName=function)["Policy"]
        except client.exceptions.ResourceNotFoundException:
            return frozenset()
    return frozenset(each["Sid"] for each in json.loads(policy)["Statement"])
