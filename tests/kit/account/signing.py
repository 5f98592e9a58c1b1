"""Requests signed by botocore itself, for tests that send what no SDK would."""

import http.client
from collections.abc import Mapping
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from lambda_over_https.sandbox.client.record import Sandbox


def signed(
    keys: Credentials,
    service: str,
    method: str,
    url: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> dict[str, str]:
    """The headers, and those that sign the request to ``url`` for the service in us-east-1."""
    request = AWSRequest(method, url, dict(headers or {}), body)
    sign: Any = SigV4Auth(keys, service, "us-east-1")
    sign.add_auth(request)
    return dict(request.headers.items())


def operator(sandbox: Sandbox) -> Credentials:
    """The operator's keys."""
    return Credentials(sandbox.access_key_id, sandbox.secret_access_key)


def ask(
    sandbox: Sandbox,
    service: str,
    method: str,
    path: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> tuple[int, str]:
    """Send a request that the operator has signed; the answer's status, and its head and body as one text."""
    url = sandbox.endpoint_url + path
    whole = signed(operator(sandbox), service, method, url, headers, body)
    return send(sandbox, method, path, whole, body)


def send(
    sandbox: Sandbox, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
) -> tuple[int, str]:
    """Send a request as it is; the answer's status, and its head and body as one text."""
    connection = http.client.HTTPConnection(sandbox.endpoint_url.removeprefix("http://"), timeout=30)
    try:
        connection.request(method, path, body or None, dict(headers))
        answer = connection.getresponse()
        return answer.status, f"{answer.headers}\n{answer.read().decode(errors='replace')}"
    finally:
        connection.close()
