"""Which of the user's settings for credentials botocore was reading when it failed, and what corrects it."""

import traceback
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """``setting`` is what the user has set; ``hint`` says how to correct it."""

    setting: str
    hint: str


_PROCESS = Provider(
    "credential_process",
    "Run the command of credential_process by itself: it must exit with code 0 and print one JSON document "
    "with Version, AccessKeyId and SecretAccessKey.",
)
_TOKEN = Provider(
    "a web identity token",
    "The token file must be a file that you can read, beside the ARN of a role: web_identity_token_file and"
    " role_arn, or AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN.",
)
_CONTAINER = Provider(
    "a container's address",
    "Correct AWS_CONTAINER_CREDENTIALS_FULL_URI and AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, or remove them.",
)
_ROLE = Provider(
    "a role",
    "Correct the profile: role_arn needs one source_profile or credential_source, and that one needs keys.",
)
_SIGN_IN = Provider(
    "a sign-in", "Correct the profile's sso_session, sso_account_id and sso_role_name, or sign in again."
)

NO_CODE = Provider(
    "a role that asks for an MFA code",
    "Run the same command at a terminal, or get credentials for the role first, and choose those.",
)
"""The role needs a code, and nobody is there to type it."""

_PROVIDERS = {
    "ProcessProvider": _PROCESS,
    "AssumeRoleWithWebIdentityProvider": _TOKEN,
    "AssumeRoleWithWebIdentityCredentialFetcher": _TOKEN,
    "ContainerProvider": _CONTAINER,
    "AssumeRoleProvider": _ROLE,
    "AssumeRoleCredentialFetcher": _ROLE,
    "SSOProvider": _SIGN_IN,
    "SSOCredentialFetcher": _SIGN_IN,
}
"""By the name of botocore's class (``botocore.credentials``) whose method was at work."""


def provider_of(error: BaseException) -> Provider | None:
    """The setting that was being read as ``error`` was raised; None where it was no such setting."""
    if isinstance(error, EOFError):
        return NO_CODE
    found = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_globals.get("__name__") == "botocore.credentials":
            found = _PROVIDERS.get(frame.f_code.co_qualname.partition(".")[0], found)
    return found
