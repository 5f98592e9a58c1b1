"""Whether an AWS call is made again, decided in one place by what the error means.

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
from lambda_over_https.run_context import look_delay

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
# and not for long, because a throttle may be Lambda's answer (a function whose concurrency is set to 0). One
# of API Gateway's own is not: it limits TestInvokeMethod like all calls, and tells of Lambda's in its answer.
RUNS = frozenset({"Invoke", "TestInvokeMethod"})
RUN_TRIES = 4

LONGEST_BACK_OFF = 30.0
"""Seconds between two tries of a rationed call, as long as its ration is not longer."""

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
    operation: str, tries: int, error: Mapping[str, Any], status: int | None, factor: float = 1.0
) -> Again | None:
    """Whether ``operation`` is to be tried again after ``tries`` tries, for an ``error`` {Code, Message}.

    ``status`` is the HTTP status, None when the connection failed without an answer; ``factor`` is how many
    seconds one of AWS's takes there.
    """
    throttled = is_throttle(error, status)
    if operation in RUNS and tries >= RUN_TRIES and not (throttled and operation == "TestInvokeMethod"):
        return None
    code, message = error.get("Code"), error.get("Message", "")
    if throttled:
        return Again(_backed_off(operation, tries, factor), f"AWS limits {operation} for the whole account")
    for expected, pattern, reason in NOT_YET:
        if code == expected and pattern.search(message):
            return Again(look_delay(tries), reason)
    return _passing(operation, tries, status)


def is_throttle(error: Mapping[str, Any], status: int | None) -> bool:
    """Whether AWS says that there were too many calls."""
    return error.get("Code") in THROTTLES or status == 429


def _backed_off(operation: str, tries: int, factor: float) -> float:
    """Seconds until the next try of a call that AWS limited.

    A rationed one waits for at least its ration, and at random for longer each time: thirty programs that
    each come back after three seconds use up what the account has for all other calls.
    """
    ration = RATIONED.get(operation)
    if ration is None:
        return min(0.5 * 2.0 ** (tries - 1), 8.0) * random.uniform(1.0, 1.1)  # noqa: S311
    longest = max(ration, min(ration * (tries + 1), LONGEST_BACK_OFF))
    return random.uniform(ration, longest * 1.1) * factor  # noqa: S311


def _passing(operation: str, tries: int, status: int | None) -> Again | None:
    harmless = operation not in RUNS and not operation.startswith(("Create", "AddPermission"))
    if harmless and tries < PASSING_TRIES and (status is None or status in PASSING_STATUS):
        return Again(0.2 * 2 ** (tries - 1), None)
    return None


def unanswered(operation: str, attempts: int, error: Exception | None, verdict: Again | None) -> Again | None:
    """What to do after no answer at all: only where the connection was at fault, and not for long."""
    if verdict is None or not _connection(error) or unsendable(error):
        return None
    if not _silence(error):
        return verdict
    if attempts >= SILENT_TRIES:
        return None
    return Again(verdict.delay, f"{operation} was not answered in time; asking once more")


def _connection(error: Exception | None) -> bool:
    from botocore import exceptions

    return isinstance(error, exceptions.ConnectionError | exceptions.HTTPClientError)


def unsendable(error: Exception | None) -> bool:
    """Whether a key or token holds what no header may hold, so that nothing was sent, nor ever will be."""
    return "Invalid header value" in str(error)


def _silence(error: Exception | None) -> bool:
    from botocore import exceptions

    return isinstance(error, exceptions.ReadTimeoutError)
