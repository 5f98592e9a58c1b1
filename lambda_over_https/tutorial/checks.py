"""The checks of step 3.7: six operations, each over all three ways, on an item that is removed again."""

import json
import secrets
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.events import Note
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.request import as_text, request_event, shortened
from lambda_over_https.tutorial.ways import WAYS, Reply, Way, sent, way

SETTLE = 60
"""Seconds in which a new stage or permission may still answer 403 or 500 while AWS spreads it."""

SETTLES: Mapping[str, int] = {Kind.STAGE: SETTLE, Kind.PERMISSION: SETTLE, Kind.USAGE_PLAN_KEY: 150}
"""The same by what is new: AWS takes up to two minutes to let a new API key in."""

UNSETTLED = frozenset({403, 500})

FORBIDDEN, FIREWALL_SAYS = 403, "Forbidden"
HELD_BACK = "The firewall counts the requests of a minute, and there were too many"
FIREWALL_WINDOW = 60
"""Seconds in which a firewall counts the requests of an address."""

FIREWALL_PACE = 5.0
"""Seconds between two requests to a firewall that holds us back: it counts what it refuses, too."""

FIREWALL_PATIENCE = FIREWALL_WINDOW + 30.0
"""Seconds. AWS estimates the rate, and takes a while to notice that it is below the limit again."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: an operation (``name``) sent one way (``via``); the ``request`` and the ``body`` it got."""

    name: str
    via: str
    ok: bool
    status: int
    latency_ms: float
    detail: str
    request: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation to try: its payload for an item id, and what a right answer is.

    ``asks`` is the operation that the event names, where that is not the ``name`` of the check.
    """

    name: str
    payload: Callable[[str], dict[str, Any]]
    right: Callable[[Any, str], bool]
    asks: str = ""

    def event(self, table: str, item_id: str) -> dict[str, Any]:
        """The function's event."""
        return request_event(self.asks or self.name, table, self.payload(item_id))

    def accepts(self, reply: Reply, item_id: str) -> bool:
        """Whether the reply is a success, and its body what the operation answers for this item."""
        return reply.ok and is_right(self, item_id, reply.body)


def _item(item_id: str, number: int = 5) -> dict[str, Any]:
    return {"Id": item_id, "name": "Bob", "number": number, "price": 1.5}


def _update(item_id: str) -> dict[str, Any]:
    return {
        "Key": {"Id": item_id},
        "UpdateExpression": "SET #number = :number",
        "ExpressionAttributeNames": {"#number": "number"},
        "ExpressionAttributeValues": {":number": 6},
        "ReturnValues": "ALL_NEW",
    }


def _is_an_answer(answer: Any) -> bool:
    """Whether it is an object, and not Lambda's document of a function that failed."""
    return isinstance(answer, dict) and "errorMessage" not in answer


def _listed(answer: Any, item_id: str) -> bool:
    return any(item.get("Id") == item_id for item in answer["Items"]) or "LastEvaluatedKey" in answer


ECHO_PAYLOAD = {"somekey1": "somevalue1", "somekey2": "somevalue2"}
ECHO = Operation("echo", lambda _: dict(ECHO_PAYLOAD), lambda answer, _: answer == ECHO_PAYLOAD)
DELETE = Operation(
    "delete",
    lambda item: {"Key": {"Id": item}, "ReturnValues": "ALL_OLD"},  # only who deletes it can tell what it was
    lambda answer, item: answer.get("Attributes") == _item(item, 6),
)
OPERATIONS = (
    ECHO,
    Operation("create", lambda item: {"Item": _item(item)}, lambda answer, _: _is_an_answer(answer)),
    Operation(
        "read",
        lambda item: {"Key": {"Id": item}, "ConsistentRead": True},
        lambda answer, item: answer.get("Item") == _item(item),
    ),
    Operation("update", _update, lambda answer, item: answer.get("Attributes") == _item(item, 6)),
    Operation("list", lambda _: {"ConsistentRead": True}, _listed),
    DELETE,
)


def run_checks(stack: Stack, operations: Sequence[Operation] = OPERATIONS) -> Iterator[Check]:
    """Make each check, one after the other, and give its result as soon as it is known."""
    for name in WAYS:
        yield from checks_by(stack, name, operations)


def checks_by(
    stack: Stack, name: str, operations: Sequence[Operation] = OPERATIONS
) -> Generator[Check, None, None]:
    """The checks of one way in; a single failed one where nothing answers at all.

    Closed before its end, it takes its item away and asks no more.
    """
    try:
        with way(stack, name) as chosen:
            yield from _checks_of(stack, chosen, operations)
    except LohError as error:
        yield Check("connect", name, False, 0, 0.0, error.message)


def _checks_of(stack: Stack, chosen: Way, operations: Sequence[Operation]) -> Iterator[Check]:
    item_id = f"verify-{secrets.token_hex(8)}"
    answered, removed, patient = chosen.name == "invoke", False, True
    try:
        for operation in operations:
            event = as_text(operation.event(stack.names.table, item_id))
            reply = _settle(stack, chosen, operation, event, answered=answered)
            if patient and is_held_back(stack, reply.status, reply.body):
                reply = _past_the_firewall(stack, chosen, event)
                patient = not is_held_back(stack, reply.status, reply.body)
            answered = True
            check = replace(_judge(operation, item_id, chosen.name, reply), request=event, body=reply.body)
            removed = operation is DELETE and check.ok
            yield check
    finally:
        if not removed:
            remove_item(stack, item_id)


def remove_item(stack: Stack, item_id: str) -> None:
    """Take an item of the checks away directly, if the table is there at all; what fails is said."""
    dynamodb = stack.cloud.dynamodb
    try:
        dynamodb.delete_item(TableName=stack.names.table, Key={"Id": {"S": item_id}})
    except dynamodb.exceptions.ClientError as error:
        why = error.response["Error"]
        if why["Code"] != "ResourceNotFoundException":
            left = f"The item {item_id} may be left in {stack.names.table}: {why['Message']}"
            stack.run.emit(Note("3.7", left))


def _settle(stack: Stack, chosen: Way, operation: Operation, event: str, *, answered: bool) -> Reply:
    """Send; and again for a while, as long as what is newly deployed or permitted does not show.

    A new stage or permission first answers 403 or 500, a changed stage what it answered before. Where it has
    ``answered``, another of API Gateway's hosts may still refuse with 403; all else is the function's own.
    """
    return stack.run.repeat_until(
        lambda: sent(stack, chosen, event),
        lambda reply: (
            not _unsettled(operation, reply, answered) or is_held_back(stack, reply.status, reply.body)
        ),
        "AWS is spreading the new stage and permission",
        _settling(stack),
    )


def _unsettled(operation: Operation, reply: Reply, answered: bool) -> bool:
    if answered:
        return reply.status == FORBIDDEN
    return not operation.accepts(reply, "") and (reply.status in UNSETTLED or reply.ok)


def is_held_back(stack: Stack, status: int, body: str) -> bool:
    """Whether it is an answer of a firewall, which the deployment has: it counts our requests too."""
    guarded = stack.record(Kind.WEB_ACL_ASSOCIATION) is not None
    return guarded and status == FORBIDDEN and FIREWALL_SAYS in body


def _past_the_firewall(stack: Stack, chosen: Way, event: str) -> Reply:
    """Send again until the firewall's window is over: what many requests have used up comes back.

    A new API key is refused in the same words, so what is new is given its time as well.
    """
    return stack.run.repeat_until(
        lambda: sent(stack, chosen, event),
        lambda reply: not is_held_back(stack, reply.status, reply.body),
        HELD_BACK,
        max(FIREWALL_PATIENCE, _settling(stack)),
        FIREWALL_WINDOW,
        lambda _: FIREWALL_PACE,
    )


def _settling(stack: Stack) -> float:
    """Seconds left in which the stage, a permission or an API key counts as new."""
    if stack.place.immediate:
        return 0.0
    records = stack.journal.state.records
    return max((record.left_of(SETTLES.get(record.kind, 0)) for record in records), default=0.0)


def _judge(operation: Operation, item_id: str, via: str, reply: Reply) -> Check:
    right = operation.accepts(reply, item_id)
    detail = "" if right else f"HTTP {reply.status}: {shortened(reply.body, 300)}"
    return Check(operation.name, via, right, reply.status, round(reply.seconds * 1000, 1), detail)


def is_right(operation: Operation, item_id: str, body: str) -> bool:
    """Whether the body of an answer is what the operation answers for this item."""
    try:
        return operation.right(json.loads(body), item_id)
    except (ValueError, KeyError, AttributeError, TypeError):
        return False


def as_json(check: Check) -> Mapping[str, Any]:
    """The check as ``verify --json`` gives it."""
    return {
        "name": check.name,
        "via": check.via,
        "ok": check.ok,
        "status": check.status,
        "latency_ms": check.latency_ms,
        "detail": check.detail,
    }
