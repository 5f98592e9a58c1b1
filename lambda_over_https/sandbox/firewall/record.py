"""What WAF remembers of the requests it saw: the samples that GetSampledRequests gives."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lambda_over_https.sandbox.firewall.requests import WebRequest

KEPT: Final = 500
"""Requests of each rule, the latest: as many as GetSampledRequests gives at most."""

KEPT_SECONDS: Final = 3 * 3600
"""How far back GetSampledRequests can look (its API reference)."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One request and what a rule did with it: ALLOW, BLOCK or COUNT."""

    request: WebRequest
    action: str

    def told(self) -> dict[str, Any]:
        """The sample as GetSampledRequests tells it; the country of this machine is not known."""
        request = self.request
        uri = f"{request.path}?{request.query}" if request.query else request.path
        return {
            "Request": {
                "ClientIP": request.client,
                "Country": "-",
                "URI": uri,
                "Method": request.method,
                "HTTPVersion": "HTTP/1.1",
                "Headers": [{"Name": name, "Value": value} for name, value in request.headers.items()],
            },
            "Weight": 1,
            "Timestamp": request.received,
            "Action": self.action,
        }


class Record:
    """The samples of all web ACLs, by the metric's name of the rule."""

    def __init__(self) -> None:
        self._samples: dict[tuple[str, str], deque[Sample]] = {}

    def add(self, web_acl_arn: str, metric: str, request: WebRequest, action: str) -> None:
        """Remember what a rule did with a request."""
        samples = self._samples.setdefault((web_acl_arn, metric), deque(maxlen=KEPT))
        samples.append(Sample(request, action))

    def between(self, web_acl_arn: str, metric: str, start: float, end: float) -> Iterator[Sample]:
        """The samples of that time, the oldest first."""
        samples = list(self._samples.get((web_acl_arn, metric), ()))
        return (each for each in samples if start <= each.request.received <= end)

    def forget(self, web_acl_arn: str) -> None:
        """Forget the samples of a web ACL that is gone."""
        for key in [key for key in list(self._samples) if key[0] == web_acl_arn]:
            self._samples.pop(key, None)
