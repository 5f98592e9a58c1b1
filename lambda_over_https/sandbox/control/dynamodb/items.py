"""DynamoDB with moto, quickly: functions call it for each of their events.

moto reads a request as a form, as a query and as JSON, and walks through the service's model for each
attribute of an answer. Together that takes as long as all the rest of such a call.
"""

import base64
import json
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.dynamodb import conditions, plain_numbers, updates
from lambda_over_https.sandbox.model.account import ACCOUNT

_ITEM_CALLS = frozenset({"PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query", "Scan"})


def patch() -> None:
    """Let DynamoDB's response class read an ``AwsCall``, and write answers that hold items as they are.

    And let moto do what AWS does: UpdateItem without any update makes the item.
    """
    from moto.dynamodb.models.dynamo_type import Item
    from moto.dynamodb.responses import DynamoHandler

    update = Item.update_with_attribute_updates
    Item.update_with_attribute_updates = lambda self, updates: update(self, updates or {})
    conditions.patch()
    plain_numbers.patch()
    updates.patch()
    DynamoHandler.dispatch = classmethod(lambda cls, call: cls()._dispatch(call))  # noqa: SLF001
    DynamoHandler.setup_class = _read
    DynamoHandler.serialized = _as_they_are(DynamoHandler.serialized)


def _read(self: Any, call: AwsCall, *_: Any) -> None:
    """Take from a call what DynamoDB's operations use; AwsError if a number in it is none."""
    from moto.core.parse import JSONParser
    from moto.core.utils import get_service_model
    from moto.iam.models import mark_account_as_visited

    self.headers, self.querystring, self.uri_match = call.request.headers, {}, {}
    self.region, self.current_account, self.access_key = call.region, ACCOUNT, call.access_key
    self.response_headers = {}
    operation = get_service_model("dynamodb").operation_model(call.operation)
    parameters = JSONParser(operation).parse({"body": call.request.body})
    self.params = plain_numbers.with_plain_numbers(parameters)
    mark_account_as_visited(ACCOUNT, call.access_key, call.service, call.region)


def _as_they_are(walk: Any) -> Any:
    def serialized(self: Any, answer: Any) -> Any:
        if self._get_action() not in _ITEM_CALLS or not isinstance(answer.result, dict):
            return walk(self, answer)
        present = {name: value for name, value in answer.result.items() if value is not None}
        present.pop("ConsumedCapacityUnits", None)  # which only moto knows
        return 200, dict(self.response_headers), json.dumps(present, default=_base64)

    return serialized


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
