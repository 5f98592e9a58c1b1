"""HTTPS on loopback: a certificate authority that lives only in memory, and one certificate signed by it.

The authority's key is never written to disk. So a client can trust its certificate, and nobody can use it to
impersonate other hosts. Each start of the sandbox makes a new authority.
"""

import ssl
from pathlib import Path

from lambda_over_https.files import write_private

HOSTS = ("localhost", "127.0.0.1", "*.localhost", "*.execute-api.localhost")


def issue(bundle: Path) -> ssl.SSLContext:
    """Write the authority's certificate to ``bundle``; return a server context for loopback's host names."""
    import trustme

    authority = trustme.CA(organization_name="lambda-over-https sandbox")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS, common_name="localhost").configure_cert(context)
    write_private(bundle, authority.cert_pem.bytes())
    return context
