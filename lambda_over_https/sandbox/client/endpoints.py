"""Requests to the sandbox's own endpoints, ``/_sandbox/...``."""

import json
from typing import Any

from lambda_over_https.errors import LohError
from lambda_over_https.sandbox.client.record import Sandbox

ANSWER_SECONDS = 3.0


def request(sandbox: Sandbox, method: str, path: str, body: Any = None) -> bytes:
    """The answer of one of the sandbox's own endpoints. OSError if there is none, LohError if it refuses."""
    import http.client  # imported late: it takes as long to load as the rest of this module

    host, _, port = sandbox.endpoint_url.removeprefix("http://").rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=ANSWER_SECONDS)
    try:
        headers = {"Authorization": f"Bearer {sandbox.secret}"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        answer = response.read()
    except http.client.HTTPException as error:
        raise ConnectionError(f"{sandbox.endpoint_url} does not speak HTTP: {error!r}") from error
    finally:
        connection.close()
    if response.status >= 400:
        raise LohError(
            f"The sandbox refused the request: {json.loads(answer).get('message', response.reason)}"
        )
    return answer
