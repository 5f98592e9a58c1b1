"""The sandbox's HTTP: whole requests in, whole responses out, nothing unbounded."""

import asyncio
import http.client
from collections.abc import Callable

from lambda_over_https.sandbox.web.http import MAX_BODY, Request, Response, listen


def _served(ask: Callable[[http.client.HTTPConnection], None], max_body: int = MAX_BODY) -> list[Request]:
    """Serve an echo while ``ask`` talks to it from another thread; what arrived."""
    arrived: list[Request] = []

    async def handler(request: Request) -> Response:
        arrived.append(request)
        return Response(200, request.body, (("X-Seen", request.method),))

    async def serve() -> None:
        listener = await listen(handler, admit=lambda _: max_body)
        connection = http.client.HTTPConnection("127.0.0.1", listener.port, timeout=20)
        try:
            await asyncio.to_thread(ask, connection)
        finally:
            connection.close()
            await listener.close()

    asyncio.run(serve())
    return arrived


def test_one_connection_serves_many_requests_each_with_its_own_answer() -> None:
    def ask(connection: http.client.HTTPConnection) -> None:
        for number in range(3):
            connection.request("POST", f"/a%20b?n={number}", f"body {number}")
            answer = connection.getresponse()
            assert answer.read() == f"body {number}".encode()
            assert answer.getheader("Date")

    arrived = _served(ask)
    assert [(each.path, each.query) for each in arrived] == [("/a%20b", f"n={number}") for number in range(3)]


def test_header_names_keep_their_case() -> None:
    """Recorded on AWS: test_aws_proxy_response_payload_format_validation."""

    def ask(connection: http.client.HTTPConnection) -> None:
        for asked, told in (("keep-alive", "keep-alive"), ("close", "close")):
            connection.request("GET", "/", headers={"Connection": asked})
            answer = connection.getresponse()
            assert answer.read() == b""
            names = [name for name, _ in answer.getheaders()]
            assert names == ["Date", "X-Seen", "Content-Length", "Connection"]
            assert answer.getheader("Connection") == told

    assert len(_served(ask)) == 2


def test_a_chunked_body_arrives_whole() -> None:
    def ask(connection: http.client.HTTPConnection) -> None:
        connection.request("POST", "/", iter([b"one ", b"two"]), encode_chunked=True)
        assert connection.getresponse().read() == b"one two"

    assert [each.body for each in _served(ask)] == [b"one two"]


def test_a_body_beyond_the_limit_is_413_and_is_not_kept() -> None:
    def ask(connection: http.client.HTTPConnection) -> None:
        connection.request("POST", "/", b"x" * 1001)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (413, b'{"message":"Request Too Long"}')
        connection.request("POST", "/", b"x" * 1000)
        assert connection.getresponse().status == 200

    assert [len(each.body) for each in _served(ask, max_body=1000)] == [1000]


def test_a_request_that_would_upgrade_is_served_as_it_is_with_its_body() -> None:
    """Java's client asks for HTTP/2 so with every request; a server may ignore it (RFC 9110, section 7.8)."""
    asking = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMA"}

    def ask(connection: http.client.HTTPConnection) -> None:
        connection.request("POST", "/whole", b"one", asking)
        assert connection.getresponse().read() == b"one"
        connection.request("POST", "/chunked", iter([b"t", b"wo"]), asking, encode_chunked=True)
        assert connection.getresponse().read() == b"two"
        connection.request("GET", "/none", headers=asking)
        assert connection.getresponse().status == 200

    arrived = _served(ask)
    assert [(each.path, each.body) for each in arrived] == [
        ("/whole", b"one"),
        ("/chunked", b"two"),
        ("/none", b""),
    ]
    assert all(each.headers["http2-settings"] == "AAMA" for each in arrived)


def test_pipelined_requests_are_answered_in_their_order_also_if_one_would_upgrade() -> None:
    upgrade = b"POST /1 HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\none"
    plain = b"POST /2 HTTP/1.1\r\nContent-Length: 3\r\nConnection: close\r\n\r\ntwo"

    def ask(connection: http.client.HTTPConnection) -> None:
        connection.connect()
        connection.sock.sendall(upgrade + plain)
        answers = b"".join(iter(lambda: connection.sock.recv(4096), b""))
        assert [part[:3] for part in answers.split(b"\r\n\r\n")[1:]] == [b"one", b"two"]

    assert [each.body for each in _served(ask)] == [b"one", b"two"]


def test_no_tunnel_is_opened() -> None:
    def ask(connection: http.client.HTTPConnection) -> None:
        connection.connect()
        connection.sock.sendall(b"CONNECT example.org:443 HTTP/1.1\r\n\r\n")
        assert connection.sock.recv(4096).startswith(b"HTTP/1.1 400 ")

    assert _served(ask) == []
