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


def handler(event, context):
    """Lambda calls this for each request; the return value is the answer."""
    try:
        return answer(event)
    except BadRequestError:
        raise
    except Exception:
        logging.exception("Not the caller's fault")
        raise InternalError(context.aws_request_id) from None


def answer(event):
    """Do what the event asks for."""
    operation, payload = parts_of(event)
    if operation == "ping":
        return "pong"
    if operation == "echo":
        return payload
    if operation == "create":
        return ask(dynamodb.put_item, event, payload, "Item", WRITE)
    if operation == "read":
        return ask(dynamodb.get_item, event, payload, "Key", READ)
    if operation == "update":
        return ask(dynamodb.update_item, event, payload, "Key", UPDATE)
    if operation == "delete":
        return ask(dynamodb.delete_item, event, payload, "Key", WRITE)
    if operation == "list":
        return ask(dynamodb.scan, event, payload, None, SCAN)
    raise BadRequestError(UNRECOGNIZED)


def ask(call, event, payload, needs, accepts):
    """Make one call to DynamoDB, and return what it answers.

    The payload holds its arguments: the one that the call ``needs``, and any
    of those that it ``accepts``.
    """
    table = table_name(event)
    arguments = checked(payload, needs, accepts)
    try:
        result = call(TableName=table, **arguments)
    except ParamValidationError as error:
        raise BadRequestError(error) from None
    except ClientError as error:
        if not is_callers_fault(error, event):
            raise
        fault = error.response["Error"]
        raise BadRequestError(f"{fault['Code']}: {fault['Message']}") from None
    del result["ResponseMetadata"]
    return as_json(result)


# That is the whole idea. The rest is care: two kinds of errors, what a payload may hold, numbers and sets.


class BadRequestError(Exception):
    """The caller's fault: API Gateway recognizes the prefix and answers 400."""

    def __init__(self, reason):
        super().__init__(f"[BadRequest] {reason}")


class InternalError(Exception):
    """Not the caller's fault: API Gateway answers 500. The log says what happened; the answer does not."""

    def __init__(self, request_id):
        super().__init__(f"[InternalError] The function's log says more about request {request_id}")


# DynamoDB's errors that are the caller's fault.
CALLERS_FAULTS = {
    "ConditionalCheckFailedException",
    "ItemCollectionSizeLimitExceededException",
    "SerializationException",
    "ValidationException",
}


def is_callers_fault(error, event):
    """Whether the caller can correct it; a missing table only if it is the event that names it."""
    code = error.response["Error"]["Code"]
    if code == "ResourceNotFoundException":
        return event.get("tableName") is not None
    return code in CALLERS_FAULTS


UNRECOGNIZED = (
    'Unrecognized operation: "operation" must be one of create, read, update, delete, list, echo, ping'
)

# The arguments that DynamoDB's calls accept, besides the table and the one they need.
NAMES = {"ExpressionAttributeNames", "ReturnConsumedCapacity"}
VALUES = {"ExpressionAttributeValues", "ConditionalOperator"}
READ = NAMES | {"ProjectionExpression", "AttributesToGet", "ConsistentRead"}
WRITE = NAMES | VALUES | {"ConditionExpression", "Expected", "ReturnValues"}
WRITE |= {"ReturnItemCollectionMetrics", "ReturnValuesOnConditionCheckFailure"}
UPDATE = WRITE | {"UpdateExpression", "AttributeUpdates"}
SCAN = READ | VALUES | {"FilterExpression", "ScanFilter", "IndexName", "Select", "Limit"}
SCAN |= {"ExclusiveStartKey", "Segment", "TotalSegments"}


def parts_of(event):
    """Return the operation that the event names, and its payload."""
    if not isinstance(event, dict):
        raise BadRequestError("The event must be a JSON object")
    return event.get("operation"), storable(event.get("payload"))


def checked(payload, needs, accepts):
    """Return the payload as the arguments of a call, if it has what the call needs and nothing strange."""
    payload = {} if payload is None else payload
    if not isinstance(payload, dict):
        raise BadRequestError('"payload" must be a JSON object')
    if needs and not isinstance(payload.get(needs), dict):
        raise BadRequestError(f'"payload" must have "{needs}", a JSON object')
    for name in payload:
        # A misspelled "ConditionExpression" must not become a delete without a condition.
        if name != needs and name not in accepts:
            raise BadRequestError(f'"payload" cannot have "{name}" here')
    return payload


def table_name(event):
    """Return the table's name, from the event or else from the function's environment."""
    name = event.get("tableName")
    if name is None:
        name = os.environ.get("TABLE_NAME")
    if not isinstance(name, str) or not name:
        raise BadRequestError('"tableName" must be the name of a table')
    return name


def storable(value):
    """Check that ``value`` can be stored exactly; return it with fractions as Decimal, for boto3."""
    if isinstance(value, dict):
        return {name: storable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [storable(inner) for inner in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    # JavaScript loses digits of a larger whole number before a handler sees it. Both languages refuse it.
    if abs(value) > 2**53 - 1 or 0 < abs(value) < 1e-130:
        raise BadRequestError(
            "A number is beyond ±9007199254740991 or nearer to 0 than 1e-130: send it as a string"
        )
    return Decimal(repr(value)) if isinstance(value, float) else value


def as_json(value):
    """Return ``value`` as JSON can hold it: a set as a sorted list, bytes as base64 text."""
    if isinstance(value, dict):
        return {name: as_json(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    if isinstance(value, set):
        return sorted(as_json(inner) for inner in value)
    if isinstance(value, Binary):
        return base64.b64encode(value.value).decode()
    return value
