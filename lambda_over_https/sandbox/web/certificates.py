"""HTTPS on loopback: a certificate authority that lives only in memory, and one certificate signed by it.

The authority's key is never written anywhere, so its certificate can be trusted by a client without giving
anybody the means to impersonate other hosts; each start of the sandbox makes a new one.
"""

import ssl
from pathlib import Path

from lambda_over_https.files import write_private

HOSTS = ("localhost", "127.0.0.1", "*.localhost", "*.execute-api.localhost")


def issue(bundle: Path) -> ssl.SSLContext:
    """Write the authority's certificate to ``bundle`` and return a server context for loopback's names."""
    import trustme

    authority = trustme.CA(organization_name="lambda-over-https sandbox")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS, common_name="localhost").configure_cert(context)
    write_private(bundle, authority.cert_pem.bytes())
    return context
