"""Tables as calls name them: a name that can be one, and a table that is there."""

import re

from lambda_over_https.sandbox.control.aws_calls import AwsCall, input_shape
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import matching, unsatisfied, unsatisfied_null
from lambda_over_https.sandbox.strict.dynamodb.items.calls import ON_ITEMS, invalid

_NAME_PATTERN = "[a-zA-Z0-9_.-]+"


def check_given(call: AwsCall) -> None:
    """A call on a table names it; of a call on items AWS tells this as of any other member."""
    if call.operation in ON_ITEMS or call.parameters.get("TableName") is not None:
        return
    shape = input_shape(call.service, call.operation)
    if shape is not None and "TableName" in shape.required_members:
        raise invalid("The parameter 'TableName' is required but was not present in the request")


def check_new(call: AwsCall) -> None:
    """A new table has a name that can be one, definitions and keys."""
    name = call.parameters["TableName"]
    if not 3 <= len(name) <= 255:
        raise invalid("TableName must be at least 3 characters long and at most 255 characters long")
    if not re.fullmatch(_NAME_PATTERN, name):
        raise invalid(unsatisfied(name, "tableName", matching(_NAME_PATTERN)))
    for member in ("attributeDefinitions", "keySchema"):
        if call.parameters.get(member[0].upper() + member[1:]) is None:
            raise invalid(unsatisfied_null(member))


def check_known(call: AwsCall) -> None:
    """There is such a table."""
    name = call.parameters["TableName"].rpartition("/")[2]
    if name not in dynamodb_backend(call.region).tables:
        message = f"Requested resource not found: Table: {name} not found"
        raise AwsError("ResourceNotFoundException", message)


def check_tagged(call: AwsCall) -> None:
    """There is a table with such an ARN. The words as users report them, and the tests of dynalite."""
    arn = call.parameters["ResourceArn"]
    name = arn.removeprefix(f"arn:aws:dynamodb:{call.region}:{ACCOUNT}:table/")
    if name == arn or "/" in name:
        raise invalid(f"Invalid TableArn: Invalid ResourceArn provided as input {arn}")
    if name not in dynamodb_backend(call.region).tables:
        which = "" if call.operation == "UntagResource" else f": ResourcArn: {arn} not found"  # spelled so
        raise AwsError("ResourceNotFoundException", f"Requested resource not found{which}")


def check_time_to_live(call: AwsCall) -> None:
    """The time to live is switched on where it is off, and off where it is on, for the same attribute."""
    table = dynamodb_backend(call.region).tables[call.parameters["TableName"].rpartition("/")[2]]
    wanted, active = call.parameters["TimeToLiveSpecification"], table.ttl.get("AttributeName")
    enabled = table.ttl.get("TimeToLiveStatus") == "ENABLED"
    if enabled and wanted["AttributeName"] != active:
        raise invalid(f"TimeToLive is active on a different AttributeName: current AttributeName is {active}")
    if bool(wanted["Enabled"]) is enabled:
        raise invalid(f"TimeToLive is already {'enabled' if enabled else 'disabled'}")
