"""JSON of the wrong types is refused before anything else is looked at, in DynamoDB's words."""

from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from lambda_over_https.sandbox.control.aws_calls import input_shape
from lambda_over_https.sandbox.control.serialization import check, check_texts
from lambda_over_https.sandbox.model.errors import AwsError
from tests.kit.sandbox.control import careless_client, refused

KEY = {"Id": {"S": "1"}}
_BIG_NUMBER = "com.amazon.coral.value.json.numbers.TruncatingBigNumber"


@pytest.fixture
def careless(sandbox: Sandbox) -> Any:
    """A client that sends what it is given."""
    return careless_client(sandbox, "dynamodb")


@pytest.mark.parametrize(
    ("operation", "parameters", "message"),
    [
        ("GetItem", {"Key": KEY, "ConsistentRead": "x"}, "Unexpected token received from parser"),
        ("GetItem", {"Key": KEY, "ConsistentRead": 1}, "NUMBER_VALUE cannot be converted to Boolean"),
        ("GetItem", {"Key": {"Id": {"S": 1}}}, "NUMBER_VALUE cannot be converted to String"),
        ("GetItem", {"Key": {"Id": {"N": 1.5}}}, "DECIMAL_VALUE cannot be converted to String"),
        ("GetItem", {"Key": {"Id": "1"}}, "Unexpected value type in payload"),
        ("GetItem", {"Key": "1"}, "Unexpected field type"),
        ("GetItem", {"TableName": 5}, "NUMBER_VALUE cannot be converted to String"),
        (
            "GetItem",
            {"Key": []},
            (
                "Unrecognized collection type java.util.Map<java.lang.String, "
                "com.amazonaws.dynamodb.v20120810.AttributeValue>"
            ),
        ),
        ("PutItem", {"Item": {**KEY, "list": {"L": {"S": "1"}}}}, "Start of structure or map found where "),
        ("PutItem", {"Item": {**KEY, "deep": {"L": [{"BOOL": 0}]}}}, "NUMBER_VALUE cannot be converted to "),
        ("PutItem", {"Item": {**KEY, "set": {"NS": [1, 2]}}}, "NUMBER_VALUE cannot be converted to String"),
        ("PutItem", {"Item": {**KEY, "bytes": {"B": 5}}}, "only base-64-encoded strings are convertible to"),
        ("Scan", {"Limit": "x"}, "STRING_VALUE cannot be converted to Integer"),
        ("Scan", {"Limit": True}, "TRUE_VALUE cannot be converted to Integer"),
        ("Scan", {"Limit": [1]}, "Unrecognized collection type class java.lang.Integer"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(
    operation: str, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(AwsError) as caught:
        check(input_shape("dynamodb", operation), {"TableName": "t", **parameters})
    assert (caught.value.code, caught.value.status) == ("SerializationException", 400)
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize("parameters", [{"Limit": "x"}, {"ConsistentRead": "x"}, {"Select": 5}])
def test_a_client_that_checks_nothing_is_told(careless: Any, table: str, parameters: dict[str, Any]) -> None:
    status, code, _ = refused(careless.scan, TableName=table, **parameters)
    assert (status, code) == (400, "SerializationException")


@pytest.mark.parametrize(
    "parameters",
    [
        {"TableName": "t", "Limit": 5, "ExclusiveStartKey": None, "Unknown": 5},
        {"TableName": "t", "Limit": 5.0, "ConsistentRead": False},
        {"TableName": "t", "ExpressionAttributeValues": {":x": {"M": {"a": {"L": [{"NULL": True}]}}}}},
    ],
)
def test_what_fits_passes_and_so_does_what_is_null_or_unknown(parameters: dict[str, Any]) -> None:
    check(input_shape("dynamodb", "Scan"), parameters)


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [
        ({"requestParameters": {"integration.request.path.x": True}}, "java.lang.Boolean"),
        ({"requestTemplates": {"application/json": 5}}, _BIG_NUMBER),
        ({"cacheKeyParameters": ["x", 1.5]}, _BIG_NUMBER),
        ({"uri": False}, "java.lang.Boolean"),
    ],
)
def test_api_gateway_refuses_what_is_no_text(parameters: dict[str, Any], kind: str) -> None:
    """Recorded: test_integration_response_invalid_responsetemplates."""
    with pytest.raises(AwsError, match=f"class {kind} can not be converted to an String") as caught:
        check_texts(input_shape("apigateway", "PutIntegration"), parameters)
    assert caught.value.code == "SerializationException"
