"""Compressed bodies. Developer guide, "Payload compression for REST APIs in API Gateway"."""

import gzip
import json
import zlib
from collections.abc import Callable

import pytest

from lambda_over_https.sandbox.gateway.compression import LARGEST_BODY
from tests.kit.sandbox.gateway import World, api, header, lambda_method

EVENT = '{"operation": "echo"}'


@pytest.mark.parametrize(
    ("accepted", "coding", "restored"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("deflate, gzip;q=0.5", "deflate", zlib.decompress),
        ("br, GZIP", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("gzip;q=0", None, bytes),
        ("gzip;q=x", None, bytes),
        ("", None, bytes),
    ],
)
def test_a_response_is_compressed_as_the_client_likes_it(
    accepted: str, coding: str | None, restored: Callable[[bytes], bytes]
) -> None:
    world = World(api(lambda_method(), minimum_compression_size=len(EVENT)))
    response = world.call(EVENT, headers={"Accept-Encoding": accepted})
    assert header(response, "Content-Encoding") == coding
    assert restored(response.body) == EVENT.encode()


@pytest.mark.parametrize("least", [None, len(EVENT) + 1])
def test_a_small_response_and_one_of_another_api_stay_as_they_are(least: int | None) -> None:
    world = World(api(lambda_method(), minimum_compression_size=least))
    response = world.call(EVENT, headers={"Accept-Encoding": "gzip"})
    assert (response.body, header(response, "Content-Encoding")) == (EVENT.encode(), None)


@pytest.mark.parametrize(
    ("coding", "compress"), [("gzip", gzip.compress), ("Deflate", zlib.compress), ("identity", bytes)]
)
def test_a_compressed_body_reaches_the_function_as_it_was_before(
    coding: str, compress: Callable[[bytes], bytes]
) -> None:
    headers = {"Content-Encoding": coding}
    world = World(api(lambda_method("POST"), lambda_method("PUT", type="AWS_PROXY")))
    world.call(compress(EVENT.encode()), headers=headers)
    world.call(compress(EVENT.encode()), verb="PUT", headers=headers)
    event, proxy_event = world.events
    assert event == json.loads(EVENT)
    assert (proxy_event["body"], proxy_event["isBase64Encoded"]) == (EVENT, False)
    assert proxy_event["headers"]["Content-Encoding"] == coding


@pytest.mark.parametrize(
    ("coding", "body", "status"),
    [
        ("gzip", EVENT.encode(), 415),
        ("gzip", gzip.compress(EVENT.encode())[:-9], 415),
        ("br", EVENT.encode(), 415),
        ("gzip", gzip.compress(bytes(LARGEST_BODY + 1)), 413),
    ],
)
def test_what_cannot_be_decompressed_does_not_reach_the_function(
    coding: str, body: bytes, status: int
) -> None:
    world = World(api(lambda_method()))
    assert world.call(body, headers={"Content-Encoding": coding}).status == status
    assert world.payloads == []
