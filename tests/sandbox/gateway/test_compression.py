"""Compressed responses. Developer guide, "Payload compression for REST APIs in API Gateway"."""

import gzip
import zlib
from collections.abc import Callable

import pytest

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


def test_a_compressed_request_is_a_500_and_the_function_does_not_run() -> None:
    world = World(api(lambda_method(), minimum_compression_size=0))
    assert world.call(EVENT, headers={"Content-Encoding": "gzip"}).status == 500
    assert world.payloads == []
