"""Callers that live in this process: no sandbox is started for them."""

from collections.abc import Iterator

import pytest

from lambda_over_https.sandbox.iam.callers.access_keys import AccessKeys
from tests.kit.sandbox.callers import OPERATOR, Roles, Users


@pytest.fixture
def roles() -> Iterator[Roles]:
    """Makes roles, and deletes them when the test is over."""
    roles = Roles()
    yield roles
    roles.clear()


@pytest.fixture
def users() -> Iterator[Users]:
    """Makes users, and deletes them when the test is over."""
    users = Users()
    yield users
    users.clear()


@pytest.fixture
def keys() -> AccessKeys:
    """The keys that a sandbox knows: at first the operator's alone."""
    return AccessKeys(OPERATOR)
