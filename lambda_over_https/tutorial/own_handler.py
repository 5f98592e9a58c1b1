"""A handler of the user's own: what it does of what the tutorial's tests send, and what they leave out.

The tests of step 3.7 send the events of the tutorial's own function. Another function need not know them:
what it does not do is said, and then tested only for this, that its answer reaches the client.
"""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.events import Note
from lambda_over_https.names import HANDLER
from lambda_over_https.tutorial.checks import DELETE, ECHO, OPERATIONS, Operation, remove_item
from lambda_over_https.tutorial.request import as_text, shortened
from lambda_over_https.tutorial.ways import Invoke, Reply

FAILED = frozenset({400, 500, 504})
"""The statuses that the error mapping of step 3.4 gives to a function that fails."""

GATEWAYS_OWN = "Internal server error"
"""What API Gateway answers itself, where the function was not called at all."""

CANNOT_START = re.compile(r"Runtime\.(HandlerNotFound|ImportModuleError|UserCodeSyntaxError|Malformed\w*)")
"""Errors of Lambda's runtimes that no event can change: there is no function to call."""

_DEPLOYMENTS_FAULT = re.compile(
    r"An error occurred \(|AccessDenied|ResourceNotFound|\[InternalError\]|Task timed out"
)
"""Answers of a function that knows the operation, and lacks the right, the table or the time to do it."""


@dataclass(frozen=True, slots=True)
class OnlyAnswers(Operation):
    """An event of which only this is tested: the function was called, and its answer came back."""

    def accepts(self, reply: Reply, item_id: str) -> bool:
        """Take any answer of the function."""
        del item_id
        return has_answered(reply.status, reply.body)


def has_answered(status: int, body: str) -> bool:
    """Whether a function answered, also with its error; what API Gateway gives itself is no answer of it."""
    if status == 200:
        return CANNOT_START.search(body) is None
    return status in FAILED and _message(body) != GATEWAYS_OWN


def operations_for(stack: Stack) -> Sequence[Operation]:
    """What step 3.7 tests with the function of this deployment; says what it leaves out, and why."""
    if not stack.choices.source:
        return OPERATIONS
    invoke = Invoke(stack)
    echoed = invoke.send(as_text(ECHO.event(stack.names.table, "")))
    if not ECHO.accepts(echoed, ""):
        stack.run.emit(Note("3.7", what_is_left_out(echoed)))
        return (OnlyAnswers("answer", ECHO.payload, ECHO.right, ECHO.name),)
    known: list[Operation] = []
    try:
        known += (_as_known(operation, stack, invoke) for operation in OPERATIONS)
    finally:
        if DELETE not in known:  # else the handler did it, and nobody needs a right to do it besides
            remove_item(stack, PROBE)
    return tuple(known)


def _as_known(operation: Operation, stack: Stack, invoke: Invoke) -> Operation:
    """The operation; or only that it is answered, where the function says that it does not know it."""
    reply = invoke.send(as_text(operation.event(stack.names.table, PROBE)))
    if operation.accepts(reply, PROBE) or (reply.failed and _DEPLOYMENTS_FAULT.search(reply.body)):
        return operation
    said = f"Your handler does not do {operation.name} as the tutorial's does: {_said(reply)}."
    stack.run.emit(Note("3.7", f"{said} This step only tests that it answers."))
    return OnlyAnswers(operation.name, operation.payload, operation.right)


PROBE = "verify-what-the-handler-does"
"""The Id of the item that the operations are tried with; it is removed again."""


def what_is_left_out(echoed: Reply) -> str:
    """The remark on a function whose answer to the echo is another one."""
    return (
        f"Your handler does not answer echo: {_said(echoed)}. That is fine: step 3.7 will only test that it"
        " answers."
    )


def what_is_wrong(echoed: Reply) -> str:
    """The error of the tutorial's own function, which must answer the echo."""
    if echoed.failed:
        return f"The function fails: {_error(echoed.body)}"
    return f"The function answered the echo with {echoed.body}"


def check_start(reply: Reply) -> None:
    """Raise LohError if there is no function that could be called, with the rule for its name."""
    if reply.failed and CANNOT_START.search(reply.body):
        raise LohError(what_is_wrong(reply), _rule(reply.body))


def _rule(body: str) -> str:
    if "HandlerNotFound" in body or "Malformed" in body:
        function = HANDLER.rpartition(".")[2]
        return (
            f"Name the function that Lambda shall call `{function}`: in Python"
            f" `def {function}(event, context):`, in JavaScript `exports.{function} = async (event) => ...`."
            " Then repeat this command."
        )
    if "ImportModuleError" in body:
        return "The package holds your one file, beside it there is only what the runtime has: use no more."
    return "Fix its source; `loh logs` shows what it printed."


def _said(reply: Reply) -> str:
    """What the function answered, in a few words."""
    if reply.failed:
        return f"it fails with {shortened(_error(reply.body), 120)}"
    return f"it answers {shortened(reply.body, 120)}"


def _error(body: str) -> str:
    """The kind and the message in Lambda's error document; the document itself if it is none."""
    with suppress(ValueError):
        document = json.loads(body)
        if isinstance(document, dict) and "errorMessage" in document:
            kind = f"{document['errorType']}: " if document.get("errorType") else ""
            return f"{kind}{document['errorMessage']}"
    return body


def _message(body: str) -> Any:
    with suppress(ValueError):
        document = json.loads(body)
        return document.get("message") if isinstance(document, dict) else None
    return None
