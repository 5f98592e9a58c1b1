"""AWS's errors in the user's words: what happened, at which step, what to do next; AWS's message is kept.

What an error *means* is in the tables ``answered`` and ``failed``; this module makes a sentence of it.
Sources: each service's API reference, "Errors" of each operation and "Common Errors"; botocore's
``exceptions`` module.
"""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from lambda_over_https.aws.errors.answered import ANSWERED, ANSWERED_WITH
from lambda_over_https.aws.errors.failed import FAILED
from lambda_over_https.aws.errors.meaning import (
    BROKEN_KEY,
    COPY_AGAIN,
    CORRECT_IT,
    EXPIRED,
    GO_ON,
    NO_CERTIFICATE,
    NO_ROLE,
    THROTTLED,
    UNREADABLE,
    Meaning,
)
from lambda_over_https.aws.errors.providers import provider_of
from lambda_over_https.aws.waiting.verdict import PASSING_STATUS, unsendable
from lambda_over_https.errors import (
    CredentialsError,
    LohError,
    UncertainError,
    UsageError,
    exhausted,
    from_the_machine,
)
from lambda_over_https.events import current_step

_NOT_AUTHORIZED = re.compile(
    r"not authorized to perform: (?P<action>[\w:]+)(?: on resource: (?P<resource>\S+))?"
)


_READERS = frozenset({"botocore.configloader", "botocore.credentials", "botocore.tokens"})
"""Modules of botocore that read the user's files and ask whoever gives out credentials."""


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
    except Exception as error:
        known = explain_stranger(error)
        if known is None:
            raise
        raise known from error


def explain_answer(error: Any) -> LohError:
    """The LohError for an error that AWS answered (botocore's ClientError)."""
    said = error.response.get("Error", {})
    code, message = said.get("Code") or "Unknown", said.get("Message") or ""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    meaning = _meaning(code, status, message)
    if _came_through(error, _READERS) and not issubclass(meaning.kind, CredentialsError):
        meaning = NO_ROLE
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
    from botocore import exceptions

    text = _in_a_line(error)
    if isinstance(error, exceptions.ParamValidationError) and _came_through(error, _READERS):
        return _of_the_settings(error)
    if unsendable(error):  # its words hold the signature
        return CredentialsError(BROKEN_KEY, COPY_AGAIN, current_step.get())
    if "NO_CERTIFICATE_OR_CRL_FOUND" in text:
        return LohError(text, NO_CERTIFICATE, current_step.get())
    for names, meaning in FAILED:
        if names & {each.__name__ for each in type(error).__mro__}:
            return meaning.kind(text, _of_its_source(error) or meaning.hint, current_step.get())
    if not isinstance(error, exceptions.ConnectionError | exceptions.HTTPClientError):
        return _of_the_settings(error)
    return exhausted(error) or UncertainError(
        f"The call did not get through: {text}",
        "Check the network and run the same command again; it continues from here.",
        current_step.get(),
    )


def _of_its_source(error: Exception) -> str:
    """What corrects the setting that gives no credentials; empty where a sign-in is what is missing."""
    from botocore.exceptions import CredentialRetrievalError, PartialCredentialsError

    provider = provider_of(error)
    unset = isinstance(error, CredentialRetrievalError | PartialCredentialsError)
    return provider.hint if provider and unset else ""


def explain_stranger(error: Exception) -> LohError | None:
    """The LohError for what is raised inside botocore and is none of its own errors; None for any other.

    Files of other programs, their output and the variables can be wrong in any way, so no list of exceptions
    is complete: what counts is where this one comes from.
    """
    if isinstance(error, LohError) or not _raised_in_botocore(error):
        return None
    unread = not _came_through(error, _READERS)
    return exhausted(error) or (from_the_machine(error) if unread else None) or _of_the_settings(error)


def _of_the_settings(error: Exception) -> LohError:
    """What the user has set for AWS cannot be read, or not be obeyed."""
    text = _in_a_line(error)
    if _came_through(error, _READERS):
        provider = provider_of(error)
        hint = EXPIRED.hint if "expired" in text else provider.hint if provider else UNREADABLE
        source = f" from {provider.setting}" if provider else ""
        sentence = f"Your AWS credentials cannot be read{source}: {text}"
        return CredentialsError(sentence, hint, current_step.get())
    return UsageError(f"Your AWS settings cannot be used: {text}", CORRECT_IT, current_step.get())


def _came_through(error: BaseException, modules: frozenset[str]) -> bool:
    """Whether the error was raised in, or below, a function of one of these modules."""
    return not modules.isdisjoint(_modules(error))


def _raised_in_botocore(error: BaseException) -> bool:
    """Whether the last function on the way to the error that is ours or botocore's is botocore's."""
    roots = [name.partition(".")[0] for name in _modules(error)]
    known = [root for root in roots if root in ("lambda_over_https", "botocore", "boto3")]
    return bool(known) and known[-1] != "lambda_over_https"


def _modules(error: BaseException) -> list[str]:
    return [frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__)]


def _in_a_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
