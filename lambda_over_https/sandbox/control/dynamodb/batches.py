"""The writes of one BatchWriteItem, in the order of its requests.

moto makes all puts first, then all deletes, and a stream shows the order. Recorded:
test_batch_write_items_streaming.
"""

from collections.abc import Callable
from typing import Any


def write_in_turn() -> None:
    """Have moto hold the writes of a batch back until it has checked all of it."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.responses import DynamoHandler

    batch = DynamoHandler.batch_write_item
    put, delete = DynamoDBBackend.put_item, DynamoDBBackend.delete_item
    held: dict[int, Callable[[], Any]] | None = None

    def held_back(write: Callable[..., Any]) -> Callable[..., Any]:
        def hold(self: Any, table: str, item: Any, *more: Any, **named: Any) -> Any:
            if held is None:
                return write(self, table, item, *more, **named)
            held[id(item)] = lambda: write(self, table, item, *more, **named)
            return None

        return hold

    def in_turn(self: Any) -> Any:
        nonlocal held
        writes: dict[int, Callable[[], Any]] = {}
        held = writes
        try:
            answer = batch(self)
        finally:
            held = None
        for requests in self.body["RequestItems"].values():
            for request in requests:
                (content,) = request.values()
                writes[id(content.get("Item") or content.get("Key"))]()
        return answer

    DynamoHandler.batch_write_item = in_turn
    DynamoDBBackend.put_item, DynamoDBBackend.delete_item = held_back(put), held_back(delete)
