"""The records of tables' streams, as DynamoDB tells them: numbered, and kept after a function got them.

moto numbers the records anew once a function has taken them, writes one for an item that was put again
unchanged and two for one that an update made, and says that all happened in one Region, in a form that AWS
no longer has. It fails at each write to a table whose stream was switched off, and never lets it be switched
on again.
"""

import base64
import datetime
import functools
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

MOST_RECORDS = 10_000
"""Of a stream. AWS keeps a day's."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its sequence number, and moto's own content of it."""

    number: int
    content: dict[str, Any]


@dataclass(slots=True)
class Records:
    """The records of one stream; ``next`` is the sequence number of the one to come."""

    next: int
    kept: deque[Record] = field(default_factory=lambda: deque(maxlen=MOST_RECORDS))

    @property
    def first(self) -> int:
        """The sequence number of the oldest record; of the one to come if there is none."""
        return self.kept[0].number if self.kept else self.next

    def add(self, content: dict[str, Any]) -> int:
        """Keep a record; its sequence number."""
        number = self.next
        self.kept.append(Record(number, content))
        self.next += 1
        return number

    def since(self, number: int) -> list[Record]:
        """The records from that number on."""
        return [each for each in self.kept if each.number >= number]


def records_of(shard: Any) -> Records:
    """The records of the stream that moto's ``shard`` is of."""
    records: Records = vars(shard).setdefault(
        "records_of_the_sandbox", Records(int(shard.starting_sequence_number))
    )
    return records


def is_enabled(table: Any) -> bool:
    """Whether moto's ``table`` has a stream that takes records."""
    return bool((table.stream_specification or {}).get("StreamEnabled"))


def told(region: str, content: dict[str, Any]) -> dict[str, Any]:
    """What moto says of a change, as DynamoDB Streams tells it: its time to the second."""
    change: dict[str, Any] = _in_text(content["dynamodb"])
    created = change.get("ApproximateCreationDateTime")
    if isinstance(created, datetime.datetime):
        change["ApproximateCreationDateTime"] = int(created.timestamp())
    named = {name: content[name] for name in ("eventID", "eventName", "eventSource")}
    return {**named, "eventVersion": "1.1", "awsRegion": region, "dynamodb": change}


def _in_text(value: Any) -> Any:
    """The value with its binary parts in base64, as JSON has them."""
    if isinstance(value, dict):
        return {name: _in_text(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_in_text(part) for part in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


_held: list[list[Callable[[], None]]] = []


@contextmanager
def held_back() -> Iterator[None]:
    """Write the records of what changes meanwhile at the end, and none if that fails."""
    changes: list[Callable[[], None]] = []
    _held.append(changes)
    try:
        yield
    finally:
        _held.pop()
    for change in changes:
        _make(change)


def _make(change: Callable[[], None]) -> None:
    """Write the record of a change, unless it is held back."""
    if _held:
        _held[-1].append(change)
    else:
        change()


def keep() -> None:
    """Have moto keep the records, and write none of what did not change."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import StreamRecord, StreamShard

    begin, add, update = StreamRecord.__init__, StreamShard.add, DynamoDBBackend.update_item
    bare = False

    def numbered(self: Any, table: Any, *arguments: Any) -> None:
        begin(self, table, *arguments)
        number = records_of(table.stream_shard).add(self.record)
        self.record["dynamodb"]["SequenceNumber"] = str(number)

    def changed(self: Any, old: Any, new: Any) -> None:
        nonlocal bare
        if not is_enabled(self.table):
            return
        if bare and old is None:  # an update makes the bare item first
            bare = False
        elif old is None or new is None or old.to_json() != new.to_json():
            _make(functools.partial(recorded, self, old, new))

    def recorded(self: Any, old: Any, new: Any) -> None:
        add(self, old, new)
        del self.items[:-MOST_RECORDS]

    def updated(self: Any, *arguments: Any, **named: Any) -> Any:
        nonlocal bare
        bare = True
        try:
            return update(self, *arguments, **named)
        finally:
            bare = False

    StreamRecord.__init__ = numbered
    StreamShard.add = changed
    DynamoDBBackend.update_item = updated
    DynamoDBBackend.update_table_streams = _switch


def _switch(_: Any, table: Any, settings: dict[str, Any]) -> None:
    """Begin a new stream, which no function reads yet, or end the one that there is."""
    if settings["StreamEnabled"]:
        table.set_stream_specification(settings)
        table.lambda_event_source_mappings = {}
    else:
        table.stream_specification = {**table.stream_specification, "StreamEnabled": False}
