"""Pages of listings, where moto returns everything at once.

Items are sorted by key, and a position is the key of the last item returned. So a page neither repeats an
item nor misses one if others are created or deleted in between.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.rules import Amendment


@dataclass(frozen=True, slots=True)
class Listing:
    """One operation's listing. ``items`` and ``following`` are members of its response, as it is sent.

    ``key`` identifies an item. ``size`` and ``position`` are parameters. A page holds ``default`` items if no
    size is asked for, and at most ``largest``. ``newest_first``: the key is a number, and the largest comes
    first.
    """

    items: str
    key: str
    size: str
    position: str
    following: str
    default: int
    largest: int
    newest_first: bool = False


def pages(listing: Listing) -> Amendment:
    """Cut the response down to the page that is asked for."""

    def amend(call: AwsCall, response: AwsResponse) -> None:
        document = response.document
        begin, size = _begin(call, listing), _size(call, listing)
        if not begin and len(document[listing.items]) <= size:
            return
        items = sorted(document[listing.items], key=lambda item: _rank(_key(item, listing), listing))
        after = _rank(begin, listing) if begin else None
        rest = [item for item in items if after is None or _rank(_key(item, listing), listing) > after]
        document[listing.items] = rest[:size]
        if len(rest) > size:
            document[listing.following] = base64.b64encode(_key(rest[size - 1], listing).encode()).decode()
        response.document = document

    return amend


def _key(item: Mapping[str, Any], listing: Listing) -> str:
    return str(item[listing.key])


def _rank(key: str, listing: Listing) -> tuple[int, str]:
    """By what items are sorted."""
    return (-int(key), "") if listing.newest_first and key.isdecimal() else (0, key)


def _size(call: AwsCall, listing: Listing) -> int:
    return min(int(call.parameters.get(listing.size) or listing.default), listing.largest)


def _begin(call: AwsCall, listing: Listing) -> str:
    try:
        return base64.b64decode(call.parameters.get(listing.position) or "", validate=True).decode()
    except ValueError:
        code = "BadRequestException" if call.service == "apigateway" else "InvalidParameterValueException"
        raise AwsError(code, f"Invalid {listing.position} specified") from None
