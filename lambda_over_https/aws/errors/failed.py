"""What failures without an answer from AWS mean: a table, and nothing else."""

from lambda_over_https.aws.errors.meaning import BUG, NOT_AWS, SIGN_IN, Meaning
from lambda_over_https.errors import CredentialsError, UsageError

FAILED: tuple[tuple[frozenset[str], Meaning], ...] = (
    (
        frozenset({"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"}),
        Meaning(
            f"{SIGN_IN} The variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY work too.",
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
    (frozenset({"ParamValidationError"}), Meaning(BUG)),
)
"""Failures without an answer from AWS, by the name of botocore's exception."""
