"""What must be in a call and is missing is named, as AWS names it; not every SDK checks that."""

from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from lambda_over_https.sandbox.client.record import Sandbox
from lambda_over_https.sandbox.strict.members import door
from tests.kit.sandbox.control import Clients, careless_client, refused

NULL = "Value null at '{}' failed to satisfy constraint: Member must not be null"
TAGGED = {"Tags": [{"Key": "a"}]}
KEY = {"Id": {"S": "1"}}


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "place"),
    [
        ("iam", "TagRole", {"RoleName": "x", **TAGGED}, "ValidationError", "tags.1.member.value"),
        (
            "events",
            "TagResource",
            {"ResourceARN": "arn:aws:events:us-east-1:123456789012:rule/x", **TAGGED},
            "ValidationException",
            "tags.1.member.value",
        ),
        (
            "logs",
            "PutLogEvents",
            {"logGroupName": "g", "logStreamName": "s", "logEvents": [{"message": "m"}]},
            "InvalidParameterException",
            "logEvents.1.member.timestamp",
        ),
        (
            "dynamodb",
            "UpdateTimeToLive",
            {"TableName": "some", "TimeToLiveSpecification": {"AttributeName": "a"}},
            "ValidationException",
            "timeToLiveSpecification.enabled",
        ),
        (
            "dynamodb",
            "BatchGetItem",
            {"RequestItems": {"some": {"ProjectionExpression": "a"}}},
            "ValidationException",
            "requestItems.some.member.keys",
        ),
        (
            "dynamodb",
            "TransactGetItems",
            {"TransactItems": [{"Get": {"TableName": "some", "Key": KEY}}, {"Get": {"TableName": "some"}}]},
            "ValidationException",
            "transactItems.2.member.get.key",
        ),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "some"}}]},
            "ValidationException",
            "transactItems.1.member.put.item",
        ),
    ],
)
def test_it_is_named_with_the_path_to_it(
    sandbox: Sandbox, service: str, operation: str, parameters: dict[str, Any], code: str, place: str
) -> None:
    call = getattr(careless_client(sandbox, service), xform_name(operation))
    message = f"1 validation error detected: {NULL.format(place)}"
    assert refused(call, **parameters) == (400, code, message)


def test_each_that_is_missing_is_named(sandbox: Sandbox) -> None:
    items = [{"Update": {"TableName": "some"}}]
    _, _, message = refused(careless_client(sandbox, "dynamodb").transact_write_items, TransactItems=items)
    places = ("transactItems.1.member.update.key", "transactItems.1.member.update.updateExpression")
    assert message == f"2 validation errors detected: {'; '.join(NULL.format(each) for each in places)}"


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "places"),
    [
        ("dynamodb", "PutItem", {}, "ValidationException", ["tableName", "item"]),
        ("dynamodb", "GetItem", {"TableName": "some"}, "ValidationException", ["key"]),
        ("dynamodb", "UpdateItem", {"TableName": "some"}, "ValidationException", ["key"]),
        ("dynamodb", "DeleteItem", {"Key": KEY}, "ValidationException", ["tableName"]),
        ("dynamodb", "Scan", {}, "ValidationException", ["tableName"]),
        ("dynamodb", "TransactWriteItems", {}, "ValidationException", ["transactItems"]),
        ("dynamodb", "TagResource", {}, "ValidationException", ["resourceArn", "tags"]),
        ("dynamodbstreams", "GetRecords", {}, "ValidationException", ["shardIterator"]),
        ("logs", "PutLogEvents", {"logEvents": []}, "InvalidParameterException", ["logGroupName"]),
        ("logs", "StartQuery", {"startTime": 1, "endTime": 2}, "InvalidParameterException", ["queryString"]),
        ("events", "PutTargets", {"Rule": "some"}, "ValidationException", ["targets"]),
        ("events", "DeleteRule", {}, "ValidationException", ["name"]),
        ("scheduler", "CreateSchedule", {"Name": "some"}, "ValidationException", ["target"]),
    ],
)
def test_what_is_missing_in_the_call_itself_is_named_too(
    sandbox: Sandbox, service: str, operation: str, parameters: dict[str, Any], code: str, places: list[str]
) -> None:
    call = getattr(careless_client(sandbox, service), xform_name(operation))
    status, actual, message = refused(call, **parameters)
    assert (status, actual) == (400, code)
    assert all(NULL.format(each) in message for each in places)


@pytest.mark.parametrize("operation", ["CreateTable", "DescribeTable", "DeleteTable", "UpdateTimeToLive"])
def test_a_call_on_a_table_names_it(sandbox: Sandbox, operation: str) -> None:
    message = "The parameter 'TableName' is required but was not present in the request"
    call = getattr(careless_client(sandbox, "dynamodb"), xform_name(operation))
    assert refused(call) == (400, "ValidationException", message)


@pytest.mark.parametrize("service", door.SERVICES)
def test_no_call_without_parameters_is_an_internal_failure(sandbox: Sandbox, service: str) -> None:
    client, failed = careless_client(sandbox, service), []
    for operation in door.SERVICES[service].operations:
        try:
            getattr(client, xform_name(operation))()
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 500:
                failed.append(operation)
        except (BotoCoreError, KeyError, ValueError):
            pass  # the SDK itself needs the member: it is part of a path, or of an endpoint
    assert failed == []


@pytest.mark.parametrize(
    ("service", "operation", "member", "code", "message"),
    [
        ("iam", "ListRoles", "Marker", "ValidationError", "Invalid Marker."),
        ("iam", "ListPolicies", "Marker", "ValidationError", "Invalid Marker."),
        ("lambda", "ListFunctions", "Marker", "InvalidParameterValueException", "Invalid Marker specified"),
        ("apigateway", "GetApiKeys", "position", "BadRequestException", "Invalid position specified"),
    ],
)
@pytest.mark.parametrize("marker", ["x!", "é"])
def test_a_place_in_a_listing_that_no_answer_gave_is_refused(
    aws: Clients, service: str, operation: str, member: str, code: str, message: str, marker: str
) -> None:
    call = getattr(aws(service), xform_name(operation))
    assert refused(call, **{member: marker}) == (400, code, message)
