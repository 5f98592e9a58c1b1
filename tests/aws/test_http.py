"""One way to speak HTTP: proxies and certificates hold for the calls and for the test over HTTPS alike."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from lambda_over_https.aws.cloud import Cloud
from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.aws.http import LARGEST, Http
from lambda_over_https.aws.sessions import sealed_access, user_access
from lambda_over_https.errors import EndedError, LohError
from lambda_over_https.events import at_step
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import Settings
from tests.kit.account.serving import Server, serving

IDENTITY = (
    b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>"
    b"</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Server()) as running:
        yield running


@pytest.fixture
def proxy() -> Iterator[Server]:
    with serving(Server(answer=b'"from the proxy"')) as running:
        yield running


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    """A file with the authority of ``secure``."""
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(file)
    return str(file)


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Server]:
    """A server with a certificate that nobody knows."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with serving(Server(answer=IDENTITY), context) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


def _post(http: Http, url: str, body: bytes = b"{}") -> bytes:
    return http.post(url, body, {"Content-Type": "application/json"}).body


def _cloud(url: str) -> Cloud:
    return Cloud(user_access(Settings(), "us-east-1"), RunContext(lambda _: None), 0, url)


def test_connections_are_kept(server: Server) -> None:
    http = Http(None, 5)
    for number in range(5):
        _post(http, server.url, str(number).encode())
    assert server.bodies == [b"0", b"1", b"2", b"3", b"4"]
    assert len(server.callers) == 1


def test_a_request_is_sent_at_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """No piece of it waits for the receipt of another, which takes forty times as long as the request."""
    options: list[tuple[object, ...]] = []

    class Noticed(socket.socket):
        def setsockopt(self, *option: Any) -> None:
            options.append(option)
            super().setsockopt(*option)

    monkeypatch.setattr(socket, "socket", Noticed)
    Http(None, 5).post(server.url, b"{}", {})
    assert (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1) in options


def test_a_proxy_is_used_unless_no_proxy_excepts_the_address(
    server: Server, proxy: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    assert _post(Http(None, 5), f"{server.url}/x") == b'"from the proxy"'
    assert (server.asked, proxy.asked) == ([], [f"{server.url}/x"])
    monkeypatch.setenv("NO_PROXY", "example.com,127.0.0.1")
    assert _post(Http(None, 5), f"{server.url}/x") == b"{}"


def test_https_goes_through_the_proxy_too(
    secure: Server, proxy: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with pytest.raises(LohError, match="No answer"):
        _post(Http(None, 5), secure.url)
    assert proxy.asked == [f"CONNECT {secure.url.removeprefix('https://')}"]


def test_direct_means_past_every_proxy(
    server: Server, proxy: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    assert _post(Http(None, 5, direct=True), server.url) == b"{}"
    assert proxy.asked == []


def test_a_certificate_that_nobody_knows_is_refused_with_the_variable_that_helps(secure: Server) -> None:
    with pytest.raises(LohError) as caught:
        _post(Http(None, 5), secure.url)
    assert "AWS_CA_BUNDLE" in caught.value.hint


@pytest.mark.parametrize("name", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_the_users_certificates_hold_for_calls_and_for_the_test_over_https(
    secure: Server, bundle: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, bundle)
    cloud = _cloud(secure.url)
    assert cloud.sts.get_caller_identity()["Account"] == "123456789012"
    assert _post(cloud.http, secure.url) == IDENTITY


def test_the_certificates_of_a_profile_hold_as_well(
    secure: Server, bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text(f"[profile firm]\nca_bundle = {bundle}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    access = user_access(Settings(profile="firm"), "us-east-1")
    assert _post(Http(access.ca_bundle, 5), secure.url) == IDENTITY


def test_a_file_of_certificates_that_is_missing_is_named(secure: Server) -> None:
    with pytest.raises(LohError) as caught:
        _post(Http("/nonexistent/ca.pem", 5), secure.url)
    assert "/nonexistent/ca.pem" in caught.value.message
    assert "AWS_CA_BUNDLE" in caught.value.hint


@pytest.mark.parametrize("endless", ["call", "test"])
def test_an_answer_that_never_ends_is_cut(endless: str, server: Server) -> None:
    server.endless = True
    cloud = _cloud(server.url)
    with pytest.raises(LohError, match=f"no end: {LARGEST // 2**20} MB"):
        cloud.sts.get_caller_identity() if endless == "call" else _post(cloud.http, server.url)
    assert len(server.asked) == 1, "it is not asked for again"


def test_nobody_there_is_an_error_with_a_hint() -> None:
    with pytest.raises(LohError) as caught:
        _post(Http(None, 5), "http://127.0.0.1:9")
    assert "No answer from http://127.0.0.1:9" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize("nobody", [True, False])
def test_where_a_sandbox_has_ended_that_is_what_is_said(ended: bool, nobody: bool, server: Server) -> None:
    """Nobody answers then, or a new sandbox at its address, which does not know the keys."""
    server.status = 403
    access = replace(sealed_access("us-east-1"), direct=True, is_there=lambda: not ended)
    url = "http://127.0.0.1:9" if nobody else server.url
    cloud = Cloud(access, RunContext(lambda _: None), 0, url)
    with pytest.raises(LohError) as caught, at_step("3.2"), explained():
        cloud.sts.get_caller_identity()
    assert isinstance(caught.value, EndedError) is ended
    assert caught.value.step == "3.2"


def test_calls_led_elsewhere_by_the_users_settings_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = Cloud(user_access(Settings(), "us-east-1"), RunContext(lambda _: None), 0)
    assert cloud.led_elsewhere() == {}
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:1")
    cloud = Cloud(user_access(Settings(), "us-east-1"), RunContext(lambda _: None), 0)
    assert cloud.led_elsewhere() == {"lambda": "http://127.0.0.1:1"}
    assert Cloud(sealed_access("us-east-1"), RunContext(lambda _: None), 0).led_elsewhere() == {}
