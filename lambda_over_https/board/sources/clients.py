"""Clients for the sandbox that the board keeps: to make one takes longer than to use it."""

from functools import lru_cache
from typing import Any

from lambda_over_https.sandbox.client.record import Sandbox


@lru_cache(maxsize=2)
def client(sandbox: Sandbox, service: str, region: str) -> Any:
    """A client for one service of this sandbox."""
    from lambda_over_https.aws.sessions import sealed_access

    access = sealed_access(region, sandbox.ca_bundle, (sandbox.access_key_id, sandbox.secret_access_key))
    make: Any = access.session.client
    return make(service, endpoint_url=sandbox.endpoint_url)
