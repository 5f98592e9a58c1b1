"""How the services refuse callers: IAM and STS have other names for it than the rest."""

from lambda_over_https.sandbox.control.aws_calls import JSON, PROTOCOLS, QUERY
from lambda_over_https.sandbox.model.errors import AwsError


def invalid_token(service: str) -> AwsError:
    """The access key is not, or no longer, known."""
    message = "The security token included in the request is invalid."
    return _refusal(service, "InvalidClientTokenId", "UnrecognizedClientException", message)


def expired_token(service: str) -> AwsError:
    """The session is over."""
    message = "The security token included in the request is expired"
    return _refusal(service, "ExpiredToken", "ExpiredTokenException", message)


def access_denied(service: str, message: str) -> AwsError:
    """The caller's policies do not allow it."""
    return _refusal(service, "AccessDenied", "AccessDeniedException", message)


def _refusal(service: str, query_code: str, code: str, message: str) -> AwsError:
    protocol = PROTOCOLS[service]
    return AwsError(query_code if protocol == QUERY else code, message, 400 if protocol == JSON else 403)
