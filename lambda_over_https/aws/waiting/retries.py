"""When an AWS call is made again, decided in one place by what the error means.

The SDK's own retries are off: they would repeat a create whose answer was lost (and so make a second REST
API of the same name), give up on throttles after seconds, and never say why they wait. Ours, per error:

- *too many requests*: always again, patiently (API Gateway allows one DeleteRestApi per 30 s and account);
- *not yet* (the role is still spreading, the function still pending): again, known by the error's message;
- *passing* (5xx, a lost connection): again where repeating is harmless; a create is left to the engine, which
  looks before it makes again;
- anything else (denied, expired, invalid): never.

Sources: API Gateway "Quotas and important notes", Lambda API reference (CreateFunction, ResourceConflict).
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambda_over_https.aws.waiting.rates import RATIONED
from lambda_over_https.run_context import RunContext, look_delay

THROTTLES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)

NOT_YET: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        "InvalidParameterValueException",
        re.compile(r"role .*cannot be assumed|role does not have permissions", re.IGNORECASE),
        "IAM is spreading the role to Lambda",
    ),
    (
        "ValidationException",
        re.compile(r"must allow AWS EventBridge Scheduler to assume the role", re.IGNORECASE),
        "IAM is spreading the role to EventBridge Scheduler",
    ),
    (
        "ResourceConflictException",
        re.compile(r"state: Pending|update is in progress|currently in the following state", re.IGNORECASE),
        "Lambda is still busy with the function",
    ),
    (
        "ConflictException",
        re.compile(r"concurrent modification", re.IGNORECASE),
        "API Gateway is still busy with the API",
    ),
    (
        "ResourceInUseException",
        re.compile(r"being (created|updated|deleted)", re.IGNORECASE),
        "DynamoDB is still busy",
    ),
    ("WAFUnavailableEntityException", re.compile(""), "AWS WAF is preparing the firewall"),
    ("OperationAbortedException", re.compile(""), "CloudWatch Logs is still busy with the log group"),
)

# These run the function: a repeated call could run it twice, so only what surely did not run it is repeated;
# and not for long, because a throttle may be the answer (a function whose concurrency is set to 0).
RUNS = frozenset({"Invoke", "TestInvokeMethod"})
RUN_TRIES = 4

_TURN = "loh_turn"

PASSING_STATUS = frozenset({500, 502, 503, 504})
PASSING_TRIES = 5

SILENT_TRIES = 2
"""Tries of a call that is never answered: each takes as long as an answer may take."""


@dataclass(frozen=True, slots=True)
class Again:
    """Try once more after ``delay`` seconds; ``reason`` is for the user, None if not worth a word."""

    delay: float
    reason: str | None


def again(
    operation: str, tries: int, error: Mapping[str, Any], status: int | None, *, paced: bool = False
) -> Again | None:
    """Whether ``operation`` is to be tried again after ``tries`` tries, for an ``error`` {Code, Message}.

    ``status`` is the HTTP status, None when the connection failed without an answer. A ``paced`` call has to
    wait for its next turn anyway (see ``pacing``).
    """
    if operation in RUNS and tries >= RUN_TRIES:
        return None
    code, message = error.get("Code", ""), error.get("Message", "")
    if code in THROTTLES or status == 429:
        base = RATIONED.get(operation, min(0.5 * 2 ** (tries - 1), 8.0))
        stretch = random.uniform(1.0, 1.1) - (paced and operation in RATIONED)  # noqa: S311
        return Again(base * stretch, f"AWS limits {operation} for the whole account")
    for expected, pattern, reason in NOT_YET:
        if code == expected and pattern.search(message):
            return Again(look_delay(tries), reason)
    return _passing(operation, tries, status)


def _passing(operation: str, tries: int, status: int | None) -> Again | None:
    harmless = operation not in RUNS and not operation.startswith(("Create", "AddPermission"))
    if harmless and tries < PASSING_TRIES and (status is None or status in PASSING_STATUS):
        return Again(0.2 * 2 ** (tries - 1), None)
    return None


class RetryHandler:
    """Answers botocore's ``needs-retry`` event; waits by itself, so that the wait can be seen and ended."""

    def __init__(self, run: RunContext, patience: float) -> None:
        self._run = run
        self._patience = patience

    def __call__(
        self,
        response: tuple[Any, Mapping[str, Any]] | None,
        operation: Any,
        attempts: int,
        request_dict: Mapping[str, Any],
        caught_exception: Exception | None = None,
        **_: Any,
    ) -> float | None:
        """Return 0 to try again at once (the wait is over by then) or None to let the answer stand."""
        if response is not None and response[0].status_code < 300:
            return None  # even after ^C: what was made must be written down
        self._run.raise_if_interrupted()
        error = response[1].get("Error", {}) if response else {}
        context, status = request_dict["context"], response[0].status_code if response else None
        verdict = again(operation.name, attempts, error, status, paced=_TURN in context)
        if verdict is None or (response is None and not _connection(caught_exception)):
            return None
        if _silence(caught_exception):
            if attempts >= SILENT_TRIES:
                return None
            verdict = Again(verdict.delay, f"{operation.name} was not answered in time; asking once more")
        since = context.setdefault("loh_since", self._run.clock())
        if self._run.clock() - since - context.get(_TURN, 0.0) + verdict.delay > self._patience:
            return None
        self._run.wait(verdict.delay, verdict.reason, since)
        return 0.0


def waited_for_turn(context: dict[str, Any], seconds: float) -> None:
    """Note in a call's context that it is paced, and has waited so long for its turn.

    That is no impatience of AWS's: of the user's patience only what comes after a refusal is used up.
    """
    context[_TURN] = context[_TURN] + seconds if _TURN in context else 0.0


def _connection(error: Exception | None) -> bool:
    from botocore import exceptions

    return isinstance(error, exceptions.ConnectionError | exceptions.HTTPClientError)


def _silence(error: Exception | None) -> bool:
    from botocore import exceptions

    return isinstance(error, exceptions.ReadTimeoutError)
