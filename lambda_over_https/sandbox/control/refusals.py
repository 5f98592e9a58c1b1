"""Errors that several modules raise, each in the words that its service has for it."""

from lambda_over_https.sandbox.control.aws_calls import JSON, PROTOCOLS, QUERY, REST_JSON
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError

# The caller. IAM and STS have names of their own for these errors.


_OF_OTHERS = {
    "IncompleteSignature": "IncompleteSignatureException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
}
"""For codes of IAM and STS: what the other services call the same error."""


def missing_token() -> AwsError:
    """The request is not signed."""
    return AwsError("MissingAuthenticationToken", "Missing Authentication Token", 403)


def unauthentic(service: str, error: AwsError) -> AwsError:
    """What is wrong with a signature, as the service calls it."""
    return _refusal(service, error.code, _OF_OTHERS[error.code], error.message)


def invalid_token(service: str) -> AwsError:
    """The access key is not, or no longer, known."""
    message = "The security token included in the request is invalid."
    return _refusal(service, "InvalidClientTokenId", "UnrecognizedClientException", message)


def expired_token(service: str) -> AwsError:
    """The session is over."""
    message = "The security token included in the request is expired"
    return _refusal(service, "ExpiredToken", "ExpiredTokenException", message)


def access_denied(service: str, message: str) -> AwsError:
    """The caller's policies do not allow the call."""
    return _refusal(service, "AccessDenied", "AccessDeniedException", message)


def _refusal(service: str, query_code: str, code: str, message: str) -> AwsError:
    protocol = PROTOCOLS.get(service, REST_JSON)
    return AwsError(query_code if protocol == QUERY else code, message, 400 if protocol == JSON else 403)


# Throttles

_TOO_MANY = {"apigateway": "Too Many Requests", "lambda": "Rate Exceeded."}


def too_many_requests(service: str) -> AwsError:
    """A rate or concurrency limit of API Gateway or Lambda is used up."""
    return AwsError("TooManyRequestsException", _TOO_MANY[service], 429)


# Lambda

ROLE_NOT_ASSUMABLE = "The role defined for the function cannot be assumed by Lambda."


def role_not_assumable() -> AwsError:
    """Lambda cannot assume the execution role that the call names."""
    return AwsError("InvalidParameterValueException", ROLE_NOT_ASSUMABLE)


# API Gateway


def not_found(message: str) -> AwsError:
    """API Gateway's 404."""
    return AwsError("NotFoundException", message, 404)


def unknown_api(api_id: str) -> AwsError:
    """There is no REST API of that id."""
    return not_found(f"Invalid API identifier specified {ACCOUNT}:{api_id}")


def unknown_resource() -> AwsError:
    """The API has no such resource."""
    return not_found("Invalid Resource identifier specified")


def unknown_method() -> AwsError:
    """The resource has no such method."""
    return not_found("Invalid Method identifier specified")
