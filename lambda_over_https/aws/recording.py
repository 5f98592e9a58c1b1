"""Every AWS call is reported as it was, from botocore's own events, with secrets taken out.

A secret is known by its place in a call, not by its name alone: ``value`` is one in an API key, and none in a
patch. AWS's models mark most secrets with the trait ``sensitive``. A table holds those that they leave out.
Of what they mark, an exported script needs what this program itself has sent: that is kept, and nothing that
somebody else has put into the function's environment or sent to it.
"""

import io
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lambda_over_https.events import Called, current_chapter, current_step
from lambda_over_https.names import TABLE_VARIABLE
from lambda_over_https.run_context import RunContext

if TYPE_CHECKING:
    from botocore.model import Shape

HIDDEN = "<hidden>"

UNMARKED_SECRETS = frozenset(
    {
        "ApiKey.value",
        "CreateApiKeyRequest.value",
        "UsagePlanKey.value",
        "Credentials.SessionToken",
        "FunctionCodeLocation.Location",  # whoever has this URL may fetch the code
        "LayerVersionContentOutput.Location",
        # What the function was sent, answered and printed is its callers' business.
        "FilteredLogEvent.message",
        "InvocationResponse.LogResult",
        "TestInvokeMethodResponse.body",
        "TestInvokeMethodResponse.headers",
        "TestInvokeMethodResponse.log",
        "TestInvokeMethodResponse.multiValueHeaders",
    }
)
"""Secrets that the models do not mark, as ``Structure.member``."""

VARIABLES = frozenset({"Environment.Variables", "EnvironmentResponse.Variables"})
"""The function's environment: of ours the values are shown, of somebody else's variables only the names."""

EVENTS = frozenset(
    {
        "InvocationRequest.Payload",
        "TestInvokeMethodRequest.body",
        "TestInvokeMethodRequest.headers",
        "TestInvokeMethodRequest.multiValueHeaders",
    }
)
"""What a function is sent: kept where a step sends the tutorial's own event, not where a user's."""


INVOKE, ANSWERED = "Invoke", "Payload"
"""The operation whose answer is kept where it only repeats what is kept of the event, as ``echo`` does."""


class Recorder:
    """Reports each call of a client as a ``Called`` event."""

    def __init__(self, run: RunContext, service: str) -> None:
        self._run = run
        self._service = service

    def listen(self, events: Any) -> None:
        """Hear of the calls of the client that emits ``events``."""
        events.register("provide-client-params", self._begin)
        events.register("after-call", self._answered)
        events.register("after-call-error", self._failed)

    def _begin(self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        context["loh_call"] = (without_secrets(params, model.input_shape), self._run.clock())

    def _answered(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        answer = {key: value for key, value in parsed.items() if key != "ResponseMetadata"}
        told = parsed.get("ResponseMetadata", {})
        attempts, request_id = 1 + told.get("RetryAttempts", 0), told.get("RequestId", "")
        error = parsed.get("Error", {}).get("Code", "")
        kept = without_secrets(answer, model.output_shape)
        if model.name == INVOKE and (body := _repeated(context, parsed)):
            kept[ANSWERED] = body
        self._report(model.name, context, kept, error, attempts, request_id)

    def _failed(self, exception: Exception, context: dict[str, Any], event_name: str, **_: Any) -> None:
        operation = event_name.rpartition(".")[2]
        self._report(operation, context, {}, type(exception).__name__, 1)

    def _report(
        self,
        operation: str,
        context: dict[str, Any],
        answer: Mapping[str, Any],
        error: str,
        attempts: int,
        request_id: str = "",
    ) -> None:
        parameters, began = context.get("loh_call", ({}, self._run.clock()))
        seconds = self._run.clock() - began
        step = current_step.get()
        what = (step, self._service, operation, parameters, answer, error, seconds, attempts)
        self._run.emit(Called(*what, request_id, chapter=current_chapter.get()))


def _repeated(context: Mapping[str, Any], parsed: dict[str, Any]) -> bytes:
    """The answer of an Invoke if it is in the event that was kept of it: then it tells nothing new.

    It is a stream, which the caller still reads: another one takes its place.
    """
    sent, answer = context.get("loh_call", ({}, 0.0))[0].get(ANSWERED), parsed.get(ANSWERED)
    if not isinstance(sent, bytes) or answer is None:
        return b""
    body: bytes = answer.read()
    parsed[ANSWERED] = io.BytesIO(body)
    try:
        return body if json.loads(body) in json.loads(sent).values() else b""
    except (ValueError, AttributeError):
        return b""


def without_secrets(value: Any, shape: "Shape | None") -> Any:
    """A copy of a call's parameters or answer that may be kept: secrets and archives are named, not held.

    ``shape`` is the model of ``value``; None where the model does not know it (an error's code, say).
    """
    if isinstance(value, Mapping):
        return {key: _kept(each, shape, key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(each, getattr(shape, "member", None)) for each in value]
    return value if isinstance(value, str | int | float | bool | type(None) | bytes) else str(value)


def _kept(value: Any, owner: "Shape | None", key: str) -> Any:
    """What may be kept of the member ``key`` of a structure or map."""
    place = f"{owner.name}.{key}" if owner else key
    if place in VARIABLES and isinstance(value, Mapping):
        return {name: each if name == TABLE_VARIABLE else HIDDEN for name, each in value.items()}
    if place in EVENTS:
        return without_secrets(value, None) if current_step.get() else _named(value)
    shape = _below(owner, key)
    if place in UNMARKED_SECRETS or (shape is not None and shape.metadata.get("sensitive")):
        return _named(value)
    return without_secrets(value, shape)


def _named(value: Any) -> str:
    return f"<{len(value)} bytes>" if isinstance(value, bytes) else HIDDEN


def _below(owner: "Shape | None", key: str) -> "Shape | None":
    """The model of a structure's member, or of a map's values."""
    members: Mapping[str, Shape] = getattr(owner, "members", {})
    return members.get(key) or getattr(owner, "value", None)
