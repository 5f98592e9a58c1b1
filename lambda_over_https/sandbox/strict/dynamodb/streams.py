"""DynamoDB Streams: the records of a table's stream, for whoever reads them by hand.

moto forgets the records that a function has got; ``stream_records`` keeps them for all readers. An iterator
names its place itself, so it needs no memory, and never expires. A stream that was switched off can be read
to its end (API reference of DynamoDB Streams, "DescribeStream": DISABLED).
"""

import base64
import json
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.dynamodb.stream_records import is_enabled, records_of, told
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.control.moto_triggers import stream_arn, table_of_stream
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict import constraints
from lambda_over_https.sandbox.strict.rules import Rules

MOST_RECORDS = 1000
"""Of one GetRecords (API reference)."""

_POSITIONED = ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER")


def list_streams(call: AwsCall) -> AwsResponse:
    """Answer ListStreams, a page of at most 100."""
    tables = dynamodb_backend(call.region).tables.values()
    wanted, after = call.parameters.get("TableName"), call.parameters.get("ExclusiveStartStreamArn") or ""
    found = sorted(
        (stream_arn(table), table)
        for table in tables
        if table.latest_stream_label and wanted in (None, table.name)
    )
    rest = [item for item in found if item[0] > after]
    page = rest[: call.parameters.get("Limit") or 100]
    streams = [
        {"StreamArn": arn, "TableName": table.name, "StreamLabel": table.latest_stream_label}
        for arn, table in page
    ]
    more = {"LastEvaluatedStreamArn": page[-1][0]} if len(page) < len(rest) else {}
    return AwsResponse.json(200, {"Streams": streams, **more})


def describe_stream(call: AwsCall) -> AwsResponse:
    """Answer DescribeStream: a stream has one shard."""
    arn = call.parameters["StreamArn"]
    table = _table(call, arn)
    shard = table.stream_shard
    skipped = call.parameters.get("ExclusiveStartShardId") == shard.id
    stream = {
        "StreamArn": arn,
        "StreamLabel": table.latest_stream_label,
        "StreamStatus": "ENABLED" if is_enabled(table) else "DISABLED",
        "StreamViewType": table.stream_specification["StreamViewType"],
        "CreationRequestDateTime": shard.created_on.timestamp(),
        "TableName": table.name,
        "KeySchema": table.schema,
        "Shards": [] if skipped else [_shard(table)],
    }
    return AwsResponse.json(200, {"StreamDescription": stream})


def get_shard_iterator(call: AwsCall) -> AwsResponse:
    """Answer GetShardIterator."""
    arn, kind = call.parameters["StreamArn"], call.parameters["ShardIteratorType"]
    table = _table(call, arn)
    if call.parameters["ShardId"] != table.stream_shard.id:
        message = f"Requested resource not found: Shard does not exist in stream: {arn}"
        raise AwsError("ResourceNotFoundException", message)
    said = call.parameters.get("SequenceNumber")
    if (kind in _POSITIONED) is (said is None):
        raise AwsError("ValidationException", f"SequenceNumber must be given for {' and '.join(_POSITIONED)}")
    records = records_of(table.stream_shard)
    place = {"TRIM_HORIZON": records.first, "LATEST": records.next}.get(kind)
    if place is None:
        place = int(str(said)) + (kind == "AFTER_SEQUENCE_NUMBER")
    return AwsResponse.json(200, {"ShardIterator": _iterator(arn, place)})


def get_records(call: AwsCall) -> AwsResponse:
    """Answer GetRecords."""
    arn, place = _place(call.parameters["ShardIterator"])
    table = _table(call, arn)
    kept = records_of(table.stream_shard)
    limit = min(call.parameters.get("Limit") or MOST_RECORDS, MOST_RECORDS)
    found = kept.since(place)[:limit]
    following = found[-1].number + 1 if found else place
    ended = following >= kept.next and not is_enabled(table)
    records = [told(call.region, each.content) for each in found]
    more = {} if ended else {"NextShardIterator": _iterator(arn, following)}
    return AwsResponse.json(200, {"Records": records, **more})


def _shard(table: Any) -> dict[str, Any]:
    """The table's one shard, which has an end once its stream is switched off."""
    shard: dict[str, Any] = table.stream_shard.to_json()
    if is_enabled(table):
        return shard
    end = {"EndingSequenceNumber": str(records_of(table.stream_shard).next - 1)}
    return {**shard, "SequenceNumberRange": {**shard["SequenceNumberRange"], **end}}


def _table(call: AwsCall, arn: str) -> Any:
    table = table_of_stream(call.region, arn)
    if table is None:
        message = f"Requested resource not found: Stream: {arn} not found"
        raise AwsError("ResourceNotFoundException", message)
    return table


def _iterator(arn: str, place: int) -> str:
    return f"{arn}|1|{base64.b64encode(json.dumps(place).encode()).decode()}"


def _place(iterator: str) -> tuple[str, int]:
    """The stream and the number of the first record that the iterator stands for."""
    arn, _, rest = iterator.partition("|")
    try:
        return arn, int(base64.b64decode(rest.partition("|")[2], validate=True))
    except ValueError:
        raise AwsError("ValidationException", "Invalid ShardIterator") from None


RULES = Rules(
    every=[constraints.check],
    answers={
        "DescribeStream": describe_stream,
        "GetRecords": get_records,
        "GetShardIterator": get_shard_iterator,
        "ListStreams": list_streams,
    },
)
