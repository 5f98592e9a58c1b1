"""Errors that the gateway answers itself, with the response types that AWS documents.

Source: API Gateway developer guide, "Gateway response types for API Gateway".
"""

from dataclasses import dataclass

MISSING_AUTHENTICATION_TOKEN = "MISSING_AUTHENTICATION_TOKEN"  # noqa: S105 - the name of a response type
INVALID_API_KEY = "INVALID_API_KEY"
ACCESS_DENIED = "ACCESS_DENIED"
WAF_FILTERED = "WAF_FILTERED"
THROTTLED = "THROTTLED"
QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
BAD_REQUEST_BODY = "BAD_REQUEST_BODY"
BAD_REQUEST_PARAMETERS = "BAD_REQUEST_PARAMETERS"
UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
REQUEST_TOO_LARGE = "REQUEST_TOO_LARGE"
INTEGRATION_TIMEOUT = "INTEGRATION_TIMEOUT"
INTEGRATION_FAILURE = "INTEGRATION_FAILURE"
API_CONFIGURATION_ERROR = "API_CONFIGURATION_ERROR"


@dataclass(frozen=True, slots=True)
class GatewayResponseType:
    """What AWS answers for one type, unless the API customises it; ``error`` is the x-amzn-ErrorType."""

    status: int
    error: str
    message: str


TYPES = {
    MISSING_AUTHENTICATION_TOKEN: GatewayResponseType(
        403, "MissingAuthenticationTokenException", "Missing Authentication Token"
    ),
    INVALID_API_KEY: GatewayResponseType(403, "ForbiddenException", "Forbidden"),
    WAF_FILTERED: GatewayResponseType(403, "ForbiddenException", "Forbidden"),
    ACCESS_DENIED: GatewayResponseType(403, "ForbiddenException", "Forbidden"),
    THROTTLED: GatewayResponseType(429, "TooManyRequestsException", "Too Many Requests"),
    QUOTA_EXCEEDED: GatewayResponseType(429, "LimitExceededException", "Limit Exceeded"),
    BAD_REQUEST_BODY: GatewayResponseType(400, "BadRequestException", "Invalid request body"),
    BAD_REQUEST_PARAMETERS: GatewayResponseType(
        400, "BadRequestException", "Missing required request parameters"
    ),
    UNSUPPORTED_MEDIA_TYPE: GatewayResponseType(415, "BadRequestException", "Unsupported Media Type"),
    REQUEST_TOO_LARGE: GatewayResponseType(413, "RequestTooLargeException", "Request Too Long"),
    INTEGRATION_TIMEOUT: GatewayResponseType(
        504, "InternalServerErrorException", "Endpoint request timed out"
    ),
    INTEGRATION_FAILURE: GatewayResponseType(502, "InternalServerErrorException", "Internal server error"),
    API_CONFIGURATION_ERROR: GatewayResponseType(
        500, "InternalServerErrorException", "Internal server error"
    ),
}


class GatewayError(Exception):
    """The gateway answers by itself, in place of the integration.

    ``message`` is what the client reads (``$context.error.message``). ``reason``, if there is one, stands
    only in the execution log. ``validation`` is ``$context.error.validationErrorString``.
    """

    member = "message"
    """Of the default body: what ``message`` stands under."""

    def __init__(
        self, response_type: str, message: str | None = None, reason: str = "", validation: str = ""
    ) -> None:
        kind = TYPES[response_type]
        super().__init__(reason or message or kind.message)
        self.response_type = response_type
        self.message = message or kind.message
        self.reason = reason
        self.validation = validation
        self.status = kind.status
        self.error_type = kind.error


class AccessDeniedError(GatewayError):
    """The API's resource policy does not let the request in; AWS spells the body's member ``Message``."""

    member = "Message"

    def __init__(self, message: str) -> None:
        super().__init__(ACCESS_DENIED, message)
        self.error_type = "AccessDeniedException"


class NetworkError(GatewayError):
    """An HTTP integration's endpoint cannot be reached, or breaks off; what the client reads is AWS's."""

    def __init__(self, cause: str) -> None:
        reason = f"Execution failed due to a network error communicating with endpoint: {cause}"
        super().__init__(INTEGRATION_FAILURE, "Network error communicating with endpoint", reason)
        self.status = 504


class ConfigurationError(GatewayError):
    """The API's own settings keep it from answering: the client gets 500, the log the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            API_CONFIGURATION_ERROR, reason=f"Execution failed due to configuration error: {reason}"
        )


class UnsupportedError(ConfigurationError):
    """The API uses a feature of AWS that the sandbox does not have; ``what`` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the sandbox does not support {what}")
