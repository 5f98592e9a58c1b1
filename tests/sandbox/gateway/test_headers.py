"""Headers that API Gateway keeps for itself, on their way to the function and back to the client.

Developer guide, "Amazon API Gateway important notes": the table of headers that may be dropped, remapped or
otherwise modified. The lists here are that table's, not the sandbox's.
"""

from typing import Any

import pytest

from lambda_over_https.sandbox.gateway.errors import ConfigurationError
from lambda_over_https.sandbox.gateway.mapping.headers import check_mappable, sendable
from lambda_over_https.sandbox.model.apis import Resource
from lambda_over_https.sandbox.web.headers import is_header
from tests.kit.sandbox.gateway import World, api, header, lambda_method

DROPPED = (
    "Connection",
    "Content-Length",
    "Content-MD5",
    "Expect",
    "Max-Forwards",
    "Proxy-Authenticate",
    "Server",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "WWW-Authenticate",
)
REMAPPED = (
    "Authorization",
    "Connection",
    "Content-Length",
    "Content-MD5",
    "Date",
    "Expect",
    "Host",
    "Max-Forwards",
    "Proxy-Authenticate",
    "Server",
    "Trailer",
    "Upgrade",
    "User-Agent",
    "WWW-Authenticate",
)
NOT_TO_SET = (
    "Authorization",
    "Connection",
    "Content-Length",
    "Expect",
    "Proxy-Authenticate",
    "TE",
    "Transfer-Encoding",
)


def proxied(**headers: str) -> dict[str, Any]:
    """The headers of the event that a proxy integration makes of a request with these."""
    resource = Resource("res1", "/x", {"ANY": lambda_method("ANY", type="AWS_PROXY")})
    world = World(api(resources=[resource]), handler=lambda _: {"statusCode": 200})
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    assert world.call(path="/x", headers=sent).status == 200
    (event,) = world.events
    return {name.lower(): value for name, value in event["headers"].items()}


@pytest.mark.parametrize("spelling", [str, str.lower, str.upper])
@pytest.mark.parametrize("name", DROPPED)
def test_a_header_of_the_connection_does_not_reach_the_function(name: str, spelling: Any) -> None:
    assert name.lower() not in proxied(**{spelling(name): "value"})


def test_any_other_header_reaches_the_function_as_it_was_sent() -> None:
    headers = proxied(X_Mine="1", Authorization="Bearer x", User_Agent="curl", Cookie="a=b")
    assert headers.items() >= {
        ("x-mine", "1"),
        ("authorization", "Bearer x"),
        ("user-agent", "curl"),
        ("cookie", "a=b"),
    }


def test_the_addresses_that_a_request_came_by_are_kept_and_the_client_s_is_added() -> None:
    assert proxied()["x-forwarded-for"] == "127.0.0.1"
    assert proxied(X_Forwarded_For="203.0.113.7")["x-forwarded-for"] == "203.0.113.7, 127.0.0.1"
    several = proxied(X_Forwarded_For="203.0.113.7, 198.51.100.1")
    assert several["x-forwarded-for"] == "203.0.113.7, 198.51.100.1, 127.0.0.1"


def test_port_and_protocol_are_those_of_the_gateway_whatever_the_client_says() -> None:
    told = proxied(X_Forwarded_Port="1", X_Forwarded_Proto="gopher", X_Amzn_Trace_Id="mine")
    assert (told["x-forwarded-port"], told["x-forwarded-proto"]) == ("8471", "https")
    assert told["x-amzn-trace-id"].startswith("Root=1-")


@pytest.mark.parametrize("name", REMAPPED)
def test_a_reserved_header_of_an_answer_goes_out_under_another_name(name: str) -> None:
    assert sendable([(name, "v"), (name.lower() + "x", "w")]) == [
        (f"x-amzn-Remapped-{name}", "v"),
        (name.lower() + "x", "w"),
    ]
    assert sendable([(name.lower(), "v")]) == [(f"x-amzn-Remapped-{name.lower()}", "v")]


@pytest.mark.parametrize("name", ["Transfer-Encoding", "transfer-encoding", "TRANSFER-ENCODING"])
def test_a_transfer_encoding_never_goes_out(name: str) -> None:
    assert sendable([(name, "chunked"), ("X", "1")]) == [("X", "1")]
    proxy = World(
        api(resources=[Resource("res1", "/x", {"ANY": lambda_method("ANY", type="AWS_PROXY")})]),
        handler=lambda _: {"headers": {name: "chunked"}},
    )
    assert header(proxy.call(path="/x"), "Transfer-Encoding") is None


def test_of_two_spellings_of_a_header_the_last_goes_out() -> None:
    assert sendable([("X-A", "1"), ("Y", "2"), ("x-a", "3")]) == [("x-a", "3"), ("Y", "2")]


@pytest.mark.parametrize("name", NOT_TO_SET)
def test_an_integration_may_not_set_what_is_the_gateway_s(name: str) -> None:
    for spelling in (name, name.lower()):
        with pytest.raises(ConfigurationError, match=f"{spelling} header already present"):
            check_mappable(["X-Fine", spelling])
    check_mappable(["X-Fine", f"X-{name}"])


@pytest.mark.parametrize("name", NOT_TO_SET)
def test_an_http_integration_may_set_all_but_how_its_body_is_sent(name: str) -> None:
    if name in ("Content-Length", "Transfer-Encoding"):
        with pytest.raises(ConfigurationError, match=f"{name} header already present"):
            check_mappable([name], http=True)
    else:
        check_mappable([name, name.lower()], http=True)


@pytest.mark.parametrize("kind", ["AWS", "AWS_PROXY"])
@pytest.mark.parametrize("name", NOT_TO_SET)
def test_an_integration_that_sets_a_header_of_its_transport_fails(kind: str, name: str) -> None:
    """Recorded: test_apigateway_header_remapping_aws."""
    mapped = {f"integration.request.header.{name}": "'value'"}
    world = World(api(lambda_method(type=kind, request_parameters=mapped)), handler=lambda _: {})
    assert (world.call("{}").status, world.events) == (500, [])


@pytest.mark.parametrize(
    ("name", "value", "valid"),
    [
        ("X-A", "plain", True),
        ("X-A", "", True),
        ("X-A", "tab\tand é", True),
        ("X!#$%&'*+.^_`|~-9", "v", True),
        ("", "v", False),
        ("X A", "v", False),
        ("X:A", "v", False),
        ("X-Ä", "v", False),
        ("X-A", "a\r\nb: c", False),
        ("X-A", "a\nb", False),
        ("X-A", "\x00", False),
        ("X-A", "\x7f", False),
        ("X-A", "Ž", False),
    ],
)
def test_what_cannot_stand_in_a_header_is_refused(name: str, value: str, valid: bool) -> None:
    assert is_header(name, value) is valid
    if valid:
        assert sendable([(name, value)]) == [(name, value)]
        return
    with pytest.raises(ConfigurationError, match="not a header"):
        sendable([(name, value)])
