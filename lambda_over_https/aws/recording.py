"""Every AWS call is reported as it was, from botocore's own events, with secrets taken out."""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.events import Called, current_step
from lambda_over_https.run_context import RunContext

SECRET_PARAMETERS = frozenset({"ZipFile", "SecretAccessKey", "SessionToken", "Location", "value"})


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

    def _begin(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["loh_call"] = (without_secrets(params), self._run.clock())

    def _answered(self, parsed: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        answer = {key: value for key, value in parsed.items() if key != "ResponseMetadata"}
        attempts = 1 + parsed.get("ResponseMetadata", {}).get("RetryAttempts", 0)
        error = parsed.get("Error", {}).get("Code", "")
        self._report(model.name, context, without_secrets(answer), error, attempts)

    def _failed(self, exception: Exception, context: dict[str, Any], event_name: str, **_: Any) -> None:
        operation = event_name.rpartition(".")[2]
        self._report(operation, context, {}, type(exception).__name__, 1)

    def _report(
        self, operation: str, context: dict[str, Any], answer: Mapping[str, Any], error: str, attempts: int
    ) -> None:
        parameters, began = context.get("loh_call", ({}, self._run.clock()))
        seconds = self._run.clock() - began
        step = current_step.get()
        self._run.emit(Called(step, self._service, operation, parameters, answer, error, seconds, attempts))


def without_secrets(value: Any) -> Any:
    """A copy of a call's parameters or answer that may be kept: secrets and archives named, not held."""
    if isinstance(value, Mapping):
        return {
            key: _described(each) if key in SECRET_PARAMETERS else without_secrets(each)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [without_secrets(each) for each in value]
    return value if isinstance(value, str | int | float | bool | type(None) | bytes) else str(value)


def _described(value: Any) -> str:
    return f"<{len(value)} bytes>" if isinstance(value, bytes) else "<hidden>"
