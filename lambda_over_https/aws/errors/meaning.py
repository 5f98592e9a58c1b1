"""What an error means for the person at the keyboard, and the sentences that several errors share."""

from dataclasses import dataclass

from lambda_over_https.errors import CredentialsError, LohError

GO_ON = (
    "`loh doctor` finds what is wrong, `loh status` shows what exists; the same command again continues from"
    " here."
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What to do next, and which of our errors to raise: the engine acts on its type."""

    hint: str
    kind: type[LohError] = LohError


AGAIN = "Run the same command again; it continues from here."

QUOTA = "A quota of the account is used up. Remove what you do not need, or ask for more in Service Quotas."

BUG = "This is a bug in lambda-over-https: please report it with this message."

ENABLED = "Check the profile, the session token, and that the Region is enabled for the account."

SIGN_IN = "Sign in with `aws login` or `aws sso login`, or pass --profile."

THROTTLED = Meaning(f"AWS kept limiting this call (--patience sets how long to try). {AGAIN}")
"""Too many calls in a short time: by one of the codes for it, or by HTTP status 429."""

EXPIRED = Meaning(
    "The session has expired. Get new credentials (SSO: `aws sso login`; a lab: copy the new ones),"
    " then run the same command again; nothing is lost.",
    CredentialsError,
)

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
