"""Signatures: what botocore signs is authentic, and whatever is changed afterwards is not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.sandbox.iam.callers.signatures import check
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web.http import Request
from tests.kit.account.signing import signed

KEY, SECRET = "AKIAQEXAMPLEEXAMPLE2", "the-secret"
URL = "http://127.0.0.1:8470"


def sent(
    method: str = "POST", target: str = "/", headers: Mapping[str, str] | None = None, body: bytes = b"{}"
) -> Request:
    """A request as it arrives that botocore has signed."""
    whole = signed(Credentials(KEY, SECRET), "lambda", method, URL + target, headers, body)
    lines = [("Host", "127.0.0.1:8470"), *whole.items()]
    parts = urlsplit(target)
    return Request(
        method,
        parts.path,
        parts.query,
        {name.lower(): value for name, value in lines},
        body,
        header_lines=lines,
    )


def refusal(request: Request, secret: str = SECRET, shift: timedelta = timedelta()) -> AwsError | None:
    try:
        check(request, secret, datetime.now(UTC) + shift)
    except AwsError as error:
        return error
    return None


def words(request: Request, shift: timedelta = timedelta()) -> str:
    error = refusal(request, shift=shift)
    assert error is not None
    return f"{error.code}: {error.message}"


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/2015-03-31/functions",
        "/2015-03-31/functions/f/invocations?Qualifier=%24LATEST",
        "/restapis/a/stages/s?limit=500&position=a%2Bb%3D",
        "/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2Fa?tagKeys=b&tagKeys=a",
        "/2015-03-31/functions/../functions//f/./policy",
        "/a~b-c_d.e",
        "/x?empty&also=",
        "/%E4%BD%A0?q=%C3%A9%20x",
    ],
)
def test_what_was_signed_is_authentic(target: str) -> None:
    assert refusal(sent("GET", target, {"X-Amz-Meta": "a   b", "X-Amz-Target": "T.O"})) is None


@given(
    path=st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    pairs=st.lists(st.tuples(st.text(max_size=4), st.text(max_size=4)), max_size=3),
    body=st.binary(max_size=20),
)
def test_whatever_is_in_path_query_and_body(path: str, pairs: list[tuple[str, str]], body: bytes) -> None:
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    assert refusal(sent("PUT", f"/{quote(path, safe='')}" + (f"?{query}" if query else ""), {}, body)) is None


def test_a_header_that_was_sent_twice_is_joined_as_it_was_signed() -> None:
    request = sent(headers={"X-Amz-Twice": "a,b"})
    lines = [line for line in request.header_lines if line[0] != "X-Amz-Twice"]
    twice = replace(
        request,
        headers={**request.headers, "x-amz-twice": "a, b"},
        header_lines=[*lines, ("X-Amz-Twice", "a"), ("x-amz-twice", "b")],
    )
    assert refusal(twice) is None


MISMATCH = "SignatureDoesNotMatch: The request signature we calculated does not match"


@pytest.mark.parametrize(
    "change",
    [
        {"method": "DELETE"},
        {"path": "/other"},
        {"query": "a=b"},
        {"body": b"[]"},
        {"body": b""},
    ],
    ids=str,
)
def test_whatever_is_changed_afterwards_is_noticed(change: dict[str, Any]) -> None:
    assert words(replace(sent(), **change)).startswith(MISMATCH)


@pytest.mark.parametrize("name", ["host", "x-amz-target", "x-amz-security-token"])
def test_so_is_a_signed_header(name: str) -> None:
    request = sent(headers={"X-Amz-Target": "T.O", "X-Amz-Security-Token": "t"})
    assert words(replace(request, headers={**request.headers, name: "x"})).startswith(MISMATCH)


def test_another_secret_is_refused() -> None:
    error = refusal(sent(), "another")
    assert error is not None
    assert (error.status, error.code) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    ("minutes", "words_"), [(16, "Signature expired"), (-16, "Signature not yet current")]
)
def test_a_clock_that_is_off_by_more_than_a_quarter_of_an_hour(minutes: int, words_: str) -> None:
    request = sent()
    assert words(request, shift=timedelta(minutes=minutes)).startswith(f"SignatureDoesNotMatch: {words_}: 2")
    assert refusal(request, shift=timedelta(minutes=minutes * 14 / 16)) is None


def _changed(request: Request, old: str, new: str) -> Request:
    header = request.headers["authorization"]
    assert old in header
    return replace(request, headers={**request.headers, "authorization": header.replace(old, new)})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Signature=", "Nothing=", "requires 'Signature' parameter."),
        ("SignedHeaders=", "Nothing=", "requires 'SignedHeaders' parameter."),
        ("Credential=", "Nothing=", "requires 'Credential' parameter."),
        ("/aws4_request", "", "IncompleteSignature: "),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-MD5", "IncompleteSignature: "),
        ("Signature=", "Signature=0, Signature=", "IncompleteSignature: "),
        ("host;", "", "'Host' or ':authority' must be a 'SignedHeader'"),
        ("Signature=", "Signature=0", MISMATCH),
        ("Signature=", "Signature=é", MISMATCH),
    ],
)
def test_half_a_signature_is_none(old: str, new: str, said: str) -> None:
    assert said in words(_changed(sent(headers={"X-Amz-Target": "T"}), old, new))


def test_the_time_must_be_there_and_be_one() -> None:
    request = sent()
    without = {name: value for name, value in request.headers.items() if name != "x-amz-date"}
    assert "'X-Amz-Date' or a 'Date' header" in words(replace(request, headers=without))
    nonsense = {**request.headers, "x-amz-date": "yesterday"}
    assert "Got 'yesterday'" in words(replace(request, headers=nonsense))
    day = request.headers["x-amz-date"][:8]
    other = _changed(request, f"/{day}/", "/20150830/")
    assert f"does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150830' != '{day}'" in words(
        other
    )
