"""AWS's errors in the user's words: what happened, at which step, what to do next; AWS's message is kept.

What an error *means* is in the tables of ``error_meanings``; this module makes a sentence of it. Sources:
each service's API reference, "Errors" of each operation and "Common Errors"; botocore's ``exceptions``
module.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from lambda_over_https.aws.error_meanings import ANSWERED, ANSWERED_WITH, FAILED, GO_ON, THROTTLED, Meaning
from lambda_over_https.aws.retries import PASSING_STATUS
from lambda_over_https.errors import LohError, UncertainError
from lambda_over_https.events import current_step

_NOT_AUTHORIZED = re.compile(
    r"not authorized to perform: (?P<action>[\w:]+)(?: on resource: (?P<resource>\S+))?"
)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what boto3 raises inside into a LohError that names the current step."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raise explain_answer(error) from error
    except BotoCoreError as error:
        raise explain_failure(error) from error


def explain_answer(error: Any) -> LohError:
    """The LohError for an error that AWS answered (botocore's ClientError)."""
    said = error.response.get("Error", {})
    code, message = said.get("Code") or "Unknown", said.get("Message") or ""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    meaning = _meaning(code, status, message)
    return meaning.kind(_sentence(error, code, message), _hint(meaning, message), current_step.get())


def _sentence(error: Any, code: str, message: str) -> str:
    request = error.response.get("ResponseMetadata", {}).get("RequestId", "")
    tail = f" (request id {request})" if request else ""
    text = f": {message.rstrip('.')}" if message else ""
    return f"AWS refused {error.operation_name}: {code}{text}.{tail}"


def _meaning(code: str, status: int, message: str) -> Meaning:
    for expected, pattern, meaning in ANSWERED_WITH:
        if code == expected and re.search(pattern, message, re.IGNORECASE):
            return meaning
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return THROTTLED
    for codes, meaning in ANSWERED:
        if code in codes:
            return meaning
    if status in PASSING_STATUS:
        return Meaning("AWS failed for the moment: run the same command again; it continues.", UncertainError)
    return Meaning(GO_ON)


def _hint(meaning: Meaning, message: str) -> str:
    denied = _NOT_AUTHORIZED.search(message)
    if not denied:
        return meaning.hint
    where = f" on {denied['resource']}" if denied["resource"] else ""
    return f"Missing: {denied['action']}{where}. {meaning.hint}"


def explain_failure(error: Exception) -> LohError:
    """The LohError for a call that got no answer (botocore's BotoCoreError)."""
    text = " ".join(str(error).split())
    for names, meaning in FAILED:
        if type(error).__name__ in names:
            return meaning.kind(text, meaning.hint, current_step.get())
    return UncertainError(
        f"The call did not get through: {text}",
        "Check the network and run the same command again; it continues from here.",
        current_step.get(),
    )
