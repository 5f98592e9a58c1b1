"""What AWS's error codes mean: tables, and nothing else."""

from lambda_over_https.aws.errors.meaning import (
    AGAIN,
    BUG,
    ENABLED,
    EXPIRED,
    QUOTA,
    SIGN_IN,
    THROTTLED,
    Meaning,
)
from lambda_over_https.aws.waiting.verdict import THROTTLES
from lambda_over_https.errors import AlreadyExistsError, CredentialsError, UncertainError

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
            f"AWS does not know these keys. {ENABLED}"
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
        Meaning(f"No credentials were sent. {SIGN_IN}", CredentialsError),
    ),
    (
        frozenset({"OptInRequired", "SubscriptionRequiredException", "RegionDisabledException"}),
        Meaning(f"The account may not use this service here yet. {ENABLED}", CredentialsError),
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
        Meaning(QUOTA),
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
        Meaning(f"Somebody else changed it at the same moment. {AGAIN}"),
    ),
    (
        frozenset({"ResourceInUseException", "ResourceNotReadyException"}),
        Meaning(f"AWS is still busy with it. {AGAIN}"),
    ),
    (
        frozenset(
            {"MalformedPolicyDocument", "MalformedPolicyDocumentException", "InvalidParameterException"}
        ),
        Meaning(BUG),
    ),
    (
        frozenset({"ServiceFailure", "ServiceException", "InternalFailure", "InternalServerError"}),
        Meaning(f"AWS failed for the moment. {AGAIN}", UncertainError),
    ),
    (
        frozenset({"ServiceUnavailable", "ServiceUnavailableException", "RequestTimeout"}),
        Meaning(f"AWS cannot be reached for the moment. {AGAIN}", UncertainError),
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
        Meaning(f"Too many tables are being created or deleted in this account. Wait a minute. {AGAIN}"),
    ),
    (
        "ConflictException",
        "method already exists|response already exists|stage already exists|selection pattern|same parent",
        Meaning(
            f"Somebody has just made this part of the API. {AGAIN}"
            " `loh doctor` says whether it is as it should be.",
            AlreadyExistsError,
        ),
    ),
    (
        "ResourceConflictException",
        "statement id",
        Meaning(
            "The function's resource policy has a statement of that id already: `aws lambda get-policy` shows"
            f" it. {AGAIN}",
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
        Meaning(f"API Gateway is still busy with the API. {AGAIN}"),
    ),
    (
        "ResourceConflictException",
        "state: Pending|update is in progress|cannot be performed at this time",
        Meaning(f"Lambda is still busy with the function. {AGAIN}"),
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
        Meaning(QUOTA),
    ),
)
"""By code and a part of the message, where the code alone says too little; these are tried first."""
