"""A table's stream is switched on and off. Messages are AWS's, as reports of calls on AWS have them."""

from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, create_table, refused
from tests.kit.sandbox.schedules import Listener

ON, OFF = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}, {"StreamEnabled": False}
INVALID = "One or more parameter values were invalid: "


@pytest.fixture
def client(aws: Clients) -> Any:
    return aws("dynamodb")


@pytest.fixture
def switched_off(client: Any, table: str) -> str:
    """The ARN of the table's stream, which has the record of item 1 and was then switched off."""
    made = client.update_table(TableName=table, StreamSpecification=ON)["TableDescription"]
    client.put_item(TableName=table, Item={"Id": {"S": "1"}})
    client.update_table(TableName=table, StreamSpecification=OFF)
    arn: str = made["LatestStreamArn"]
    return arn


def records(streams: Any, arn: str) -> Any:
    """What one GetRecords from the stream's beginning answers."""
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    begin = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    return streams.get_records(ShardIterator=streams.get_shard_iterator(**begin)["ShardIterator"])


def test_a_table_whose_stream_is_off_is_written_as_any_other(
    client: Any, table: str, switched_off: str
) -> None:
    del switched_off
    client.put_item(TableName=table, Item={"Id": {"S": "2"}})
    client.update_item(TableName=table, Key={"Id": {"S": "3"}})
    client.delete_item(TableName=table, Key={"Id": {"S": "1"}})
    batch: Any = {table: [{"PutRequest": {"Item": {"Id": {"S": "4"}}}}]}
    client.batch_write_item(RequestItems=batch)
    found = client.scan(TableName=table)["Items"]
    assert sorted(item["Id"]["S"] for item in found) == ["2", "3", "4"]


def test_a_stream_that_is_off_is_read_to_its_end(
    aws: Clients, client: Any, table: str, switched_off: str
) -> None:
    streams = aws("dynamodbstreams")
    client.put_item(TableName=table, Item={"Id": {"S": "2"}})
    told = streams.describe_stream(StreamArn=switched_off)["StreamDescription"]
    assert (told["StreamStatus"], told["StreamViewType"]) == ("DISABLED", "NEW_IMAGE")
    page = records(streams, switched_off)
    [record] = page["Records"]
    end = told["Shards"][0]["SequenceNumberRange"]["EndingSequenceNumber"]
    assert record["dynamodb"]["SequenceNumber"] == end
    assert record["dynamodb"]["NewImage"] == {"Id": {"S": "1"}}
    assert "NextShardIterator" not in page


def test_a_table_tells_no_stream_that_is_off_but_its_latest(
    client: Any, table: str, switched_off: str
) -> None:
    found = client.describe_table(TableName=table)["Table"]
    assert ("StreamSpecification" in found, found["LatestStreamArn"]) == (False, switched_off)


def test_a_stream_that_is_switched_on_again_is_another(
    aws: Clients, client: Any, table: str, switched_off: str
) -> None:
    keys = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    made = client.update_table(TableName=table, StreamSpecification=keys)["TableDescription"]
    assert made["StreamSpecification"] == keys
    assert made["LatestStreamArn"] != switched_off
    client.put_item(TableName=table, Item={"Id": {"S": "2"}, "a": {"S": "x"}})
    [record] = records(aws("dynamodbstreams"), made["LatestStreamArn"])["Records"]
    assert record["dynamodb"]["Keys"] == {"Id": {"S": "2"}}
    assert "NewImage" not in record["dynamodb"]


def test_a_function_reads_the_stream_of_its_mapping_alone(
    aws: Clients, client: Any, table: str, listener: Listener
) -> None:
    arn = client.update_table(TableName=table, StreamSpecification=ON)["TableDescription"]["LatestStreamArn"]
    mapping = {"FunctionName": listener.arn, "EventSourceArn": arn, "StartingPosition": "TRIM_HORIZON"}
    aws("lambda").create_event_source_mapping(**mapping)
    client.put_item(TableName=table, Item={"Id": {"S": "first"}})
    listener.events(1)
    for settings in (OFF, ON):
        client.update_table(TableName=table, StreamSpecification=settings)
    client.put_item(TableName=table, Item={"Id": {"S": "second"}})
    arn = client.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    aws("lambda").create_event_source_mapping(**{**mapping, "EventSourceArn": arn})
    [_, event] = listener.events(2)
    assert [each["dynamodb"]["Keys"]["Id"]["S"] for each in event["Records"]] == ["second"]
    assert {each["eventSourceARN"] for each in event["Records"]} == {arn}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"StreamEnabled": True}, "enabled, UpdateViewType is required"),
        ({**ON, "StreamEnabled": False}, "disabled, UpdateViewType should not be specified"),
    ],
)
def test_no_table_is_made_with_a_stream_that_is_not_clear(
    client: Any, unique: str, settings: Any, message: str
) -> None:
    whole = f"{INVALID}Table is being created with a stream {message}"
    told = refused(create_table, client=client, name=unique, StreamSpecification=settings)
    assert told == (400, "ValidationException", whole)


@pytest.mark.parametrize(
    ("before", "settings", "message"),
    [
        (
            None,
            {"StreamEnabled": True},
            f"{INVALID}If stream is being enabled then UpdateViewType is required",
        ),
        (
            ON,
            {**ON, "StreamEnabled": False},
            f"{INVALID}If stream is being disabled, then UpdateViewType must not be specified",
        ),
        (ON, ON, "Table already has an enabled stream: TableName: {}"),
        (None, OFF, "Table has no stream to disable: TableName: {}"),
    ],
)
def test_what_is_no_change_of_a_stream(
    client: Any, table: str, before: Any, settings: Any, message: str
) -> None:
    if before:
        client.update_table(TableName=table, StreamSpecification=before)
    told = refused(client.update_table, TableName=table, StreamSpecification=settings)
    assert told == (400, "ValidationException", message.format(table))
