"""A bundle of certificate authorities for other programs: the sandbox's, and all that they trust already.

``SSL_CERT_FILE`` and variables like it *replace* what a program trusts. If they named the sandbox's authority
alone, every other HTTPS address would fail in that shell.
"""

import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from lambda_over_https.files import write_private

VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""What names a bundle: for OpenSSL and Go; Python's requests; curl; AWS's SDKs; Node.js."""

NAME = "trusted.pem"

_SYSTEM = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # macOS, Alpine, BSD
)
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def write_bundle(ca_bundle: Path, environ: Mapping[str, str]) -> Path:
    """Write a bundle beside the sandbox's own and return its path; the sandbox's authority is its first.

    The others are those of the system, and those that the variables in ``environ`` name.
    """
    bundle = ca_bundle.with_name(NAME)
    named = dict.fromkeys(Path(environ[name]) for name in VARIABLES if environ.get(name))
    others = (each for path in (*named, _system()) for each in _trusted(path, bundle))
    certificates = dict.fromkeys([*_certificates(ca_bundle), *others])
    write_private(bundle, b"\n".join(certificates) + b"\n")
    return bundle


def _trusted(path: Path, bundle: Path) -> Iterable[bytes]:
    """What a file holds. In a bundle written earlier, the first is of a sandbox that may have ended."""
    found = list(_certificates(path))
    return found[1:] if path == bundle else found


def _certificates(path: Path) -> Iterator[bytes]:
    """The certificates of a file in PEM; none if it cannot be read, as for the program that would read it."""
    try:
        content = path.read_bytes()
    except OSError:
        return
    yield from _CERTIFICATE.findall(content)


def _system() -> Path:
    """The system's bundle; where there is none, the one that comes with AWS's SDK."""
    own = ssl.get_default_verify_paths().openssl_cafile
    found = (Path(path) for path in (own, *_SYSTEM) if Path(path).is_file())
    return next(found, None) or _of_the_sdk()


def _of_the_sdk() -> Path:
    spec = find_spec("botocore")
    return Path(*(spec.submodule_search_locations or ()) if spec else ()) / "cacert.pem"
