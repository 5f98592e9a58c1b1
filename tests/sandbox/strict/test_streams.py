"""DynamoDB Streams, read by hand. Answers are AWS's, as recorded."""

from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, create_table, refused
from tests.kit.sandbox.schedules import Listener

WHOLE = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


@pytest.fixture
def table(aws: Clients, unique: str) -> Any:
    """A client for the table that is named ``unique``, which has a stream."""
    client = aws("dynamodb")
    create_table(client, unique, StreamSpecification=WHOLE)
    return client


@pytest.fixture
def streams(aws: Clients) -> Any:
    return aws("dynamodbstreams")


@pytest.fixture
def arn(table: Any, unique: str) -> str:
    found: str = table.describe_table(TableName=unique)["Table"]["LatestStreamArn"]
    return found


def iterator(streams: Any, arn: str, kind: str = "TRIM_HORIZON", **more: str) -> str:
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    made: str = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType=kind, **more
    )["ShardIterator"]
    return made


def names(records: list[Any]) -> list[tuple[str, str]]:
    return [(each["eventName"], each["dynamodb"]["Keys"]["Id"]["S"]) for each in records]


def test_a_batch_is_written_in_the_order_of_its_requests(
    table: Any, unique: str, streams: Any, arn: str
) -> None:
    """Recorded: test_batch_write_items_streaming."""
    old, new = {"Id": {"S": "old"}}, {"Id": {"S": "new"}}
    writes: list[Any] = [{"PutRequest": {"Item": old}}, {"PutRequest": {"Item": new}}]
    table.batch_write_item(RequestItems={unique: writes})
    writes = [{"DeleteRequest": {"Key": new}}, {"PutRequest": {"Item": {**old, "a": {"N": "1"}}}}]
    table.batch_write_item(RequestItems={unique: writes})
    records = streams.get_records(ShardIterator=iterator(streams, arn))["Records"]
    assert names(records) == [("INSERT", "old"), ("INSERT", "new"), ("REMOVE", "new"), ("MODIFY", "old")]


def test_a_batch_that_is_refused_writes_nothing(table: Any, unique: str) -> None:
    writes = [{"PutRequest": {"Item": {"Id": {"S": "1"}}}}] * 2
    assert refused(table.batch_write_item, RequestItems={unique: writes})[1] == "ValidationException"
    assert table.scan(TableName=unique)["Count"] == 0


def test_each_change_is_one_record(table: Any, unique: str, streams: Any, arn: str) -> None:
    key = {"Id": {"S": "1"}}
    for item in (key, key, {**key, "a": {"B": b"\x90"}}):
        table.put_item(TableName=unique, Item=item)
    table.update_item(
        TableName=unique,
        Key={"Id": {"S": "2"}},
        UpdateExpression="SET a = :a",
        ExpressionAttributeValues={":a": {"N": "1"}},
    )
    table.delete_item(TableName=unique, Key=key)
    records = streams.get_records(ShardIterator=iterator(streams, arn))["Records"]
    assert names(records) == [("INSERT", "1"), ("MODIFY", "1"), ("INSERT", "2"), ("REMOVE", "1")]
    assert records[1]["dynamodb"]["NewImage"] == {**key, "a": {"B": b"\x90"}}
    assert records[2]["dynamodb"]["NewImage"] == {"Id": {"S": "2"}, "a": {"N": "1"}}
    assert {(each["awsRegion"], each["eventVersion"]) for each in records} == {(REGION, "1.1")}
    assert all(each["dynamodb"]["ApproximateCreationDateTime"].microsecond == 0 for each in records)
    numbers = [int(each["dynamodb"]["SequenceNumber"]) for each in records]
    assert numbers == sorted(set(numbers))


def test_an_iterator_stands_for_a_place(table: Any, unique: str, streams: Any, arn: str) -> None:
    table.put_item(TableName=unique, Item={"Id": {"S": "1"}})
    latest = iterator(streams, arn, "LATEST")
    table.put_item(TableName=unique, Item={"Id": {"S": "2"}})
    table.put_item(TableName=unique, Item={"Id": {"S": "3"}})
    page = streams.get_records(ShardIterator=latest, Limit=1)
    rest = streams.get_records(ShardIterator=page["NextShardIterator"])
    assert (names(page["Records"]), names(rest["Records"])) == ([("INSERT", "2")], [("INSERT", "3")])
    assert page["NextShardIterator"].startswith(f"{arn}|1|")
    number = page["Records"][0]["dynamodb"]["SequenceNumber"]
    for kind, first in (("AT_SEQUENCE_NUMBER", "2"), ("AFTER_SEQUENCE_NUMBER", "3")):
        place = iterator(streams, arn, kind, SequenceNumber=number)
        assert names(streams.get_records(ShardIterator=place)["Records"])[0] == ("INSERT", first)
    assert streams.get_records(ShardIterator=rest["NextShardIterator"])["Records"] == []


def test_a_function_takes_nothing_from_other_readers(
    aws: Clients, table: Any, unique: str, streams: Any, arn: str, listener: Listener
) -> None:
    client = aws("lambda")
    client.create_event_source_mapping(
        FunctionName=listener.arn, EventSourceArn=arn, StartingPosition="TRIM_HORIZON"
    )
    for number in "12":
        table.put_item(TableName=unique, Item={"Id": {"S": number}})
    listener.events(1)
    records = streams.get_records(ShardIterator=iterator(streams, arn))["Records"]
    assert names(records) == [("INSERT", "1"), ("INSERT", "2")]


def test_streams_are_listed_and_described(table: Any, unique: str, streams: Any, arn: str) -> None:
    del table
    [listed] = streams.list_streams(TableName=unique)["Streams"]
    found = streams.describe_stream(StreamArn=arn)["StreamDescription"]
    assert listed == {"StreamArn": arn, "TableName": unique, "StreamLabel": found["StreamLabel"]}
    assert (found["StreamStatus"], found["StreamViewType"]) == ("ENABLED", "NEW_AND_OLD_IMAGES")
    [shard] = found["Shards"]
    after = streams.describe_stream(StreamArn=arn, ExclusiveStartShardId=shard["ShardId"])
    assert after["StreamDescription"]["Shards"] == []
    assert len(streams.list_streams(Limit=1)["Streams"]) == 1


def test_what_is_not_there(streams: Any, arn: str) -> None:
    missing = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/none/stream/2026-01-01T00:00:00.000"
    message = f"Requested resource not found: Stream: {missing} not found"
    found = refused(streams.describe_stream, StreamArn=missing)
    assert found == (400, "ResourceNotFoundException", message)
    shard = {"StreamArn": arn, "ShardId": "shardId-00000000000000000000-00000000"}
    found = refused(streams.get_shard_iterator, **shard, ShardIteratorType="LATEST")
    assert found[:2] == (400, "ResourceNotFoundException")
    assert refused(streams.get_records, ShardIterator=f"{arn}|1|x")[:2] == (400, "ValidationException")
    [real] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    place = {"StreamArn": arn, "ShardId": real["ShardId"], "ShardIteratorType": "AT_SEQUENCE_NUMBER"}
    assert refused(streams.get_shard_iterator, **place)[:2] == (400, "ValidationException")
