"""UpdateItem with moto: all of an update or nothing; moto leaves the item that a failed update began."""

from typing import Any

from lambda_over_https.sandbox.control.dynamodb.kept_items import all_or_nothing


def patch() -> None:
    """Let moto update like that."""
    from moto.dynamodb.models import DynamoDBBackend

    DynamoDBBackend.update_item = _whole(DynamoDBBackend.update_item)


def _whole(update: Any) -> Any:
    def updated(self: Any, table_name: str, key: dict[str, Any], *arguments: Any, **named: Any) -> Any:
        with all_or_nothing([(self.get_table(table_name), key)]):
            return update(self, table_name, key, *arguments, **named)

    return updated
