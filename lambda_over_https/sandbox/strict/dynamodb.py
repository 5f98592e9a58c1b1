"""DynamoDB: table names, table states, and answers without what was not asked for."""

import re

from lambda_over_https.sandbox.calls import Call
from lambda_over_https.sandbox.control import Answer
from lambda_over_https.sandbox.model import AwsError
from lambda_over_https.sandbox.moto_state import dynamodb_backend
from lambda_over_https.sandbox.strict import constraints
from lambda_over_https.sandbox.strict.rules import Amendment, Rules

_EMPTY_KEY = (
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
    r"empty string value. Key: \1"
)
_NAME_PATTERN = "[a-zA-Z0-9_.-]+"


def _table_name(call: Call) -> None:
    name = call.parameters.get("TableName", "")
    if not 3 <= len(name) <= 255:
        message = "TableName must be at least 3 characters long and at most 255 characters long"
        raise AwsError("ValidationException", message)
    if not re.fullmatch(_NAME_PATTERN, name):
        message = (
            f"1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {_NAME_PATTERN}"
        )
        raise AwsError("ValidationException", message)


def _table_to_delete(call: Call) -> None:
    name = call.parameters.get("TableName", "").rpartition("/")[2]
    if name not in dynamodb_backend(call.region).tables:
        message = f"Requested resource not found: Table: {name} not found"
        raise AwsError("ResourceNotFoundException", message)


def _status(status: str) -> Amendment:
    def amend(_: Call, answer: Answer) -> None:
        document = answer.document
        document["TableDescription"]["TableStatus"] = status
        answer.document = document

    return amend


def _capacity(call: Call, answer: Answer) -> None:
    if (
        call.parameters.get("ReturnConsumedCapacity", "NONE") == "NONE"
        and b'"ConsumedCapacity"' in answer.body
    ):
        document = answer.document
        document.pop("ConsumedCapacity", None)
        answer.document = document


RULES = Rules(
    every=[constraints.check],
    checks={"CreateTable": [_table_name], "DeleteTable": [_table_to_delete]},
    amendments={
        "CreateTable": _status("CREATING"),
        "DeleteTable": _status("DELETING"),
        **dict.fromkeys(("PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query", "Scan"), _capacity),
    },
    wordings=[
        (
            r".+: An AttributeValue may not contain an empty string\. Key: (.+)",
            "ValidationException",
            _EMPTY_KEY,
            400,
        ),
    ],
)
