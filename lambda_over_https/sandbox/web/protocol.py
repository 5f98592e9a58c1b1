"""uvicorn's protocol for HTTP/1.1, but header names keep their case, and nothing is upgraded."""

from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_INVALID = "Invalid HTTP request received."


class PlainProtocol(HttpToolsProtocol):  # type: ignore[misc]
    """Serves requests with ``Upgrade`` as if it were not there.

    A server may do so (RFC 9110, section 7.8), and Java's client sends it with every request. The parser
    takes what follows such a head for another protocol's and reads no body, so the head is parsed anew.
    """

    parser: Any

    def on_header(self, name: bytes, value: bytes) -> None:
        """Leave the name as it was sent: a Lambda proxy integration hands it on so."""
        super().on_header(name, value)
        self.headers[-1] = (name, value)

    def on_headers_complete(self) -> None:
        """Begin with the request, unless its head comes once more."""
        if not self.parser.should_upgrade():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the request's body."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._parse_anew(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response(_INVALID)

    def _parse_anew(self, rest: bytes) -> None:
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            self.send_400_response(_INVALID)
            return
        kept = [b"%s: %s" % (name, value) for name, value in self.headers if name.lower() != b"upgrade"]
        head = [b"%s %s HTTP/%s" % (method, self.url, version), *kept, b"", b""]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's own
        self.data_received(b"\r\n".join(head) + rest)
