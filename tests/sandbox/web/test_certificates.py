"""The sandbox's certificate authority: good for loopback's names alone, and not for ever."""

import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509

from lambda_over_https.sandbox.web import certificates


@pytest.fixture
def authority(tmp_path: Path) -> x509.Certificate:
    certificates.issue(tmp_path / "ca.pem")
    return x509.load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())


def test_it_may_sign_for_loopback_alone(authority: x509.Certificate) -> None:
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    permitted = constraints.value.permitted_subtrees or []
    assert [str(each.value) for each in permitted] == ["localhost", "127.0.0.0/8", "::1/128"]
    assert constraints.value.excluded_subtrees is None


def test_it_ends(authority: x509.Certificate) -> None:
    now = datetime.datetime.now(datetime.UTC)
    assert authority.not_valid_before_utc < now
    assert now + datetime.timedelta(days=300) < authority.not_valid_after_utc
    assert authority.not_valid_after_utc < now + datetime.timedelta(days=400)


def test_it_signs_no_other_authority(authority: x509.Certificate) -> None:
    basic = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.value.ca, basic.value.path_length) == (True, 0)
    assert authority.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


@pytest.mark.parametrize(
    ("host", "trusted"),
    [("localhost", True), ("127.0.0.1", True), ("example.com", False), ("notlocalhost", False)],
)
def test_a_stolen_key_would_open_no_other_address(host: str, trusted: bool) -> None:
    stolen = certificates.authority()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    stolen.issue_cert(host).configure_cert(server)
    stolen.configure_trust(client)
    if trusted:
        _shake_hands(server, client, host)
        return
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        _shake_hands(server, client, host)


def _shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> None:
    """A TLS handshake in memory."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(back, there, server_hostname=host)
    theirs = server.wrap_bio(there, back, server_side=True)
    for side in (ours, theirs, ours, theirs):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
