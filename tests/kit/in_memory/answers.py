"""The tutorial's function in memory, behind the three ways in; a test may let it answer wrongly."""

import io
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from lambda_over_https.aws.http import Answer
from lambda_over_https.errors import LohError

Event = dict[str, Any]
Handler = Callable[[Event], Any]


class Table:
    """Items by Id, and the function that works on them as the tutorial's does."""

    def __init__(self) -> None:
        self.items: dict[str, Any] = {}

    def handler(self, event: Event) -> Any:
        """Answer rightly."""
        operation, payload = event["operation"], event["payload"]
        if operation == "echo":
            return payload
        if operation == "create":
            self.items[payload["Item"]["Id"]] = payload["Item"]
            return {}
        if operation == "list":
            return {"Items": list(self.items.values()), "Count": len(self.items)}
        key = payload["Key"]["Id"]
        if operation == "update":
            self.items[key] = self.items[key] | {"number": payload["ExpressionAttributeValues"][":number"]}
            return {"Attributes": self.items[key]}
        if operation == "delete":
            gone = self.items.pop(key, None)
            return {"Attributes": gone} if gone and payload.get("ReturnValues") == "ALL_OLD" else {}
        return {"Item": self.items[key]} if key in self.items else {}


class Ways:
    """The cloud of a stack, as far as the checks go: three ways to ``handler``, and the table behind it.

    ``sent`` are the events that came, by way. ``statuses`` are those of the next answers over API Gateway,
    whatever the function says; ``failed`` marks Lambda's answers as those of a function that failed.
    ``firewall`` tells whether a request over HTTPS may pass.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.handler: Handler = table.handler
        self.sent: list[tuple[str, str]] = []
        self.statuses: list[int] = []
        self.failed = False
        self.firewall: Callable[[], bool] = lambda: True
        self.silent: set[str] = set()
        self.removed: list[str] = []
        self.has_table = True
        self.may_delete = True
        self.lambda_ = SimpleNamespace(invoke=self._invoke)
        self.apigateway = SimpleNamespace(test_invoke_method=self._test)
        self.http = SimpleNamespace(ask=self._ask)
        self.dynamodb = SimpleNamespace(
            delete_item=self._delete_item, exceptions=SimpleNamespace(ClientError=ClientError)
        )

    def _answer(self, way: str, event: str) -> str:
        if way in self.silent:
            raise LohError(f"No answer by {way}.")
        self.sent.append((way, json.loads(event)["operation"]))
        answer = self.handler(json.loads(event))
        return answer.decode() if isinstance(answer, bytes) else json.dumps(answer)

    def _invoke(self, **call: Any) -> dict[str, Any]:
        body = self._answer("invoke", call["Payload"].decode())
        error = {"FunctionError": "Unhandled"} if self.failed else {}
        return {"StatusCode": 200, "Payload": io.BytesIO(body.encode()), **error}

    def _test(self, **call: Any) -> dict[str, Any]:
        answer = self._answer("test-invoke-method", call["body"])
        return {"status": self._status(), "body": answer, "headers": {}, "log": ""}

    def _ask(self, _: str, __: str, ___: Any, body: bytes) -> Answer:
        if not self.firewall():
            return Answer(403, {}, b'{"message":"Forbidden"}', 0.001)
        answer = self._answer("https", body.decode())
        return Answer(self._status(), {}, answer.encode(), 0.001)

    def _status(self) -> int:
        return self.statuses.pop(0) if self.statuses else 200

    def _delete_item(self, **call: Any) -> None:
        if not self.has_table:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DeleteItem")
        if not self.may_delete:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "You may not."}}, "DeleteItem")
        key = call["Key"]["Id"]["S"]
        self.removed.append(key)
        self.table.items.pop(key, None)
