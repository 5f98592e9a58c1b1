"""Every call that is served, with made-up values: none is a bug of the sandbox."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from lambda_over_https.sandbox.strict.members import door
from tests.kit.sandbox.control import Clients

TAKEN_OUT = {
    *("limit", "Limit", "MaxItems", "position", "Marker", "nextToken", "NextToken", "PaginationToken"),
    *("ExclusiveStartKey", "RevisionId"),
}
"""Optional members that change which answer is asked for, not what is done."""

DEPTH = 5


def made_up(name: str, shape: Any, real: dict[str, str], depth: int = 0) -> Any:
    """A value of that shape; names of things that exist are in ``real``."""
    if name in real:
        return real[name]
    if shape.type_name == "string":
        return _text(name, shape)
    if shape.type_name == "list":
        return [made_up(name, shape.member, real, depth + 1)] if depth < DEPTH else []
    if shape.type_name == "map":
        return {"k": made_up(name, shape.value, real, depth + 1)} if depth < DEPTH else {}
    if shape.type_name == "structure":
        members = shape.members.items() if depth < DEPTH else ()
        return {m: made_up(m, s, real, depth + 1) for m, s in members if m in shape.required_members}
    plain = {"boolean": True, "blob": b"x", "timestamp": 1_700_000_000}
    return plain.get(shape.type_name, max(shape.metadata.get("min", 1), 1))


def _text(name: str, shape: Any) -> str:
    if shape.enum:
        return str(shape.enum[0])
    if name.lower().endswith("arn") or name == "Resource":
        return "arn:aws:lambda:us-east-1:123456789012:function:nothing"
    return "{}" if "Document" in name else "x" * max(shape.metadata.get("min", 1), 3)


def arguments(shape: Any, tree: Any, real: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The required members alone, then all that are served."""
    members = shape.members.items() if shape else ()
    for full in (False, True):
        yield {
            name: made_up(name, member, real)
            for name, member in members
            if name in shape.required_members or (full and name in tree and name not in TAKEN_OUT)
        }


@pytest.mark.parametrize("service", door.SERVICES)
def test_no_call_with_made_up_values_is_an_internal_failure(
    aws: Clients, service: str, function: str, table: str
) -> None:
    real = {"FunctionName": function, "TableName": table}
    client, failed = aws(service), []
    for operation, served in sorted(door.SERVICES[service].operations.items()):
        shape = client.meta.service_model.operation_model(operation).input_shape
        for names in ({}, {} if operation.startswith("Delete") else real):
            for each in arguments(shape, served.tree, names):
                try:
                    getattr(client, xform_name(operation))(**each)
                except ClientError as error:
                    if error.response["ResponseMetadata"]["HTTPStatusCode"] == 500:
                        failed.append((operation, each))
                except BotoCoreError:
                    pass  # the SDK itself refuses the values
    assert failed == []
