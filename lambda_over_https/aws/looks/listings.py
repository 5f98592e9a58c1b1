"""Listings for which boto3 has no paginator; and an end to all: what always has one more page is not AWS."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.aws.errors.meaning import NOT_AWS
from lambda_over_https.errors import LohError
from lambda_over_https.events import current_step

LONGEST = 200
"""Pages of one listing: an account has 600 REST APIs at first, and a page 500."""

LONGER = {"FilterLogEvents": 5000}
"""Logs are long, and a page of them may be empty."""

_NEXT_PAGE = frozenset(
    {"ExclusiveStartKey", "Marker", "nextToken", "NextToken", "PaginationToken", "position"}
)
"""Parameters that ask for a further page."""


FIREWALL_PAGE = 100
"""Web ACLs or IP sets on a page of AWS WAF's listings (API reference, ``Limit``)."""


def firewall_items(waf: Any, kind: str) -> Iterator[Any]:
    """What AWS WAF lists of a kind, ``WebACLs`` or ``IPSets``; boto3 has no paginators for it."""
    ask, marker = waf.list_web_acls if kind == "WebACLs" else waf.list_ip_sets, ""
    while True:
        page = ask(Scope="REGIONAL", Limit=FIREWALL_PAGE, **({"NextMarker": marker} if marker else {}))
        yield from page[kind]
        marker = page.get("NextMarker", "") if len(page[kind]) == FIREWALL_PAGE else ""
        if not marker:
            return


LOG_GROUP_PAGE = 1000
"""Log groups on a page of ListLogGroups (API reference, ``limit``); DescribeLogGroups gives 50."""


def log_groups(logs: Any, pattern: str) -> Iterator[Any]:
    """The log groups whose names match, without dates; boto3 has no paginator for it."""
    more: dict[str, str] = {}
    while True:
        page = logs.list_log_groups(logGroupNamePattern=pattern, limit=LOG_GROUP_PAGE, **more)
        yield from page["logGroups"]
        if not page.get("nextToken"):
            return
        more = {"nextToken": page["nextToken"]}


class PageCounter:
    """Ends the listing of a client that has gone on for too long."""

    def __init__(self) -> None:
        self._pages: Counter[str] = Counter()

    def listen(self, events: Any) -> None:
        """Hear of the calls of the client that emits ``events``."""
        events.register("provide-client-params", self._count)

    def _count(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        if _NEXT_PAGE.isdisjoint(params):
            self._pages[model.name] = 0
            return
        self._pages[model.name] += 1
        most = LONGER.get(model.name, LONGEST)
        if self._pages[model.name] > most:
            said = f"{model.name} does not come to an end: it gave {most} pages."
            raise LohError(said, NOT_AWS, current_step.get())
