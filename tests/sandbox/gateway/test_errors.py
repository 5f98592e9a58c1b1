"""What the gateway says when it answers by itself: the status, the headers and the body of every type."""

import pytest

from lambda_over_https.sandbox.gateway.errors import (
    TYPES,
    AccessDeniedError,
    ConfigurationError,
    GatewayError,
    NetworkError,
    UnsupportedError,
)
from lambda_over_https.sandbox.gateway.responses import default_response

ANSWERS = {
    "MISSING_AUTHENTICATION_TOKEN": (
        403,
        "MissingAuthenticationTokenException",
        '{"message":"Missing Authentication Token"}',
    ),
    "INVALID_API_KEY": (403, "ForbiddenException", '{"message":"Forbidden"}'),
    "ACCESS_DENIED": (403, "ForbiddenException", '{"message":"Forbidden"}'),
    "WAF_FILTERED": (403, "ForbiddenException", '{"message":"Forbidden"}'),
    "THROTTLED": (429, "TooManyRequestsException", '{"message":"Too Many Requests"}'),
    "QUOTA_EXCEEDED": (429, "LimitExceededException", '{"message":"Limit Exceeded"}'),
    "BAD_REQUEST_BODY": (400, "BadRequestException", '{"message":"Invalid request body"}'),
    "BAD_REQUEST_PARAMETERS": (
        400,
        "BadRequestException",
        '{"message":"Missing required request parameters"}',
    ),
    "UNSUPPORTED_MEDIA_TYPE": (415, "BadRequestException", '{"message":"Unsupported Media Type"}'),
    "REQUEST_TOO_LARGE": (413, "RequestTooLargeException", '{"message":"Request Too Long"}'),
    "INTEGRATION_TIMEOUT": (
        504,
        "InternalServerErrorException",
        '{"message": "Endpoint request timed out"}',
    ),
    "INTEGRATION_FAILURE": (502, "InternalServerErrorException", '{"message": "Internal server error"}'),
    "API_CONFIGURATION_ERROR": (500, "InternalServerErrorException", '{"message": "Internal server error"}'),
}


def _answered(error: GatewayError) -> tuple[int, str, str]:
    """Status, x-amzn-ErrorType and body; the names of the headers are spelt as AWS spells them."""
    response = default_response(error)
    (first, content_type), (second, kind) = response.headers
    assert (first, content_type, second) == ("Content-Type", "application/json", "x-amzn-ErrorType")
    return response.status, kind, response.body.decode()


def test_no_type_is_left_out() -> None:
    assert set(ANSWERS) == set(TYPES)


@pytest.mark.parametrize("kind", ANSWERS)
def test_each_type_is_answered_byte_by_byte_as_aws_answers_it(kind: str) -> None:
    """Developer guide, "Gateway response types"; a 5xx alone has a blank after the colon."""
    assert _answered(GatewayError(kind)) == ANSWERS[kind]


def test_an_error_says_no_more_than_its_type_unless_it_is_told_to() -> None:
    plain = GatewayError("THROTTLED")
    assert (str(plain), plain.message, plain.reason, plain.validation) == (
        "Too Many Requests",
        "Too Many Requests",
        "",
        "",
    )
    assert str(GatewayError("BAD_REQUEST_BODY", "Not JSON")) == "Not JSON"


def test_the_reason_is_for_the_log_and_the_message_for_the_client() -> None:
    error = GatewayError("BAD_REQUEST_BODY", 'Not "JSON"', "a comma is missing")
    assert (str(error), error.reason) == ("a comma is missing", "a comma is missing")
    assert _answered(error) == (400, "BadRequestException", r'{"message":"Not \"JSON\""}')


def test_a_resource_policy_that_denies_is_answered_in_its_own_spelling() -> None:
    """AWS writes ``Message`` here, and says who may not do what."""
    error = AccessDeniedError("User: anonymous is not authorized")
    assert error.response_type == "ACCESS_DENIED"
    assert _answered(error) == (
        403,
        "AccessDeniedException",
        '{"Message":"User: anonymous is not authorized"}',
    )


def test_an_endpoint_that_cannot_be_reached_is_a_504_and_the_log_has_the_cause() -> None:
    error = NetworkError("Connection refused")
    assert error.response_type == "INTEGRATION_FAILURE"
    assert error.reason == (
        "Execution failed due to a network error communicating with endpoint: Connection refused"
    )
    assert _answered(error) == (
        504,
        "InternalServerErrorException",
        '{"message": "Network error communicating with endpoint"}',
    )


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ConfigurationError("no such model"), "no such model"),
        (UnsupportedError("request signing"), "the sandbox does not support request signing"),
    ],
)
def test_an_api_that_is_set_up_wrongly_is_a_500_and_the_log_has_the_cause(
    error: GatewayError, why: str
) -> None:
    assert error.reason == f"Execution failed due to configuration error: {why}"
    assert _answered(error) == ANSWERS["API_CONFIGURATION_ERROR"]
