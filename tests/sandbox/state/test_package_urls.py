"""Code.Location and Content.Location lead to the package that was sent, and only for who was told."""

import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, create_function, package


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url) as response:
        content: bytes = response.read()
    return content


def test_a_functions_package_is_what_was_sent(lambda_: Any, unique: str, role: str) -> None:
    first, second = package("one = 1\n"), package("two = 2\n")
    create_function(lambda_, unique, role, Code={"ZipFile": first}, Publish=True)
    lambda_.update_function_code(FunctionName=unique, ZipFile=second)
    for qualifier, sent in (("1", first), ("$LATEST", second)):
        found = lambda_.get_function(FunctionName=unique, Qualifier=qualifier)
        assert fetched(found["Code"]["Location"]) == sent


def test_a_layers_package_is_what_was_sent(lambda_: Any, unique: str) -> None:
    sent = package("x = 1\n")
    made = lambda_.publish_layer_version(LayerName=unique, Content={"ZipFile": sent})
    found = lambda_.get_layer_version(LayerName=unique, VersionNumber=1)
    assert fetched(made["Content"]["Location"]) == fetched(found["Content"]["Location"]) == sent


def test_nobody_can_guess_the_url_and_a_package_that_is_gone_is_missed(
    lambda_: Any, unique: str, role: str
) -> None:
    create_function(lambda_, unique, role, Code={"ZipFile": package(f"name = '{unique}'\n")})
    url = lambda_.get_function(FunctionName=unique)["Code"]["Location"]
    for wrong in (url[:-1] + ("0" if url[-1] != "0" else "1"), url.rpartition("/")[0]):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            fetched(wrong)
    lambda_.delete_function(FunctionName=unique)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetched(url)
