"""AWS's errors in the user's words: what happened, and what to do next; AWS's own message is kept."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lambda_over_https.errors import AlreadyExistsError, CredentialsError, LohError, UncertainError
from lambda_over_https.events import current_step
from lambda_over_https.retries import PASSING_STATUS, THROTTLES

EXISTS = frozenset(
    {
        "EntityAlreadyExists",
        "ResourceAlreadyExistsException",
        "ConflictException",
        "ResourceConflictException",
    }
)
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
INVALID_KEYS = frozenset({"InvalidClientTokenId", "UnrecognizedClientException"})
BAD_SIGNATURE = frozenset({"SignatureDoesNotMatch", "InvalidSignatureException"})
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedException"})
QUOTA = frozenset({"LimitExceeded", "LimitExceededException", "CodeStorageExceededException"})


@contextmanager
def explained() -> Iterator[None]:
    """Turn what boto3 raises inside into LohError, with the step at work."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raise explain_answer(error) from error
    except BotoCoreError as error:
        raise explain_failure(error) from error


def explain_answer(error: Any) -> LohError:
    """An error that AWS answered (botocore's ClientError)."""
    code = error.response["Error"].get("Code", "Unknown")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    kind, hint = _meaning(code, status, error.response["Error"].get("Message", ""))
    return kind(_sentence(error, code), hint, current_step.get())


def _sentence(error: Any, code: str) -> str:
    message = error.response["Error"].get("Message", "").rstrip(".")
    request = error.response.get("ResponseMetadata", {}).get("RequestId", "")
    tail = f" (request id {request})" if request else ""
    return f"AWS refused {error.operation_name}: {code}: {message}.{tail}"


def _meaning(code: str, status: int, message: str) -> tuple[type[LohError], str]:
    for codes, kind, hint in _MEANINGS:
        if code in codes:
            return kind, hint
    if code == "ResourceInUseException" and "exists" in message:
        return AlreadyExistsError, ""
    if code == "InvalidParameterValueException" and re.search("role .*cannot be assumed", message):
        return LohError, (
            "Lambda still cannot assume the role. A new role can take minutes: give the same command again;"
            " or check its trust policy (lambda.amazonaws.com must be allowed sts:AssumeRole)."
        )
    if status in PASSING_STATUS:
        return UncertainError, "AWS failed for the moment: give the same command again; it goes on from here."
    return LohError, "`loh status` shows what is there; the same command again goes on from here."


_MEANINGS: tuple[tuple[frozenset[str], type[LohError], str], ...] = (
    (
        EXPIRED,
        CredentialsError,
        (
            "The session has expired. Get new credentials (for SSO: `aws sso login`), then give the same"
            " command again; nothing is lost."
        ),
    ),
    (
        INVALID_KEYS,
        CredentialsError,
        "AWS does not know these keys. Check the profile, the session token, and that the region is enabled.",
    ),
    (
        BAD_SIGNATURE,
        CredentialsError,
        "The secret key does not fit, or this machine's clock is wrong. Check both.",
    ),
    (DENIED, LohError, "The person or role running this lacks a permission: AWS's message names which."),
    (
        QUOTA,
        LohError,
        "A quota of the account is used up. Remove what is not needed, or ask AWS for a higher quota.",
    ),
    (
        THROTTLES,
        LohError,
        "AWS had no room for this call for minutes. Give the same command again; it goes on from here.",
    ),
    (EXISTS, AlreadyExistsError, "A thing of that name exists and is not ours. Choose another --name."),
)


def explain_failure(error: Exception) -> LohError:
    """A failure before or instead of an answer (botocore's BotoCoreError)."""
    step = current_step.get()
    kind = type(error).__name__
    text = " ".join(str(error).split())
    for names, make in _FAILURES:
        if kind in names:
            return make(text, step)
    return UncertainError(f"The call did not get through: {text}", "Give the same command again.", step)


def _credentials(hint: str) -> Callable[[str, str], LohError]:
    return lambda text, step: CredentialsError(text, hint, step)


def _plain(hint: str) -> Callable[[str, str], LohError]:
    return lambda text, step: LohError(text, hint, step)


_FAILURES: tuple[tuple[frozenset[str], Callable[[str, str], LohError]], ...] = (
    (
        frozenset({"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"}),
        _credentials(
            "Run `aws configure`, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass --profile."
        ),
    ),
    (
        frozenset({"ProfileNotFound", "ConfigParseError"}),
        _credentials("`aws configure list-profiles` shows the profiles of this machine."),
    ),
    (
        frozenset({"SSOTokenLoadError", "UnauthorizedSSOTokenError", "TokenRetrievalError", "SSOError"}),
        _credentials("Sign in again: `aws sso login --profile YOUR_PROFILE`."),
    ),
    (
        frozenset({"LoginRefreshRequired", "LoginError"}),
        _credentials("Sign in again: `aws login`."),
    ),
    (
        frozenset({"NoRegionError", "InvalidRegionError"}),
        _plain("Pass --region, for example --region us-east-1."),
    ),
    (
        frozenset({"ParamValidationError"}),
        _plain("This is a bug in lambda-over-https: please report it with this message."),
    ),
)
