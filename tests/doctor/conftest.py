"""Fixtures of the doctor's tests."""

from collections.abc import Iterator

import pytest

from lambda_over_https.hints import put_in_force


@pytest.fixture
def alice_on_aws() -> Iterator[None]:
    """As if every command were typed with ``--target aws --name alice``."""
    put_in_force({"--target": "aws", "--name": "alice"})
    yield
    put_in_force({})
