"""uvicorn's protocol for HTTP/1.1, with header names in the case that was sent, and without upgrades."""

from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_INVALID = "Invalid HTTP request received."


class PlainProtocol(HttpToolsProtocol):  # type: ignore[misc]
    """Ignores the ``Upgrade`` header of a request, as a server may do (RFC 9110, section 7.8).

    Java's HTTP client sends that header with every request. The parser takes what follows such a request's
    head for another protocol and reads no body, so this class parses the head again without the header.
    """

    parser: Any

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the name as it was sent: the event of a Lambda proxy integration has it so."""
        super().on_header(name, value)
        self.headers[-1] = (name, value)

    def on_headers_complete(self) -> None:
        """Begin with the request, unless its head will be parsed again."""
        if not self.parser.should_upgrade():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the request's body, unless its head will be parsed again."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._parse_again(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response(_INVALID)

    def _parse_again(self, rest: bytes) -> None:
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            self.send_400_response(_INVALID)
            return
        kept = [b"%s: %s" % (name, value) for name, value in self.headers if name.lower() != b"upgrade"]
        head = [b"%s %s HTTP/%s" % (method, self.url, version), *kept, b"", b""]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # uvicorn sets this too
        self.data_received(b"\r\n".join(head) + rest)
