"""Whatever AWS says, people hear what happened, where, and what to do next."""

import re
from typing import Any

import pytest
from botocore import exceptions
from botocore.credentials import AssumeRoleCredentialFetcher, Credentials
from botocore.exceptions import ClientError

from lambda_over_https.aws.errors.answered import ANSWERED, ANSWERED_WITH
from lambda_over_https.aws.errors.explanations import explain_answer, explain_failure, explained
from lambda_over_https.errors import (
    AlreadyExistsError,
    CredentialsError,
    LohError,
    UncertainError,
    UsageError,
)

pytestmark = pytest.mark.usefixtures("at_step")


def _answer(code: str, message: str = "AWS's own words.", status: int = 400) -> ClientError:
    response = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "req-1"},
    }
    return ClientError(response, "CreateThing")  # type: ignore[arg-type]


CODES = [
    ("ExpiredToken", 403, CredentialsError, "expired"),
    ("ExpiredTokenException", 403, CredentialsError, "expired"),
    ("TokenRefreshRequired", 400, CredentialsError, "expired"),
    ("RequestExpired", 400, CredentialsError, "clock"),
    ("InvalidClientTokenId", 403, CredentialsError, "keys"),
    ("UnrecognizedClientException", 400, CredentialsError, "keys"),
    ("InvalidAccessKeyId", 403, CredentialsError, "keys"),
    ("AuthFailure", 401, CredentialsError, "keys"),
    ("SignatureDoesNotMatch", 403, CredentialsError, "secret key"),
    ("InvalidSignatureException", 403, CredentialsError, "clock"),
    ("IncompleteSignature", 400, CredentialsError, "secret key"),
    ("InvalidSignature", 403, CredentialsError, "secret key"),
    ("RequestTimeTooSkewed", 403, CredentialsError, "clock"),
    ("RequestInTheFuture", 403, CredentialsError, "clock"),
    ("MissingAuthenticationToken", 403, CredentialsError, "aws login"),
    ("MissingAuthenticationTokenException", 403, CredentialsError, "aws login"),
    ("OptInRequired", 403, CredentialsError, "Region is enabled"),
    ("RegionDisabledException", 403, CredentialsError, "Region is enabled"),
    ("SubscriptionRequiredException", 400, CredentialsError, "Region is enabled"),
    ("AccessDenied", 403, LohError, "loh policy"),
    ("AccessDeniedException", 403, LohError, "loh policy"),
    ("UnauthorizedException", 401, LohError, "loh policy"),
    ("UnauthorizedOperation", 403, LohError, "loh policy"),
    ("LimitExceeded", 409, LohError, "quota"),
    ("LimitExceededException", 400, LohError, "quota"),
    ("LimitExceededException", 429, LohError, "patience"),
    ("CodeStorageExceededException", 400, LohError, "quota"),
    ("ServiceQuotaExceededException", 402, LohError, "quota"),
    ("PolicyLengthExceededException", 400, LohError, "resource policy is full"),
    ("Throttling", 400, LohError, "patience"),
    ("ThrottlingException", 400, LohError, "patience"),
    ("SlowDown", 503, LohError, "patience"),
    ("RequestLimitExceeded", 503, LohError, "patience"),
    ("ProvisionedThroughputExceededException", 400, LohError, "patience"),
    ("TooManyRequestsException", 429, LohError, "patience"),
    ("EntityAlreadyExists", 409, AlreadyExistsError, "--name"),
    ("ResourceAlreadyExistsException", 400, AlreadyExistsError, "--name"),
    ("ConflictException", 409, AlreadyExistsError, "--name"),
    ("ResourceConflictException", 409, AlreadyExistsError, "--name"),
    ("DeleteConflict", 409, LohError, "still attached to it"),
    ("DeleteConflictException", 409, LohError, "still attached to it"),
    ("NoSuchEntity", 404, LohError, "loh run"),
    ("ResourceNotFoundException", 404, LohError, "loh run"),
    ("NotFoundException", 404, LohError, "loh run"),
    ("RequestEntityTooLargeException", 413, LohError, "50 MB for a zipped package"),
    ("RequestTooLargeException", 413, LohError, "6 MB for a call"),
    ("OperationAbortedException", 400, LohError, "same moment"),
    ("ConcurrentModification", 409, LohError, "same moment"),
    ("ConcurrentModificationException", 409, LohError, "same moment"),
    ("PreconditionFailedException", 412, LohError, "same moment"),
    ("ResourceInUseException", 400, LohError, "busy"),
    ("ResourceNotReadyException", 502, LohError, "busy"),
    ("MalformedPolicyDocument", 400, LohError, "bug"),
    ("MalformedPolicyDocumentException", 400, LohError, "bug"),
    ("InvalidParameterException", 400, LohError, "bug"),
    ("ServiceException", 500, UncertainError, "for the moment"),
    ("InternalFailure", 500, UncertainError, "for the moment"),
    ("ServiceFailure", 500, UncertainError, "for the moment"),
    ("InternalServerError", 500, UncertainError, "for the moment"),
    ("ServiceUnavailableException", 503, UncertainError, "for the moment"),
    ("ServiceUnavailable", 503, UncertainError, "cannot be reached"),
    ("RequestTimeout", 408, UncertainError, "cannot be reached"),
    ("SomethingNobodyHasSeen", 418, LohError, "loh doctor"),
    ("SomethingNobodyHasSeen", 502, UncertainError, "for the moment"),
]


@pytest.mark.parametrize(("code", "status", "kind", "hint"), CODES)
def test_every_code_says_what_happened_where_and_what_next(
    code: str, status: int, kind: type[LohError], hint: str
) -> None:
    explained_error = explain_answer(_answer(code, status=status))
    assert type(explained_error) is kind
    for part in ("CreateThing", code, "AWS's own words", "req-1"):
        assert part in explained_error.message
    assert explained_error.step == "2.3"
    assert hint in explained_error.hint


MESSAGES = [
    (
        "InvalidParameterValueException",
        "The role defined for the function cannot be assumed by Lambda.",
        LohError,
        "trust policy",
    ),
    (
        "InvalidParameterValueException",
        "The runtime parameter of python2.7 is no longer supported for creating or updating functions.",
        LohError,
        "--runtime",
    ),
    (
        "InvalidParameterValueException",
        "Value x at 'runtime' failed to satisfy constraint",
        LohError,
        "--runtime",
    ),
    (
        "InvalidParameterValueException",
        "Unzipped size must be smaller than 262144000 bytes",
        LohError,
        "--source",
    ),
    ("ResourceInUseException", "Table already exists: LambdaTable", AlreadyExistsError, "--name"),
    *(
        ("ConflictException", message, AlreadyExistsError, "has just made this part of the API")
        for message in (
            "Method already exists for this resource",
            "Response already exists for this resource",
            "Stage already exists",
            "Another resource with the same parent already has this name: DynamoDBManager",
            "Integration response with selection pattern default already exists",
        )
    ),
    (
        "ResourceConflictException",
        "The statement id (apigateway-prod-2) provided already exists. Please provide a new statement id",
        AlreadyExistsError,
        "aws lambda get-policy",
    ),
    (
        "ResourceConflictException",
        "Function already exist: LambdaFunctionOverHttps",
        AlreadyExistsError,
        "--name",
    ),
    (
        "ConflictException",
        "Unable to complete operation due to concurrent modification. Please try again later.",
        LohError,
        "busy",
    ),
    (
        "ResourceConflictException",
        "The operation cannot be performed at this time. Please try again.",
        LohError,
        "busy",
    ),
    ("ResourceConflictException", "An update is in progress for resource: arn", LohError, "busy"),
    (
        "ResourceConflictException",
        "The function is currently in the following state: Pending",
        LohError,
        "busy",
    ),
    (
        "LimitExceededException",
        "Subscriber limit exceeded: Only 500 tables can be created, updated, or deleted simultaneously",
        LohError,
        "Wait a minute",
    ),
    (
        "BadRequestException",
        "Active stages pointing to this deployment must be moved or deleted",
        LohError,
        "A stage still uses this deployment",
    ),
    ("BadRequestException", "Maximum number of resources reached", LohError, "quota"),
    *(
        (
            "AccessDenied",
            f"User: x is not authorized to perform: {action}",
            LohError,
            "--permissions-boundary",
        )
        for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary")
    ),
    ("BadRequestException", "Method limit exceeded", LohError, "quota"),
    ("BadRequestException", "The API is in a usage plan", LohError, "usage plan or a domain"),
    ("InvalidParameterValueException", "Could not unzip uploaded file.", LohError, "--source"),
    ("InvalidParameterValueException", "Zipped size must be smaller", LohError, "--source"),
    (
        "BadRequestException",
        "Cannot delete the API: please remove all base path mappings related to it first",
        LohError,
        "usage plan or a domain",
    ),
]


@pytest.mark.parametrize(("code", "message", "kind", "hint"), MESSAGES)
def test_where_the_code_says_too_little_the_message_decides(
    code: str, message: str, kind: type[LohError], hint: str
) -> None:
    explained_error = explain_answer(_answer(code, message))
    assert type(explained_error) is kind
    assert hint in explained_error.hint


def test_each_part_of_each_pattern_decides_by_itself() -> None:
    """A message for every alternative, that no other alternative of its code matches."""
    for code, pattern, _ in ANSWERED_WITH:
        for part in pattern.split("|"):
            others = [
                each
                for known, whole, _ in ANSWERED_WITH
                if known == code
                for each in whole.split("|")
                if each != part
            ]
            alone = [
                message
                for known, message, *_ in MESSAGES
                if known == code
                and re.search(part, message, re.IGNORECASE)
                and not any(re.search(each, message, re.IGNORECASE) for each in others)
            ]
            assert alone, f"no message is known by {part!r} alone"


def test_every_code_that_is_known_is_among_those_that_are_tried() -> None:
    assert {code for codes, _ in ANSWERED for code in codes} == {code for code, *_ in CODES} - {
        "SomethingNobodyHasSeen"
    }


def test_a_denial_names_the_missing_permission_and_the_resource() -> None:
    message = (
        "User: arn:aws:sts::123456789012:assumed-role/voclabs/x is not authorized to perform: iam:CreateRole"
        " on resource: arn:aws:iam::123456789012:role/r because no identity-based policy allows it"
    )
    denied = explain_answer(_answer("AccessDenied", message, 403))
    assert "Missing: iam:CreateRole on arn:aws:iam::123456789012:role/r." in denied.hint
    assert "--role-arn" in denied.hint


@pytest.mark.parametrize(
    ("failure", "kind", "hint"),
    [
        (exceptions.NoCredentialsError(), CredentialsError, "aws login"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="x"), CredentialsError, "aws login"),
        (exceptions.ProfileNotFound(profile="x"), CredentialsError, "list-profiles"),
        (exceptions.ConfigParseError(path="x"), CredentialsError, "file named above"),
        (exceptions.InvalidConfigError(error_msg="x"), UsageError, "~/.aws/config"),
        (exceptions.SSOTokenLoadError(profile_name="x", error_msg="x"), CredentialsError, "aws sso login"),
        (exceptions.UnauthorizedSSOTokenError(), CredentialsError, "aws sso login"),
        (exceptions.TokenRetrievalError(provider="x", error_msg="x"), CredentialsError, "aws sso login"),
        (
            exceptions.CredentialRetrievalError(provider="x", error_msg="x"),
            CredentialsError,
            "aws login",
        ),
        (exceptions.NoRegionError(), UsageError, "--region"),
        (exceptions.InvalidRegionError(region_name="x y"), UsageError, "--region"),
        (exceptions.SSLError(endpoint_url="x", error=OSError("x")), LohError, "AWS_CA_BUNDLE"),
        (exceptions.ProxyConnectionError(proxy_url="x", error="x"), LohError, "HTTPS_PROXY"),
        (exceptions.EndpointConnectionError(endpoint_url="x"), UncertainError, "network"),
        (exceptions.ConnectTimeoutError(endpoint_url="x"), UncertainError, "network"),
        (exceptions.ReadTimeoutError(endpoint_url="x"), UncertainError, "network"),
        (exceptions.ConnectionClosedError(endpoint_url="x"), UncertainError, "network"),
        (exceptions.ParamValidationError(report="x"), LohError, "bug"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_failure_without_an_answer_says_what_to_do(
    failure: Exception, kind: type[LohError], hint: str
) -> None:
    explained_failure = explain_failure(failure)
    assert type(explained_failure) is kind
    assert hint in explained_failure.hint
    assert explained_failure.step == "2.3"


def _nobody(*_: Any) -> Any:
    raise EOFError


def test_a_role_that_asks_for_a_code_where_nobody_can_type_one_says_so() -> None:
    fetcher = AssumeRoleCredentialFetcher(
        _nobody,
        Credentials("x", "y"),
        "arn:aws:iam::123456789012:role/r",
        extra_args={"SerialNumber": "arn:aws:iam::123456789012:mfa/me"},
        mfa_prompter=_nobody,
    )
    with pytest.raises(CredentialsError) as raised, explained():
        fetcher.fetch_credentials()
    assert "MFA code" in raised.value.message
    assert "at a terminal" in raised.value.hint


def test_an_error_of_ours_passes_unchanged() -> None:
    ours = LohError("ours")
    with pytest.raises(LohError) as raised, explained():
        raise ours
    assert raised.value is ours
