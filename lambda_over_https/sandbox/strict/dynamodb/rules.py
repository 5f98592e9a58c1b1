"""DynamoDB: names, states, placeholders in expressions, and responses without what was not asked for."""

import re
from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall, input_shape
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import matching, unsatisfied, unsatisfied_null
from lambda_over_https.sandbox.strict import constraints
from lambda_over_https.sandbox.strict.dynamodb.expressions import check
from lambda_over_https.sandbox.strict.dynamodb.items import (
    batches,
    index_keys,
    limits,
    return_values,
    transactions,
    values,
)
from lambda_over_https.sandbox.strict.dynamodb.reads import queries
from lambda_over_https.sandbox.strict.dynamodb.tables import descriptions, schemas, stream_settings, updates
from lambda_over_https.sandbox.strict.rules import Rules

_EMPTY_KEY = (
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
    r"empty string value. Key: \1"
)
_NAME_PATTERN = "[a-zA-Z0-9_.-]+"
_PLACEHOLDER = re.compile(r"[#:]\w+", re.ASCII)


def _table_name(call: AwsCall) -> None:
    name = call.parameters.get("TableName", "")
    if not 3 <= len(name) <= 255:
        message = "TableName must be at least 3 characters long and at most 255 characters long"
        raise AwsError("ValidationException", message)
    if not re.fullmatch(_NAME_PATTERN, name):
        raise AwsError("ValidationException", unsatisfied(name, "tableName", matching(_NAME_PATTERN)))


def _table_is_named(call: AwsCall) -> None:
    """A call on a table names it; of a call on items AWS tells this as of any other member."""
    if call.operation in _ITEM_CALLS or call.parameters.get("TableName") is not None:
        return
    shape = input_shape(call.service, call.operation)
    if shape is not None and "TableName" in shape.required_members:
        raise limits.invalid("The parameter 'TableName' is required but was not present in the request")


def _placeholders(call: AwsCall) -> None:
    """Every placeholder in an expression must be defined. moto fails, or takes it for a name."""
    for part in check.parts_with_expressions(call):
        for kind in limits.EXPRESSIONS:
            for placeholder in _PLACEHOLDER.findall(part.get(kind) or ""):
                _check_placeholder(part, kind, placeholder)


def _check_placeholder(part: Mapping[str, Any], kind: str, placeholder: str) -> None:
    name = placeholder.startswith("#")
    if placeholder in (part.get(f"ExpressionAttribute{'Names' if name else 'Values'}") or {}):
        return
    noun, where = ("name", "the document path") if name else ("value", "expression")
    message = (
        f"Invalid {kind}: An expression attribute {noun} used in {where} is not defined; "
        f"attribute {noun}: {placeholder}"
    )
    raise AwsError("ValidationException", message)


def _key(call: AwsCall) -> None:
    _check_key(call, call.parameters.get("TableName"), call.parameters.get("Key"))


def _keys(call: AwsCall) -> None:
    for name, request in (call.parameters.get("RequestItems") or {}).items():
        for key in request.get("Keys") or ():
            _check_key(call, name, key)


def _check_key(call: AwsCall, name: str | None, key: dict[str, dict[str, object]] | None) -> None:
    """A key's attributes must have the types that the table gives them. moto just finds no item."""
    table = dynamodb_backend(call.region).tables.get((name or "").rpartition("/")[2])
    if table is None or not key:
        return
    types = {attribute["AttributeName"]: attribute["AttributeType"] for attribute in table.attr}
    if any([*value] != [types[attribute]] for attribute, value in key.items() if attribute in types):
        raise AwsError("ValidationException", "The provided key element does not match the schema")
    values.check_key(table, key)


def _named_table(call: AwsCall) -> None:
    name = call.parameters.get("TableName", "").rpartition("/")[2]
    if name not in dynamodb_backend(call.region).tables:
        message = f"Requested resource not found: Table: {name} not found"
        raise AwsError("ResourceNotFoundException", message)


def _table_schema(call: AwsCall) -> None:
    for name in ("attributeDefinitions", "keySchema"):
        if call.parameters.get(name[0].upper() + name[1:]) is None:
            raise AwsError("ValidationException", unsatisfied_null(name))


def _tagged_table(call: AwsCall) -> None:
    arn = call.parameters["ResourceArn"]
    if arn.rpartition("/")[2] not in dynamodb_backend(call.region).tables:
        message = f"Requested resource not found: ResourcArn: {arn} not found"  # AWS spells it like this
        raise AwsError("ResourceNotFoundException", message)


def _time_to_live(call: AwsCall) -> None:
    table = dynamodb_backend(call.region).tables[call.parameters["TableName"].rpartition("/")[2]]
    wanted, active = call.parameters["TimeToLiveSpecification"], table.ttl.get("AttributeName")
    enabled = table.ttl.get("TimeToLiveStatus") == "ENABLED"
    if enabled and wanted["AttributeName"] != active:
        message = f"TimeToLive is active on a different AttributeName: current AttributeName is {active}"
        raise AwsError("ValidationException", message)
    if bool(wanted["Enabled"]) is enabled:
        raise AwsError("ValidationException", f"TimeToLive is already {'enabled' if enabled else 'disabled'}")


def _unasked(call: AwsCall, response: AwsResponse) -> None:
    """Leave out what the call did not ask for."""
    unasked = [
        name
        for name in ("ConsumedCapacity", "ItemCollectionMetrics")
        if call.parameters.get(f"Return{name}", "NONE") == "NONE" and f'"{name}"'.encode() in response.body
    ]
    if unasked:
        document = response.document
        for name in unasked:
            document.pop(name, None)
        response.document = document


def _transacted(call: AwsCall, response: AwsResponse) -> None:
    _unasked(call, response)
    transactions.remember(call, response)


_ITEM_CALLS = (
    *("PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query", "Scan"),
    *("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
)


_READ = (check.check_names, check.check_grammar, _placeholders)
_EXPRESSED = (*_READ, limits.check_expressions, check.check_meaning)
_KEYED = (_key, limits.check_key)

RULES = Rules(
    every=[_table_is_named, constraints.check],
    checks={
        "CreateTable": [_table_name, _table_schema, schemas.check_table, stream_settings.check_new],
        "DeleteTable": [_named_table],
        "PutItem": [
            *_EXPRESSED,
            values.check_keys,
            values.check,
            return_values.check,
            index_keys.check_puts,
        ],
        "GetItem": [*_EXPRESSED, *_KEYED],
        "UpdateItem": [*_EXPRESSED, *_KEYED, values.check, return_values.check],
        "DeleteItem": [*_EXPRESSED, *_KEYED, values.check, return_values.check],
        "Query": [*_EXPRESSED, queries.check_query, limits.check_filter, values.check],
        "Scan": [*_EXPRESSED, queries.check_scan, values.check],
        "BatchWriteItem": [batches.check_requests, batches.check_writes, index_keys.check_puts],
        "TransactGetItems": [transactions.check_number, values.check_keys, *_EXPRESSED],
        "TransactWriteItems": [
            transactions.check_number,
            transactions.check_writes,
            values.check_keys,
            *_EXPRESSED,
            values.check,
            index_keys.check_puts,
        ],
        "UpdateTable": [_named_table, stream_settings.check_change, updates.check_change],
        "TagResource": [_tagged_table],
        "DescribeTimeToLive": [_named_table],
        "UpdateTimeToLive": [_named_table, _time_to_live],
        "BatchGetItem": [batches.check_requests, *_READ, check.check_meaning, _keys],
    },
    answers={
        "DescribeContributorInsights": descriptions.describe_insights,
        "TransactWriteItems": transactions.answered_before,
    },
    amendments={
        "CreateTable": descriptions.changed("CREATING"),
        "DeleteTable": descriptions.changed("DELETING"),
        "DescribeTable": descriptions.described,
        "DescribeTimeToLive": descriptions.described_time_to_live,
        "UpdateTable": descriptions.updated,
        **dict.fromkeys(_ITEM_CALLS, _unasked),
        "TransactWriteItems": _transacted,
    },
    wordings=[
        (
            "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST",
            "ValidationException",
            (
                "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits "
                "can be specified when BillingMode is PAY_PER_REQUEST"
            ),
            400,
        ),
        (
            (
                "1 validation error detected: "
                "(One or more parameter values.+|Invalid UpdateExpression.+|Value provided in Expression.+)"
            ),
            "ValidationException",
            r"\1",
            400,
        ),
        (
            r".*can't be deleted while DeletionProtectionEnabled is set to True",
            "ValidationException",
            (
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
                "protection first."
            ),
            400,
        ),
        (
            r".+: An AttributeValue may not contain an empty string\. Key: (.+)",
            "ValidationException",
            _EMPTY_KEY,
            400,
        ),
    ],
)
