"""Moto's own invocations of functions, handed to the sandbox's data plane.

moto calls a function when a table with an event source mapping changes, when a log group with a
subscription filter receives events, and when an event matches a rule. Its own function only echoes, or
needs Docker.
"""

import base64
import datetime
import gzip
import json
from collections.abc import Callable, Sequence
from typing import Any

from lambda_over_https.sandbox.control.dynamodb.stream_records import told
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend, logs_backend
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.times import zulu

Send = Callable[[str, str, bytes], object]
"""Starts an asynchronous invocation: the Region, the function's ARN, the event."""

Stream = Callable[[tuple[str, str, str], list[dict[str, Any]]], object]
"""Takes records of a stream: Region, function and stream, and the records as Lambda's event has them."""


Fire = Callable[[str, str, str, bytes], object]
"""Sends an event to a rule's target, if it may: Region, the rule's ARN, the function's ARN, the event."""


def hand_over(stream: Stream, send: Send, matches: Callable[[str, str], bool], fire: Fire) -> None:
    """Have moto call these in place of its own functions; ``matches`` tells whether a message matches."""
    from moto.awslambda.models import LambdaBackend

    def send_dynamodb_items(self: Any, function_arn: str, items: list[Any], source: str) -> bool:
        """Answer whether moto may forget the records: a disabled mapping leaves them in the stream."""
        if not any(_is_of(mapping, function_arn, source) for mapping in _mappings(self)):
            return False
        stream(
            (self.region_name, function_arn, source),
            [{**told(self.region_name, item.to_json()), "eventSourceARN": source} for item in items],
        )
        return True

    def send_log_event(self: Any, arn: str, name: str, group: str, log_stream: str, events: Any) -> None:
        pattern = logs_backend(self.region_name).groups[group].subscription_filters[name].filter_pattern
        wanted = [event for event in events if matches(pattern, event["message"])]
        if wanted:
            send(self.region_name, arn, _log_event(name, group, log_stream, wanted))

    _hand_over_rules(fire)
    LambdaBackend.send_dynamodb_items = send_dynamodb_items
    LambdaBackend.send_log_event = send_log_event


def _hand_over_rules(fire: Fire) -> None:
    from moto.events.models import Rule

    def send_to_targets(self: Any, event: Any, transform_input: bool = True) -> None:
        """Fire a rule with an event pattern; moto fires rules by schedule and disabled ones too."""
        del transform_input
        if self.state != "ENABLED" or not self.event_pattern.get_pattern():
            return
        if self.event_pattern.matches_event(event):
            for target in list(self.targets):
                payload = target.get("Input") or _rule_event(event)
                fire(self.region_name, self.arn, target["Arn"], payload.encode())

    Rule.send_to_targets = send_to_targets


def batch_size(lambda_backend: Any, function_arn: str, source: str) -> int:
    """The batch size of the enabled event source mapping; 0 if there is none."""
    found = (each for each in _mappings(lambda_backend) if _is_of(each, function_arn, source))
    return next((int(mapping.batch_size) for mapping in found), 0)


def table_of_stream(region: str, arn: str) -> Any:
    """Moto's table that has the stream; None if there is none."""
    tables = list(dynamodb_backend(region).tables.values())
    return next((table for table in tables if table.latest_stream_label and stream_arn(table) == arn), None)


def send_waiting(region: str, function_arn: str, table: Any) -> None:
    """Send the records that wait in a table's stream to the function."""
    from moto.awslambda_simple.models import lambda_simple_backends

    shard = table.stream_shard
    if shard.items and lambda_simple_backends[ACCOUNT][region].send_dynamodb_items(
        function_arn, shard.items, stream_arn(table)
    ):
        shard.items = []


def stream_arn(table: Any) -> str:
    """The ARN of the table's stream."""
    return f"{table.table_arn}/stream/{table.latest_stream_label}"


def _mappings(backend: Any) -> list[Any]:
    return [mapping for mapping in list(backend._event_source_mappings.values()) if mapping.enabled]  # noqa: SLF001


def _is_of(mapping: Any, function_arn: str, source: str) -> bool:
    return (mapping.function_arn, mapping.event_source_arn) == (function_arn, source)


def _rule_event(event: Any) -> str:
    """The event as EventBridge sends it: with its time as text (EventBridge guide, "Event structure")."""
    sent = {name: value for name, value in event.items() if name != "ingestion-time"}
    if isinstance(sent.get("time"), int | float):
        sent["time"] = zulu(datetime.datetime.fromtimestamp(sent["time"], datetime.UTC))
    return json.dumps({**sent, "version": "0"})


def _log_event(filter_name: str, group: str, stream: str, events: Sequence[Any]) -> bytes:
    """The event of a subscription filter: its data are compressed (Logs guide, "Subscription filters")."""
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": ACCOUNT,
        "logGroup": group,
        "logStream": stream,
        "subscriptionFilters": [filter_name],
        "logEvents": [{**event, "id": str(event["id"])} for event in events],
    }
    packed = base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()
    return json.dumps({"awslogs": {"data": packed}}).encode()
