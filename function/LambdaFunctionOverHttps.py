"""A DynamoDB table over HTTPS: create, read, update, delete and list items; echo and ping to try it.

The event is ``{"operation": "...", "tableName": "...", "payload": {...}}``. README.md beside this file lists
events and answers; LambdaFunctionOverHttps.js does the same in JavaScript.
"""

import base64
import logging
import os
from decimal import Decimal

import boto3
from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError, ParamValidationError

# Made once for each environment, for all of its requests. This client takes and returns plain Python values;
# boto3.client("dynamodb") needs {"S": "Bob"} for "Bob".
dynamodb = boto3.resource("dynamodb").meta.client

EXPRESSION = {"ExpressionAttributeNames", "ReturnConsumedCapacity"}
VALUES = {"ExpressionAttributeValues", "ConditionalOperator"}
READ = EXPRESSION | {"ProjectionExpression", "AttributesToGet", "ConsistentRead"}
WRITE = EXPRESSION | VALUES | {"ConditionExpression", "Expected", "ReturnValues"}
WRITE |= {"ReturnItemCollectionMetrics", "ReturnValuesOnConditionCheckFailure"}
SCAN = READ | VALUES | {"FilterExpression", "ScanFilter", "IndexName", "Select", "Limit"}
SCAN |= {"ExclusiveStartKey", "Segment", "TotalSegments"}

# operation: the SDK's call, the argument it requires, and the others that it accepts
CALLS = {
    "create": (dynamodb.put_item, "Item", WRITE),
    "read": (dynamodb.get_item, "Key", READ),
    "update": (dynamodb.update_item, "Key", WRITE | {"UpdateExpression", "AttributeUpdates"}),
    "delete": (dynamodb.delete_item, "Key", WRITE),
    "list": (dynamodb.scan, None, SCAN),
}

CLIENT_FAULTS = {
    "ConditionalCheckFailedException",
    "ItemCollectionSizeLimitExceededException",
    "SerializationException",
    "ValidationException",
}


class BadRequestError(Exception):
    """The caller's fault: API Gateway recognizes the prefix and answers 400."""

    def __init__(self, reason):
        super().__init__(f"[BadRequest] {reason}")


class InternalError(Exception):
    """Not the caller's fault: API Gateway answers 500. The log says what happened; the answer does not."""

    def __init__(self, request_id):
        super().__init__(f"[InternalError] The function's log says more about request {request_id}")


def handler(event, context):
    """Lambda calls this once for each request, with the event; the return value is the answer."""
    try:
        return answer(event)
    except BadRequestError:
        raise
    except Exception:
        logging.exception("Not the caller's fault")
        raise InternalError(context.aws_request_id) from None


def answer(event):
    """Perform the operation that ``event`` names."""
    if not isinstance(event, dict):
        raise BadRequestError("The event must be a JSON object")
    operation, payload = event.get("operation"), exact(event.get("payload"))
    if operation == "echo":
        return payload
    if operation == "ping":
        return "pong"
    if not isinstance(operation, str) or operation not in CALLS:
        known = ", ".join([*CALLS, "echo", "ping"])
        raise BadRequestError(f'Unrecognized operation: "operation" must be one of {known}')
    return call(*CALLS[operation], table_name(event), payload, named=event.get("tableName") is not None)


def call(sdk_call, needed, allowed, table, payload, named):
    """Make the SDK call; ``named``: the event names the table, so a missing table is the caller's fault."""
    payload = {} if payload is None else payload
    if not isinstance(payload, dict):
        raise BadRequestError('"payload" must be a JSON object')
    if needed and not isinstance(payload.get(needed), dict):
        raise BadRequestError(f'"payload" must have "{needed}", a JSON object')
    for name in payload:
        # A misspelled "ConditionExpression" must not become a delete without a condition.
        if name != needed and name not in allowed:
            raise BadRequestError(f'"payload" cannot have "{name}" here')
    try:
        result = sdk_call(TableName=table, **payload)
    except ParamValidationError as error:
        raise BadRequestError(error) from None
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if code in CLIENT_FAULTS or (code == "ResourceNotFoundException" and named):
            raise BadRequestError(f"{code}: {message}") from None
        raise
    del result["ResponseMetadata"]
    return plain(result)


def table_name(event):
    """Return the table's name, from the event or else from the function's environment."""
    name = event.get("tableName")
    if name is None:
        name = os.environ.get("TABLE_NAME")
    if not isinstance(name, str) or not name:
        raise BadRequestError('"tableName" must be the name of a table')
    return name


def exact(value):
    """Check that ``value`` can be stored exactly; return it with fractions as Decimal, for boto3."""
    if isinstance(value, dict):
        return {name: exact(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [exact(inner) for inner in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    # JavaScript loses digits of a larger whole number before a handler sees it. Both languages refuse it.
    if abs(value) > 2**53 - 1 or 0 < abs(value) < 1e-130:
        raise BadRequestError(
            "A number is beyond ±9007199254740991 or nearer to 0 than 1e-130: send it as a string"
        )
    return Decimal(repr(value)) if isinstance(value, float) else value


def plain(value):
    """Return ``value`` as JSON can hold it: a set as a sorted list, bytes as base64 text."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, set):
        return sorted(plain(inner) for inner in value)
    if isinstance(value, Binary):
        return base64.b64encode(value.value).decode()
    return value
