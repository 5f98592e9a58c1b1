"""BatchWriteItem with moto: all writes in the order of the requests, or none if one is refused.

moto makes all puts first, then all deletes, and a stream shows the order (recorded:
test_batch_write_items_streaming). It takes the same key in two tables for one, and leaves what it wrote
before a write that it refuses.
"""

from typing import Any

from lambda_over_https.sandbox.control.dynamodb.kept_items import all_or_nothing


def patch() -> None:
    """Let moto write batches like that."""
    from moto.dynamodb.responses import DynamoHandler

    DynamoHandler.batch_write_item = _write


def _write(handler: Any) -> Any:
    from moto.core.responses import ActionResult

    backend = handler.dynamodb_backend
    writes = [
        (backend.get_table(name), *_written(request))
        for name, requests in handler.body["RequestItems"].items()
        for request in requests
    ]
    with all_or_nothing((table, item) for table, _, item in writes):
        for table, write, item in writes:
            getattr(backend, write)(table.name, item)
    return ActionResult({"UnprocessedItems": {}})


def _written(request: Any) -> tuple[str, Any]:
    """The name of moto's method for a request, and the item or the key that it takes."""
    if "PutRequest" in request:
        return "put_item", request["PutRequest"]["Item"]
    return "delete_item", request["DeleteRequest"]["Key"]
