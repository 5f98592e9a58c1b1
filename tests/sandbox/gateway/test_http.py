"""HTTP and HTTP_PROXY integrations: what the endpoint is asked, and what the client gets."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from lambda_over_https.sandbox.gateway.errors import ConfigurationError, UnsupportedError
from lambda_over_https.sandbox.gateway.integrations.endpoints import client
from lambda_over_https.sandbox.gateway.integrations.endpoints.address import address_of
from lambda_over_https.sandbox.gateway.integrations.endpoints.client import HttpClient
from lambda_over_https.sandbox.gateway.service import Gateway
from lambda_over_https.sandbox.model.apis import IntegrationResponse
from tests.kit.sandbox.endpoints import Endpoint, Told, listening
from tests.kit.sandbox.gateway import API, JSON, World, api, header, lambda_method, said

SENT = {
    "Accept": "application/xml",
    "Content-Type": "application/json",
    "Custom": "one",
    "User-Agent": "test/integration",
}


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with listening(Endpoint()) as started:
        yield started


def world(endpoint: Endpoint, kind: str = "HTTP", path: str = "/", **integration: Any) -> World:
    """An API whose one method has an integration of that kind with the endpoint."""
    uri = integration.pop("uri", f"{endpoint.url}{path}")
    resource = integration.pop("resource", "/things")
    return World(api(lambda_method("ANY", type=kind, uri=uri, **integration), path=resource))


def call(
    world: World, body: bytes | str = b"", path: str = "/things", verb: str = "POST", **more: Any
) -> Any:
    return world.call(body, path, verb, **more)


# What the endpoint is asked


def test_an_http_integration_sends_the_body_and_headers_of_its_own(endpoint: Endpoint) -> None:
    """Recorded: test_http_integration_with_lambda[HTTP]."""
    response = call(world(endpoint), '{"message": "hello world"}', headers=SENT, query="q=1")
    asked = endpoint.last
    assert (asked.verb, asked.target, asked.body) == ("POST", "/", b'{"message": "hello world"}')
    assert {name.lower(): value for name, value in asked.headers} == {
        "accept": "application/json",
        "content-length": "26",
        "content-type": "application/json",
        "host": f"127.0.0.1:{endpoint.port}",
        "user-agent": f"AmazonAPIGateway_{API}",
        "x-amzn-apigateway-api-id": API,
        "x-amzn-trace-id": asked.header("x-amzn-trace-id"),
    }
    assert (response.status, said(response)) == (200, {})
    assert header(response, "X-Amzn-Trace-Id")


def test_a_proxy_passes_the_request_on(endpoint: Endpoint) -> None:
    """Recorded: test_http_integration_with_lambda[HTTP_PROXY]."""
    call(world(endpoint, "HTTP_PROXY"), b"\x00\xff", headers=SENT, query="q=1&q=2&r=a%20b")
    asked = endpoint.last
    assert (asked.verb, asked.target, asked.body) == ("POST", "/?q=1&q=2&r=a+b", b"\x00\xff")
    assert {name: asked.header(name) for name in SENT} == SENT
    assert asked.header("x-amzn-apigateway-api-id") == API
    assert asked.header("X-Forwarded-For") == "127.0.0.1"
    assert asked.header("Host") == f"127.0.0.1:{endpoint.port}"


@pytest.mark.parametrize("kind", ["HTTP", "HTTP_PROXY"])
def test_the_verb_is_the_integrations_and_any_is_the_clients(endpoint: Endpoint, kind: str) -> None:
    """Recorded: test_http_integration_method."""
    call(world(endpoint, kind, http_method="PUT"), verb="GET")
    call(world(endpoint, kind, http_method="ANY"), verb="DELETE")
    assert [asked.verb for asked in endpoint.asked] == ["PUT", "DELETE"]


def test_what_is_no_method_is_not_sent(endpoint: Endpoint) -> None:
    """The client may name any verb for a method ANY: X-HTTP-Method-Override."""
    proxy = world(endpoint, "HTTP_PROXY", http_method="ANY")
    assert call(proxy, headers={"X-HTTP-Method-Override": "GET /other HTTP/1.1"}).status == 500
    assert endpoint.asked == []


def test_mapped_parameters_join_the_uris_and_replace_the_clients(endpoint: Endpoint) -> None:
    """Recorded: test_http_proxy_integration_request_data_mappings."""
    mapped = {
        "integration.request.header.headerVar": "method.request.header.foobar",
        "integration.request.path.qsVar": "method.request.querystring.testVar",
        "integration.request.path.pathVar": "method.request.path.pathVariable",
        "integration.request.querystring.queryString": "method.request.querystring.testQueryString",
        "integration.request.querystring.testQs": "method.request.querystring.testQueryString",
        "integration.request.querystring.testEmptyQs": "method.request.header.emptyheader",
    }
    path = "/?testVar={pathVar}&testQs={qsVar}"
    mapping = world(endpoint, "HTTP_PROXY", path, request_parameters=mapped, resource="/{pathVariable}")
    headers = {"foobar": "mapped-value", "headerVar": "request-value"}
    call(mapping, path="/foobar", headers=headers, query="testQueryString=foo&testVar=bar")
    asked = endpoint.last
    assert sorted(asked.target.removeprefix("/?").split("&")) == [
        "queryString=foo",
        "testQs=bar",
        "testQs=foo",
        "testQueryString=foo",
        "testVar=bar",
        "testVar=foobar",
    ]
    assert asked.header("headervar") == "mapped-value"


def test_a_greedy_path_stays_a_path(endpoint: Endpoint) -> None:
    """Guide, "Set up a proxy integration with a proxy resource"."""
    mapped = {"integration.request.path.proxy": "method.request.path.proxy"}
    greedy = world(endpoint, "HTTP_PROXY", "/v1/{proxy}", request_parameters=mapped, resource="/{proxy+}")
    call(greedy, path="/pets/a%20b/1")
    assert endpoint.last.target == "/v1/pets/a%20b/1"


def test_an_http_integration_maps_body_query_headers_and_stage_variables(endpoint: Endpoint) -> None:
    template = (
        '#set($context.requestOverride.header.Extra = "written")'
        '#set($context.requestOverride.querystring.page = "2")'
        '{"wrapped": $input.body}'
    )
    mapped = {
        "integration.request.header.Custom": "'static'",
        "integration.request.querystring.q": "method.request.querystring.search",
    }
    mapping = world(
        endpoint,
        uri="http://${stageVariables.host}/v1",
        request_templates={"application/json": template},
        request_parameters=mapped,
    ).with_stage(variables={"host": f"localhost:{endpoint.port}"})
    call(mapping, '{"a": 1}', headers=JSON, query="search=x%26y")
    asked = endpoint.last
    assert (asked.target, asked.body) == ("/v1?q=x%26y&page=2", b'{"wrapped": {"a": 1}}')
    assert (asked.header("Custom"), asked.header("Extra")) == ("static", "written")
    assert asked.header("Host") == f"localhost:{endpoint.port}"


def test_some_mapped_headers_are_dropped_and_two_are_refused(endpoint: Endpoint) -> None:
    """Recorded: test_apigateway_header_remapping_http."""
    for name in ("Connection", "Expect", "Proxy-Authenticate", "TE"):
        call(world(endpoint, request_parameters={f"integration.request.header.{name}": "'gzip'"}))
        assert endpoint.last.header(name) is None
    passed = world(endpoint, request_parameters={"integration.request.header.Authorization": "'mine'"})
    call(passed, headers={"Authorization": "theirs"})
    assert endpoint.last.header("Authorization") == "mine"
    before = len(endpoint.asked)
    for name in ("Content-Length", "Transfer-Encoding"):
        for kind in ("HTTP", "HTTP_PROXY"):
            refused = world(endpoint, kind, request_parameters={f"integration.request.header.{name}": "'0'"})
            assert call(refused).status == 500
    assert len(endpoint.asked) == before


# What the client gets


def test_the_status_chooses_the_integration_response(endpoint: Endpoint) -> None:
    """Recorded: test_http_integration_status_code_selection."""
    endpoint.answer = lambda asked: Told(int(asked.target[1:]))
    mapped = {"integration.request.path.status": "method.request.path.status"}
    responses = (IntegrationResponse("200"), IntegrationResponse("400", r"4\d{2}"))
    choosing = world(
        endpoint, path="/{status}", request_parameters=mapped, responses=responses, resource="/{status}"
    )
    statuses = {sent: call(choosing, path=f"/{sent}").status for sent in ("404", "201", "500", "301")}
    assert statuses == {"404": 400, "201": 200, "500": 200, "301": 200}


def test_an_integration_response_maps_headers_and_body(endpoint: Endpoint) -> None:
    endpoint.answer = lambda _: Told(
        body=b'{"json": {"nested": [{"foo": "bar"}]}}', headers=[("X-Own", "mine")]
    )
    response = IntegrationResponse(
        "200",
        response_parameters={"method.response.header.Theirs": "integration.response.header.x-own"},
        response_templates={"application/json": '#set($r = $input.path("$.json"))$r.nested'},
    )
    answered = call(world(endpoint, responses=(response,)))
    assert answered.body == b'[{"foo":"bar"}]'
    assert (header(answered, "Theirs"), header(answered, "X-Own")) == ("mine", None)


def test_a_proxy_answers_as_the_endpoint_with_reserved_headers_renamed(endpoint: Endpoint) -> None:
    """Recorded: test_apigateway_header_remapping_http[HTTP_PROXY]."""
    lines = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("x-amzn-RequestId", "theirs"), ("Location", "/x")]
    endpoint.answer = lambda _: Told(302, "é".encode(), [*lines, ("Content-Type", "text/plain")])
    response = call(world(endpoint, "HTTP_PROXY"))
    assert (response.status, response.body.decode()) == (302, "é")
    assert [value for name, value in response.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert header(response, "Content-Type") == "text/plain"
    assert header(response, "Location") == "/x", "no redirect is followed"
    assert header(response, "x-amzn-Remapped-x-amzn-RequestId") == "theirs"
    assert header(response, "x-amzn-Remapped-Content-Length") == "2"
    assert header(response, "x-amzn-Remapped-Server")
    assert len(endpoint.asked) == 1


def test_a_binary_answer_passes_if_the_api_calls_its_type_binary(endpoint: Endpoint) -> None:
    endpoint.answer = lambda _: Told(body=b"\x89PNG\xff", headers=[("Content-Type", "image/png")])
    text = world(endpoint, "HTTP_PROXY")
    binary = World(
        api(*text.api.resources["res1"].methods.values(), path="/things", binary_media_types=["image/png"])
    )
    assert call(binary).body == b"\x89PNG\xff"
    assert call(text).body == "\ufffdPNG\ufffd".encode()


# When there is no answer


@pytest.mark.parametrize("kind", ["HTTP", "HTTP_PROXY"])
def test_an_endpoint_that_does_not_listen_is_a_504(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    response = call(world(Endpoint(port=port), kind))
    assert (response.status, said(response)) == (
        504,
        {"message": "Network error communicating with endpoint"},
    )


@contextmanager
def saying(raw: bytes) -> Iterator[int]:
    """A server that answers each connection with these bytes, and leaves it open if there are none."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held = []

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                held.append(connection)
                if raw:
                    connection.recv(2**16)
                    connection.sendall(raw)
                    connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in held:
                connection.close()


@pytest.mark.parametrize(
    "raw", [b"SMTP ready\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", b"\r\n"]
)
def test_what_is_no_whole_http_response_is_a_504(raw: bytes) -> None:
    with saying(raw) as port:
        response = call(world(Endpoint(port=port), "HTTP_PROXY"))
    assert (response.status, said(response)) == (
        504,
        {"message": "Network error communicating with endpoint"},
    )


def test_an_endpoint_slower_than_the_integrations_timeout_is_a_504() -> None:
    with saying(b"") as port:
        response = call(world(Endpoint(port=port), timeout_in_millis=50))
    assert (response.status, said(response)) == (504, {"message": "Endpoint request timed out"})


def test_an_endless_answer_is_a_500(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LARGEST", 100)
    endpoint.answer = lambda _: Told(body=b"x" * 101)
    assert call(world(endpoint, "HTTP_PROXY")).status == 500


# Where a request may go


@pytest.mark.parametrize(
    "uri",
    [
        "http://example.com/",
        "https://10.0.0.1/",
        "http://localhost.example.com/",
        "http://0.0.0.0/",
        "http://[::2]/",
    ],
)
def test_another_machine_is_never_called(uri: str) -> None:
    with pytest.raises(UnsupportedError, match="it calls this machine alone"):
        address_of(uri, {}, "")


@pytest.mark.parametrize(
    ("uri", "addresses", "url"),
    [
        ("http://localhost:3000", ("127.0.0.1", "::1"), "http://localhost:3000/"),
        ("http://API.localhost/a", ("127.0.0.1", "::1"), "http://API.localhost/a"),
        ("https://[::1]:8443/a//b?c=d", ("::1",), "https://[::1]:8443/a/b?c=d"),
        ("http://127.0.0.9/", ("127.0.0.9",), "http://127.0.0.9/"),
    ],
)
def test_names_and_addresses_of_this_machine(uri: str, addresses: tuple[str, ...], url: str) -> None:
    """RFC 6761: names below localhost are loopback's. A server may listen on ::1 alone, as Node.js's do."""
    address = address_of(uri, {}, "")
    assert (address.addresses, address.url) == (addresses, url)


def test_the_log_of_a_test_names_the_host_that_is_not_called() -> None:
    answer = world(Endpoint(), uri="https://example.com/pets").test("GET")
    assert (answer["status"], answer["body"]) == (500, '{"message": "Internal server error"}')
    assert "the sandbox does not support an HTTP integration with example.com" in answer["log"]


@pytest.mark.parametrize(
    "uri", ["http://", "https://${stageVariables.host}", "http://127.0.0.1/{id}", "ftp://localhost/"]
)
def test_an_invalid_address_is_a_500_that_the_log_explains(uri: str) -> None:
    """Recorded: test_failed_invoke_test_method."""
    answer = world(Endpoint(), "HTTP_PROXY", uri=uri).test("GET")
    assert (answer["status"], answer["body"]) == (500, '{"message": "Internal server error"}')
    assert "Execution failed due to configuration error: Invalid endpoint address" in answer["log"]


@pytest.mark.parametrize(
    "uri",
    [
        "http://user:secret@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nX: y",
    ],
)
def test_what_is_no_plain_address_is_refused(uri: str) -> None:
    with pytest.raises(ConfigurationError, match="Invalid endpoint address"):
        address_of(uri, {}, "")


def test_the_log_of_a_test_shows_both_messages(endpoint: Endpoint) -> None:
    log = world(endpoint, path="/v1").test("GET", pathWithQueryString="/things")["log"]
    for line in (
        f"Endpoint request URI: {endpoint.url}/v1",
        f"Sending request to {endpoint.url}/v1",
        "Received response. Status: 200, Integration latency: ",
        "Endpoint response body before transformations: {}",
    ):
        assert line in log


# HTTPS


def test_https_needs_a_certificate_that_is_trusted_unless_it_is_not_verified(tmp_path: Path) -> None:
    """API reference, TlsConfig."""
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("api.localhost").configure_cert(server)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    with listening(Endpoint(), server) as endpoint:
        uri = f"https://api.localhost:{endpoint.port}/"
        checked, unchecked = world(endpoint, uri=uri), world(endpoint, uri=uri, skip_verification=True)
        assert (call(checked).status, call(unchecked).status) == (500, 200)
        checked.gateway = Gateway(checked, checked.invoke, client=HttpClient(lambda: trusted))
        assert call(checked).status == 200
        elsewhere = world(endpoint, uri=f"https://127.0.0.1:{endpoint.port}/")
        elsewhere.gateway = Gateway(elsewhere, elsewhere.invoke, client=HttpClient(lambda: trusted))
        assert call(elsewhere).status == 500
