"""The listener: whole requests in, whole responses out, on a connection that stays open."""

import asyncio
import http.client

from lambda_over_https.sandbox.http import Request, Response, listen


def test_a_status_without_content_leaves_the_connection_usable() -> None:
    """A body after 204 would be read as the beginning of the next response."""

    async def handler(request: Request) -> Response:
        return Response(204 if request.path == "/empty" else 200, b"{}")

    async def scenario() -> list[tuple[int, bytes, str | None]]:
        listener = await listen(handler)
        try:
            return await asyncio.to_thread(ask, listener.port, ["/empty", "/full", "/empty", "/full"])
        finally:
            await listener.close()

    empty, full = (204, b"", None), (200, b"{}", "2")
    assert asyncio.run(scenario()) == [empty, full, empty, full]


def ask(port: int, paths: list[str]) -> list[tuple[int, bytes, str | None]]:
    """Status, body and Content-Length of requests on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        answers = []
        for path in paths:
            connection.request("GET", path)
            response = connection.getresponse()
            answers.append((response.status, response.read(), response.getheader("Content-Length")))
        return answers
    finally:
        connection.close()
