"""HTTPS on loopback: a certificate authority that lives only in memory, and one certificate signed by it.

The authority's key is never written to disk, and its certificate is good for loopback's names alone (name
constraints: RFC 5280, section 4.2.1.10). So a client can trust it, and nobody can use it to impersonate other
hosts. Each start of the sandbox makes a new authority.
"""

import datetime
import ipaddress
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_over_https.files import write_private

if TYPE_CHECKING:
    import trustme

HOSTS = ("localhost", "127.0.0.1", "*.localhost", "*.execute-api.localhost")
CA_BUNDLE = "ca.pem"
"""The file with the authority's certificate, in the sandbox's folder."""

LIFETIME = datetime.timedelta(days=365)
"""Longer than any sandbox runs."""

_SIGNS_CERTIFICATES = (False, False, False, False, False, True, False, False, False)
"""Of the nine usages of a key (RFC 5280, section 4.2.1.3), keyCertSign."""

_BEFORE = datetime.timedelta(days=1)  # for clients whose clock is behind


def issue(bundle: Path) -> ssl.SSLContext:
    """Write the authority's certificate to ``bundle``; return a server context for loopback's host names."""
    own, begins = authority(), datetime.datetime.now(datetime.UTC) - _BEFORE
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf = own.issue_cert(*HOSTS, common_name="localhost", not_before=begins, not_after=begins + LIFETIME)
    leaf.configure_cert(context)
    write_private(bundle, own.cert_pem.bytes())
    return context


def trusting(bundle: Path) -> ssl.SSLContext:
    """A client context that trusts what the machine does, and the authority of ``bundle`` if there is one."""
    context = ssl.create_default_context()
    if bundle.exists():
        context.load_verify_locations(bundle)
    return context


def authority() -> "trustme.CA":
    """An authority that may sign certificates for loopback's names only; trustme's own may for all."""
    import trustme
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, begins = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC) - _BEFORE
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "lambda-over-https sandbox")])
    loopback = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_network("127.0.0.0/8")),
        x509.IPAddress(ipaddress.ip_network("::1/128")),
    ]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(loopback, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.KeyUsage(*_SIGNS_CERTIFICATES), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return trustme.CA.from_pem(certificate.public_bytes(encoding), key.private_bytes(encoding, form, plain))
