"""What AWS's error codes mean for the person at the keyboard: tables, and nothing else."""

from dataclasses import dataclass

from lambda_over_https.aws.waiting.retries import THROTTLES
from lambda_over_https.errors import (
    AlreadyExistsError,
    CredentialsError,
    LohError,
    UncertainError,
    UsageError,
)

GO_ON = (
    "`loh doctor` finds what is wrong, `loh status` shows what exists; the same command again continues from"
    " here."
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What to do next, and which of our errors to raise: the engine acts on its type."""

    hint: str
    kind: type[LohError] = LohError


_AGAIN = "Run the same command again; it continues from here."
_QUOTA = "A quota of the account is used up. Remove what you do not need, or ask for more in Service Quotas."
_BUG = "This is a bug in lambda-over-https: please report it with this message."
_ENABLED = "Check the profile, the session token, and that the Region is enabled for the account."
_SIGN_IN = "Sign in with `aws login` or `aws sso login`, or pass --profile."

THROTTLED = Meaning(f"AWS kept limiting this call (--patience sets how long to try). {_AGAIN}")
"""Too many calls in a short time: by one of the codes for it, or by HTTP status 429."""

EXPIRED = Meaning(
    "The session has expired. Get new credentials (SSO: `aws sso login`; a lab: copy the new ones),"
    " then run the same command again; nothing is lost.",
    CredentialsError,
)

ANSWERED: tuple[tuple[frozenset[str], Meaning], ...] = (
    (
        frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"}),
        EXPIRED,
    ),
    (
        frozenset({"RequestExpired"}),
        Meaning("Usually this machine's clock is wrong: set it. Otherwise sign in again.", CredentialsError),
    ),
    (
        frozenset({"RequestTimeTooSkewed", "RequestInTheFuture"}),
        Meaning("This machine's clock is wrong: set it, then run the same command again.", CredentialsError),
    ),
    (
        frozenset(
            {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure"}
        ),
        Meaning(
            f"AWS does not know these keys. {_ENABLED}"
            " A sandbox's keys are those that `loh sandbox env` prints.",
            CredentialsError,
        ),
    ),
    (
        frozenset(
            {"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "InvalidSignature"}
        ),
        Meaning(
            "The secret key does not belong to this key id, or this machine's clock is wrong. Check both.",
            CredentialsError,
        ),
    ),
    (
        frozenset({"MissingAuthenticationToken", "MissingAuthenticationTokenException"}),
        Meaning(f"No credentials were sent. {_SIGN_IN}", CredentialsError),
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
            "`loh policy` prints the permissions you need. If you have them, a limit set by an administrator"
            " forbids it (a service control policy, a permissions boundary, a session policy). Where you"
            " cannot create roles (a Learner Lab), name an existing one with --role-arn."
        ),
    ),
    (
        frozenset(
            {
                "LimitExceeded",
                "LimitExceededException",
                "ServiceQuotaExceededException",
                "CodeStorageExceededException",
            }
        ),
        Meaning(_QUOTA),
    ),
    (
        frozenset({"PolicyLengthExceededException"}),
        Meaning(
            "The function's resource policy is full. Remove statements that nobody needs with"
            " `aws lambda remove-permission`."
        ),
    ),
    (THROTTLES, THROTTLED),
    (
        frozenset(
            {
                "EntityAlreadyExists",
                "ResourceAlreadyExistsException",
                "ConflictException",
                "ResourceConflictException",
            }
        ),
        Meaning(
            "Something of that name exists and is not ours, or it was just changed by somebody else: AWS's"
            " message says which. Choose another --name, or run the same command again.",
            AlreadyExistsError,
        ),
    ),
    (
        frozenset({"DeleteConflict", "DeleteConflictException"}),
        Meaning(
            "Something that is not ours is still attached to it: AWS's message names it. Remove that, then"
            " run `loh teardown` again."
        ),
    ),
    (
        frozenset({"NoSuchEntity", "ResourceNotFoundException", "NotFoundException"}),
        Meaning(
            "Somebody has removed it, or it has not reached every server of AWS yet. `loh run` creates what"
            " is missing, `loh teardown` removes the rest."
        ),
    ),
    (
        frozenset({"RequestEntityTooLargeException", "RequestTooLargeException"}),
        Meaning(
            "The request is too large: Lambda takes 6 MB for a call, 50 MB for a zipped package. Send a"
            " smaller payload or --source."
        ),
    ),
    (
        frozenset(
            {
                "ConcurrentModification",
                "ConcurrentModificationException",
                "OperationAbortedException",
                "PreconditionFailedException",
            }
        ),
        Meaning(f"Somebody else changed it at the same moment. {_AGAIN}"),
    ),
    (
        frozenset({"ResourceInUseException", "ResourceNotReadyException"}),
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
        Meaning(f"AWS cannot be reached for the moment. {_AGAIN}", UncertainError),
    ),
)
"""By code alone."""

ANSWERED_WITH: tuple[tuple[str, str, Meaning], ...] = (
    ("ResourceInUseException", "exists", Meaning("Choose another --name.", AlreadyExistsError)),
    (
        "AccessDenied",
        "iam:CreateRole|iam:PutRoleP",
        Meaning(
            "If you may make roles only with a permissions boundary, name it with --permissions-boundary."
            " Otherwise `loh policy` prints the permissions you need, or name an existing role with"
            " --role-arn."
        ),
    ),
    (
        "InvalidParameterValueException",
        "role .*cannot be assumed",
        Meaning(
            "Lambda still cannot assume the role. A new role can take minutes: run the same command again. Or"
            " check its trust policy: it must allow lambda.amazonaws.com the action sts:AssumeRole."
        ),
    ),
    (
        "InvalidParameterValueException",
        "runtime parameter|'runtime' failed",
        Meaning("Lambda does not accept this runtime, or no longer. Choose another --runtime."),
    ),
    (
        "InvalidParameterValueException",
        "unzip|zipped size",
        Meaning("The function's package is too large or damaged. Check the --source."),
    ),
    (
        "LimitExceededException",
        "simultaneous",
        Meaning(f"Too many tables are being created or deleted in this account. Wait a minute. {_AGAIN}"),
    ),
    (
        "ConflictException",
        "method already exists|response already exists|stage already exists|selection pattern|same parent",
        Meaning(
            f"Somebody has just made this part of the API. {_AGAIN}"
            " `loh doctor` says whether it is as it should be.",
            AlreadyExistsError,
        ),
    ),
    (
        "ResourceConflictException",
        "statement id",
        Meaning(
            "The function's resource policy has a statement of that id already: `aws lambda get-policy` shows"
            f" it. {_AGAIN}",
            AlreadyExistsError,
        ),
    ),
    (
        "ResourceConflictException",
        "function already exist",
        Meaning("A function of that name exists and is not ours. Choose another --name.", AlreadyExistsError),
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
        "usage plan|base path",
        Meaning(
            "Somebody added the API to a usage plan or a domain: undo that in API Gateway's console, then run"
            " `loh teardown` again."
        ),
    ),
    (
        "BadRequestException",
        "stages? pointing",
        Meaning(
            "A stage still uses this deployment. Delete the stage or move it to another deployment first."
        ),
    ),
    (
        "BadRequestException",
        "limit exceeded|maximum number",
        Meaning(_QUOTA),
    ),
)
"""By code and a part of the message, where the code alone says too little; these are tried first."""

CORRECT_IT = "Correct the variable (AWS_…) or the file (~/.aws/config) that says so."

BROKEN_KEY = "Your AWS key or session token holds a character that no request may hold, such as a line break."

COPY_AGAIN = "Copy the keys again, without what stands around them."

UNREADABLE = (
    "Correct the profile: its credential_process, token file, container address or keys, until"
    " `aws sts get-caller-identity` works."
)
"""What to do where botocore cannot read the credentials."""

NO_CERTIFICATE = (
    "The file that AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE or ca_bundle in ~/.aws/config names holds no"
    " certificate. Choose another file, or remove the setting."
)
"""What to do where the user's own file of certificate authorities has none."""

NO_ROLE = Meaning(
    "Your AWS profile names a role or a token that cannot be used. Correct role_arn and source_profile, or"
    " sign in again.",
    CredentialsError,
)
"""AWS refused a call that only gets credentials, for whatever reason."""

NOT_AWS = (
    "The address does not answer as AWS does: check --endpoint-url, AWS_ENDPOINT_URL and the proxy between."
)
"""What to do about an answer that AWS would not give."""

FAILED: tuple[tuple[frozenset[str], Meaning], ...] = (
    (
        frozenset({"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"}),
        Meaning(
            f"{_SIGN_IN} The variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY work too.",
            CredentialsError,
        ),
    ),
    (
        frozenset({"ProfileNotFound"}),
        Meaning("`aws configure list-profiles` shows the profiles of this machine.", CredentialsError),
    ),
    (
        frozenset({"ConfigParseError"}),
        Meaning("The file named above cannot be read. Correct it.", CredentialsError),
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
        frozenset({"NoRegionError", "InvalidRegionError", "UnknownRegionError"}),
        Meaning("Pass --region, for example --region us-east-1.", UsageError),
    ),
    (
        frozenset({"SSLError"}),
        Meaning(
            "Something between this machine and AWS, often a company's proxy, replaces AWS's certificate. Set"
            " AWS_CA_BUNDLE to the file that holds its certificate authority."
        ),
    ),
    (
        frozenset({"ProxyConnectionError"}),
        Meaning("The proxy named by HTTPS_PROXY does not answer: check it."),
    ),
    (frozenset({"PaginationError"}), Meaning(NOT_AWS)),
    (frozenset({"ParamValidationError"}), Meaning(_BUG)),
)
"""Failures without an answer from AWS, by the name of botocore's exception."""
