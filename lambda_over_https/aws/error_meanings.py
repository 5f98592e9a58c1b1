"""What AWS's error codes mean for the person at the keyboard: tables, and nothing else."""

from dataclasses import dataclass

from lambda_over_https.aws.retries import THROTTLES
from lambda_over_https.errors import (
    AlreadyExistsError,
    CredentialsError,
    LohError,
    UncertainError,
    UsageError,
)

GO_ON = (
    "`loh doctor` tells what is wrong, `loh status` what is there; the same command again goes on from here."
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What to do next, and which of our errors it is; that decides what the engine does."""

    hint: str
    kind: type[LohError] = LohError


_AGAIN = "Give the same command again; it goes on from here."
_QUOTA = (
    "A quota of the account is used up. Remove what is not needed, or ask AWS for more in Service Quotas."
)
_BUG = "This is a bug in lambda-over-https: please report it with this message."
_ENABLED = "Check the profile, the session token, and that the region is enabled for the account."

ANSWERED: tuple[tuple[frozenset[str], Meaning], ...] = (
    (
        frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"}),
        Meaning(
            "The session has expired. Get new credentials (SSO: `aws sso login`; a lab: copy them anew), then"
            " give the same command again; nothing is lost.",
            CredentialsError,
        ),
    ),
    (
        frozenset({"RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture"}),
        Meaning("This machine's clock is wrong: set it, then give the same command again.", CredentialsError),
    ),
    (
        frozenset(
            {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure"}
        ),
        Meaning(f"AWS does not know these keys. {_ENABLED}", CredentialsError),
    ),
    (
        frozenset(
            {"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "InvalidSignature"}
        ),
        Meaning(
            "The secret key does not fit, or this machine's clock is wrong. Check both.", CredentialsError
        ),
    ),
    (
        frozenset({"MissingAuthenticationToken", "MissingAuthenticationTokenException"}),
        Meaning("No credentials were sent. `aws configure` sets them.", CredentialsError),
    ),
    (
        frozenset({"OptInRequired", "SubscriptionRequiredException", "RegionDisabledException"}),
        Meaning(f"The account may not use this service here yet. {_ENABLED}", CredentialsError),
    ),
    (
        frozenset(
            {"AccessDenied", "AccessDeniedException", "UnauthorizedException", "UnauthorizedOperation"}
        ),
        Meaning(
            "`loh policy` prints the permissions that are needed. Where roles cannot be made (a Learner Lab),"
            " lend one with --role-arn."
        ),
    ),
    (
        frozenset(
            {
                "LimitExceeded",
                "LimitExceededException",
                "ServiceQuotaExceededException",
                "CodeStorageExceededException",
                "PolicyLengthExceededException",
            }
        ),
        Meaning(_QUOTA),
    ),
    (
        THROTTLES,
        Meaning(f"AWS had no room for this call for minutes (--patience sets how many). {_AGAIN}"),
    ),
    (
        frozenset(
            {
                "EntityAlreadyExists",
                "ResourceAlreadyExistsException",
                "ConflictException",
                "ResourceConflictException",
            }
        ),
        Meaning("A thing of that name exists and is not ours. Choose another --name.", AlreadyExistsError),
    ),
    (
        frozenset({"DeleteConflict", "DeleteConflictException"}),
        Meaning(
            "Something that is not ours still uses it: AWS's message names what. Remove that, then"
            " `loh teardown` again."
        ),
    ),
    (
        frozenset({"NoSuchEntity", "ResourceNotFoundException", "NotFoundException"}),
        Meaning(
            "Somebody removed it meanwhile, or AWS is still spreading it. `loh run` makes what is missing,"
            " `loh teardown` removes the rest."
        ),
    ),
    (
        frozenset({"RequestEntityTooLargeException", "RequestTooLargeException"}),
        Meaning("The function's package is too large (50 MB zipped). Make the --source smaller."),
    ),
    (
        frozenset({"ConcurrentModification", "ConcurrentModificationException", "OperationAbortedException"}),
        Meaning(f"Somebody changed it at the same moment. {_AGAIN}"),
    ),
    (
        frozenset({"ResourceInUseException", "ResourceNotReadyException", "PreconditionFailedException"}),
        Meaning(f"AWS is still busy with it. {_AGAIN}"),
    ),
    (
        frozenset(
            {"MalformedPolicyDocument", "MalformedPolicyDocumentException", "InvalidParameterException"}
        ),
        Meaning(_BUG),
    ),
    (
        frozenset({"ServiceFailure", "ServiceException", "InternalFailure", "InternalServerError"}),
        Meaning(f"AWS failed for the moment. {_AGAIN}", UncertainError),
    ),
    (
        frozenset({"ServiceUnavailable", "ServiceUnavailableException", "RequestTimeout"}),
        Meaning(f"AWS is out of reach for the moment. {_AGAIN}", UncertainError),
    ),
)
"""By code alone."""

ANSWERED_WITH: tuple[tuple[str, str, Meaning], ...] = (
    ("ResourceInUseException", "exists", Meaning("Choose another --name.", AlreadyExistsError)),
    (
        "InvalidParameterValueException",
        "role .*cannot be assumed",
        Meaning(
            "Lambda still cannot assume the role. A new role can take minutes: give the same command again;"
            " or check its trust policy (lambda.amazonaws.com must be allowed sts:AssumeRole)."
        ),
    ),
    (
        "InvalidParameterValueException",
        "runtime parameter|'runtime' failed",
        Meaning("This region does not take the runtime (any more). Choose another --runtime, or --region."),
    ),
    (
        "InvalidParameterValueException",
        "unzip|zipped size",
        Meaning("The function's package is too large or damaged. Check the --source."),
    ),
    (
        "ConflictException",
        "concurrent modification",
        Meaning(f"API Gateway is still busy with the API. {_AGAIN}"),
    ),
    (
        "ResourceConflictException",
        "state: Pending|update is in progress|cannot be performed at this time",
        Meaning(f"Lambda is still busy with the function. {_AGAIN}"),
    ),
    (
        "BadRequestException",
        "usage plan|stages? pointing|base path",
        Meaning(
            "Somebody tied the API to a usage plan or a domain: undo that in API Gateway's console, then"
            " `loh teardown` again."
        ),
    ),
    (
        "BadRequestException",
        "limit exceeded|maximum number",
        Meaning(_QUOTA),
    ),
)
"""By code and a part of the message, where the code alone says too little; looked at first."""

FAILED: tuple[tuple[frozenset[str], Meaning], ...] = (
    (
        frozenset({"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"}),
        Meaning(
            "Run `aws configure`, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass --profile.",
            CredentialsError,
        ),
    ),
    (
        frozenset({"ProfileNotFound", "ConfigParseError", "InvalidConfigError"}),
        Meaning("`aws configure list-profiles` shows the profiles of this machine.", CredentialsError),
    ),
    (
        frozenset({"SSOTokenLoadError", "UnauthorizedSSOTokenError", "TokenRetrievalError", "SSOError"}),
        Meaning("Sign in again: `aws sso login --profile YOUR_PROFILE`.", CredentialsError),
    ),
    (
        frozenset({"LoginRefreshRequired", "LoginError", "LoginTokenLoadError"}),
        Meaning("Sign in again: `aws login`.", CredentialsError),
    ),
    (
        frozenset({"NoRegionError", "InvalidRegionError"}),
        Meaning("Pass --region, for example --region us-east-1.", UsageError),
    ),
    (
        frozenset({"SSLError"}),
        Meaning("Something between here and AWS replaces its certificate: set AWS_CA_BUNDLE to that CA's."),
    ),
    (
        frozenset({"ProxyConnectionError"}),
        Meaning("The proxy named by HTTPS_PROXY does not answer: check it."),
    ),
    (frozenset({"ParamValidationError"}), Meaning(_BUG)),
)
"""Failures before or instead of an answer, by the name of botocore's exception."""
