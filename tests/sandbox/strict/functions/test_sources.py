"""What else runs functions: streams of tables, and filters of log groups."""

import base64
import gzip
import json
import time
from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, Clients, create_table, refused
from tests.kit.sandbox.schedules import Listener

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


@pytest.fixture
def stream(aws: Clients, unique: str) -> str:
    """The ARN of the stream of a table that is named ``unique``."""
    client = aws("dynamodb")
    create_table(client, unique, StreamSpecification=STREAM)
    arn: str = client.describe_table(TableName=unique)["Table"]["LatestStreamArn"]
    return arn


@pytest.fixture
def mapping(aws: Clients, listener: Listener, stream: str) -> dict[str, Any]:
    """Arguments of CreateEventSourceMapping."""
    return {"FunctionName": listener.arn, "EventSourceArn": stream, "StartingPosition": "TRIM_HORIZON"}


def records(events: list[Any]) -> list[tuple[str, str]]:
    return [
        (record["eventName"], record["dynamodb"]["Keys"]["Id"]["S"])
        for event in events
        for record in event["Records"]
    ]


def test_the_records_of_a_tables_stream_run_the_function_in_their_order(
    aws: Clients, unique: str, listener: Listener, mapping: dict[str, Any], stream: str
) -> None:
    table = aws("dynamodb")
    table.put_item(TableName=unique, Item={"Id": {"S": "1"}})
    made = aws("lambda").create_event_source_mapping(**mapping)
    assert (made["State"], made["ResponseMetadata"]["HTTPStatusCode"]) == ("Creating", 202)
    table.put_item(TableName=unique, Item={"Id": {"S": "1"}, "a": {"N": "1"}})
    table.delete_item(TableName=unique, Key={"Id": {"S": "1"}})
    expected = [("INSERT", "1"), ("MODIFY", "1"), ("REMOVE", "1")]
    events = listener.events(1)
    while len(records(events)) < len(expected):
        events = listener.events(len(events) + 1)
    assert records(events) == expected
    assert {record["eventSourceARN"] for event in events for record in event["Records"]} == {stream}


def test_a_mapping_is_described_with_what_it_has_of_itself(aws: Clients, mapping: dict[str, Any]) -> None:
    """As recorded on AWS."""
    client = aws("lambda")
    at_time = {**mapping, "StartingPosition": "AT_TIMESTAMP"}
    message = f"Unsupported starting position for arn type: {mapping['EventSourceArn']}"
    found = refused(client.create_event_source_mapping, **at_time)
    assert found == (400, "InvalidParameterValueException", message)
    made = client.create_event_source_mapping(**mapping, FilterCriteria={"Filters": []})
    assert (made["MaximumRetryAttempts"], made["ParallelizationFactor"]) == (-1, 1)
    assert (made["StateTransitionReason"], made["LastProcessingResult"]) == (
        "User action",
        "No records processed",
    )
    assert "FilterCriteria" not in made
    assert client.get_event_source_mapping(UUID=made["UUID"])["TumblingWindowInSeconds"] == 0


def test_a_disabled_mapping_leaves_the_records_in_the_stream(
    aws: Clients, unique: str, listener: Listener, mapping: dict[str, Any]
) -> None:
    client, table = aws("lambda"), aws("dynamodb")
    uuid = client.create_event_source_mapping(**mapping, Enabled=False)["UUID"]
    table.put_item(TableName=unique, Item={"Id": {"S": "1"}})
    client.update_event_source_mapping(UUID=uuid, Enabled=True)
    assert records(listener.events(1)) == [("INSERT", "1")]
    assert client.delete_event_source_mapping(UUID=uuid)["State"] == "Deleting"
    table.put_item(TableName=unique, Item={"Id": {"S": "2"}})
    assert client.list_event_source_mappings(FunctionName=listener.arn)["EventSourceMappings"] == []


def test_what_makes_no_mapping(aws: Clients, mapping: dict[str, Any], stream: str) -> None:
    create = aws("lambda").create_event_source_mapping
    queue = "arn:aws:sqs:us-east-1:123456789012:queue"
    assert refused(create, **{**mapping, "EventSourceArn": queue})[0] == 501
    assert refused(create, **mapping, FilterCriteria={"Filters": [{"Pattern": "{}"}]})[0] == 501
    other = stream.replace("/stream/", "/stream/9")
    assert refused(create, **{**mapping, "EventSourceArn": other})[1] == "InvalidParameterValueException"
    assert refused(create, **{**mapping, "FunctionName": "none"})[:2] == (404, "ResourceNotFoundException")
    create(**mapping)
    assert refused(create, **mapping)[:2] == (409, "ResourceConflictException")


def test_a_subscription_filter_sends_what_matches_to_the_function(
    aws: Clients, unique: str, listener: Listener
) -> None:
    logs, group = aws("logs"), {"logGroupName": unique}
    logs.create_log_group(**group)
    logs.create_log_stream(**group, logStreamName="s")
    wanted = {**group, "filterName": "f", "filterPattern": "", "destinationArn": listener.arn}
    refusal = refused(logs.put_subscription_filter, **wanted)
    assert refusal[:2] == (400, "InvalidParameterException")
    assert refusal[2].startswith("Could not execute the lambda function.")
    aws("lambda").add_permission(
        FunctionName=listener.arn,
        StatementId="logs",
        Action="lambda:InvokeFunction",
        Principal="logs.amazonaws.com",
    )
    logs.put_subscription_filter(**wanted)
    at = {"timestamp": int(time.time() * 1000)}
    logs.put_log_events(**group, logStreamName="s", logEvents=[{**at, "message": "one"}])
    [event] = listener.events(1)
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    assert (data["logGroup"], data["subscriptionFilters"]) == (unique, ["f"])
    assert [each["message"] for each in data["logEvents"]] == ["one"]
    assert len(logs.filter_log_events(**group)["events"]) == 1


def test_a_filter_that_sends_to_kinesis_has_a_role(aws: Clients, unique: str) -> None:
    """As recorded on AWS."""
    logs = aws("logs")
    logs.create_log_group(logGroupName=unique)
    message = "destinationArn for vendor kinesis cannot be used without roleArn"
    stream = "arn:aws:kinesis:us-east-1:123456789012:stream/none"
    found = refused(
        logs.put_subscription_filter,
        logGroupName=unique,
        filterName="x",
        filterPattern="",
        destinationArn=stream,
    )
    assert found == (400, "InvalidParameterException", message)


def test_a_mapping_is_found_by_every_form_of_its_functions_name(
    aws: Clients, listener: Listener, mapping: dict[str, Any]
) -> None:
    client, name = aws("lambda"), listener.arn.rpartition(":")[2]
    made = client.create_event_source_mapping(**{**mapping, "FunctionName": name})
    for form in (name, listener.arn, f"{ACCOUNT}:function:{name}"):
        found = client.list_event_source_mappings(FunctionName=form)["EventSourceMappings"]
        assert [each["UUID"] for each in found] == [made["UUID"]]


def test_a_mapping_of_an_alias_follows_the_alias(
    aws: Clients, unique: str, listener: Listener, mapping: dict[str, Any]
) -> None:
    client = aws("lambda")
    client.publish_version(FunctionName=listener.arn)
    alias = client.create_alias(FunctionName=listener.arn, Name="live", FunctionVersion="1")["AliasArn"]
    made = client.create_event_source_mapping(**{**mapping, "FunctionName": alias})
    assert made["FunctionArn"] == alias
    assert client.get_event_source_mapping(UUID=made["UUID"])["FunctionArn"] == alias
    aws("dynamodb").put_item(TableName=unique, Item={"Id": {"S": "1"}})
    assert records(listener.events(1)) == [("INSERT", "1")]


def test_a_mapping_can_be_led_to_another_function(
    aws: Clients, unique: str, function: str, listener: Listener, mapping: dict[str, Any]
) -> None:
    client = aws("lambda")
    uuid = client.create_event_source_mapping(**{**mapping, "FunctionName": function})["UUID"]
    assert (
        client.update_event_source_mapping(UUID=uuid, FunctionName=listener.arn)["FunctionArn"]
        == listener.arn
    )
    aws("dynamodb").put_item(TableName=unique, Item={"Id": {"S": "1"}})
    assert records(listener.events(1)) == [("INSERT", "1")]


def test_a_mapping_leads_to_no_version_that_is_not_there(aws: Clients, mapping: dict[str, Any]) -> None:
    arn = f"{mapping['FunctionName']}:7"
    said = refused(aws("lambda").create_event_source_mapping, **{**mapping, "FunctionName": arn})
    assert said == (404, "ResourceNotFoundException", f"Function not found: {arn}")
