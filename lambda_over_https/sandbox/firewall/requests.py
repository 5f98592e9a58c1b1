"""A web request as WAF's statements look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class WebRequest:
    """``path`` begins with the stage; header names are in lower case; ``received`` is epoch seconds."""

    client: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    received: float

    def query_argument(self, name: str) -> str:
        """The first value of a query argument, whatever its case; "" if there is none."""
        pairs = parse_qsl(self.query, keep_blank_values=True)
        return next((value for sent, value in pairs if sent.lower() == name.lower()), "")
