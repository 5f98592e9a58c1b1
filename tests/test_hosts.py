"""Whose a host is: this machine's, AWS's, or somebody else's."""

import pytest

from lambda_over_https.aws.place import on_this_machine
from lambda_over_https.hosts import host_of, is_aws, is_this_machine


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "s3.localhost"])
def test_addresses_of_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "0.0.0.0", "127.0.0.1.example", "localhost.example", "abc.amazonaws.com", ""]
)
def test_every_other_host_is_somebody_elses(host: str) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize(
    "url",
    [
        "https://lambda.us-east-1.amazonaws.com",
        "https://vpce-0a1b-2c3d.execute-api.eu-west-1.vpce.amazonaws.com:443/prod",
        "https://sts.cn-north-1.amazonaws.com.cn",
        "https://lambda.us-east-1.API.AWS./",
    ],
)
def test_addresses_of_aws(url: str) -> None:
    assert is_aws(host_of(url))


@pytest.mark.parametrize(
    "url", ["https://amazonaws.com.example", "http://xamazonaws.com", "http://127.0.0.1:8471", "nonsense"]
)
def test_what_only_looks_like_aws_is_not(url: str) -> None:
    assert not is_aws(host_of(url))


@pytest.mark.parametrize(
    ("target", "endpoint_url", "here"),
    [
        ("sandbox", "", True),
        ("sandbox", "http://127.0.0.1:8471", True),
        ("sandbox", "http://localhost:4566", True),
        ("sandbox", "http://10.0.0.7:4566", False),
        ("sandbox", "https://emulator.example", False),
        ("aws", "", False),
        ("aws", "http://localhost:8443", False),
    ],
)
def test_nothing_costs_on_this_machine_alone(target: str, endpoint_url: str, *, here: bool) -> None:
    assert on_this_machine(target, endpoint_url) is here
