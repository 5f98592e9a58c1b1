"""Signature Version 4: whether a request was signed with the secret of the key that it names, and when.

IAM user guide, "Create a signed AWS API request"; the checks and their words are those of "Troubleshoot
Signature Version 4 signing for AWS API requests". One check takes a few hundredths of a millisecond.
"""

import datetime
import functools
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web.http import Request

CLOCK_SKEW = datetime.timedelta(minutes=15)
"""How far a signature's time may be from ours."""

_ALGORITHM = "AWS4-HMAC-SHA256"
_PARTS = re.compile(r"(Credential|SignedHeaders|Signature)=([^,\s]+)")
_TIME = "%Y%m%dT%H%M%SZ"
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
    "Access Key and signing method. Consult the service documentation for details."
)


@dataclass(frozen=True, slots=True)
class Signature:
    """What an Authorization header holds: ``scope`` is date, Region, service and ``aws4_request``."""

    scope: Sequence[str]
    signed_headers: str
    value: str


def check(request: Request, secret: str, now: datetime.datetime) -> None:
    """Raise AwsError unless the request was signed with ``secret``, and about ``now``.

    The error's code is that of the query protocol; ``refusals`` knows each service's name for it.
    """
    signature = _read(request)
    time = request.headers.get("x-amz-date", "")
    _check_time(time, signature.scope[0], now)
    hashed = hashlib.sha256(_canonical_request(request, signature)).hexdigest()
    text = "\n".join((_ALGORITHM, time, "/".join(signature.scope), hashed))
    own = hmac.digest(_signing_key(secret, tuple(signature.scope)), text.encode(), "sha256").hex()
    if not hmac.compare_digest(own.encode(), signature.value.encode()):
        raise _refusal(_MISMATCH)


def incomplete(request: Request) -> AwsError:
    """The error for an Authorization header that is no whole signature: it names what is missing."""
    header = request.headers.get("authorization", "")
    parts = dict(_PARTS.findall(header))
    missing = [name for name in ("Credential", "Signature", "SignedHeaders") if name not in parts]
    said = [f"Authorization header requires '{name}' parameter." for name in missing]
    if "x-amz-date" not in request.headers:
        said.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    return AwsError("IncompleteSignature", " ".join([*said, f"Authorization={header}"]), 400)


def _read(request: Request) -> Signature:
    header = request.headers.get("authorization", "")
    found = _PARTS.findall(header)
    parts = dict(found)
    scope = parts.get("Credential", "").split("/")[1:]
    whole = len(found) == len(parts) == 3 and len(scope) == 4 and header.startswith(_ALGORITHM)
    if not whole or "x-amz-date" not in request.headers:
        raise incomplete(request)
    if "host" not in parts["SignedHeaders"].split(";"):
        raise _refusal("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    return Signature(scope, parts["SignedHeaders"], parts["Signature"])


def _check_time(said: str, date: str, now: datetime.datetime) -> None:
    try:
        time = _moment(said)
    except ValueError:
        message = f"Date must be in ISO-8601 'basic format'. Got '{said}'. See http://en.wikipedia.org/wiki/ISO_8601"
        raise AwsError("IncompleteSignature", message, 400) from None
    if not said.startswith(date):
        raise _refusal(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{date}' != '{said[:8]}', from '{said}'."
        )
    if time < now - CLOCK_SKEW:
        limit = f"{now - CLOCK_SKEW:{_TIME}} ({now:{_TIME}} - 15 min.)"
        raise _refusal(f"Signature expired: {said} is now earlier than {limit}")
    if time > now + CLOCK_SKEW:
        limit = f"{now + CLOCK_SKEW:{_TIME}} ({now:{_TIME}} + 15 min.)"
        raise _refusal(f"Signature not yet current: {said} is still later than {limit}")


@functools.lru_cache(maxsize=256)
def _moment(said: str) -> datetime.datetime:
    return datetime.datetime.strptime(said, _TIME).replace(tzinfo=datetime.UTC)


def _refusal(message: str) -> AwsError:
    return AwsError("SignatureDoesNotMatch", message, 403)


def _canonical_request(request: Request, signature: Signature) -> bytes:
    headers = "".join(f"{name}:{_value(request, name)}\n" for name in signature.signed_headers.split(";"))
    parts = (
        request.method,
        _canonical_path(request.path),
        _canonical_query(request.query),
        headers,
        signature.signed_headers,
        hashlib.sha256(request.body).hexdigest(),
    )
    return "\n".join(parts).encode("latin-1")


def _value(request: Request, name: str) -> str:
    """A header's value as it is signed: several of one name are joined, spaces are collapsed."""
    value = request.headers.get(name, "")
    if ", " in value and len(request.header_lines) > len(request.headers):
        value = ",".join(text for line, text in request.header_lines if line.lower() == name)
    return " ".join(value.split()) if "  " in value else value.strip()


def _canonical_path(path: str) -> str:
    """The path with its own percent signs encoded once more, and without ``.``, ``..`` and empty segments."""
    if "//" in path or "/." in path:
        kept: list[str] = []
        for segment in path.split("/"):
            if segment == "..":
                kept = kept[:-1]
            elif segment not in ("", "."):
                kept.append(segment)
        path = "/" + "/".join(kept) + ("/" if kept and path.endswith("/") else "")
    return quote(path.encode("latin-1"), safe="/~")


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    pairs = (each.partition("=") for each in query.split("&") if each)
    encoded = sorted((_encoded(name), _encoded(value)) for name, _, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


def _encoded(text: str) -> str:
    return quote(unquote(text), safe="~")


@functools.lru_cache(maxsize=256)
def _signing_key(secret: str, scope: tuple[str, ...]) -> bytes:
    """The key of one day, Region and service: a client signs all of its requests with the same."""
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")
    return key
