"""Fixtures of the tests of Lambda; a module imports those it uses."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lambda_over_https.sandbox.client import nodejs
from lambda_over_https.sandbox.lambda_.workers.setup import Limits
from lambda_over_https.sandbox.lambda_.workers.waiting import kept_waiting
from lambda_over_https.sandbox.model.functions import Credentials
from tests.kit.sandbox.lambda_lab import ANY, NOWHERE, Lab

Opener = Callable[..., Lab]


@pytest.fixture(scope="session", name="sdk")
def sdk_fixture(shared_cache: Path) -> Path:
    """The AWS SDK for JavaScript, fetched once for all runs of the tests."""
    return nodejs.ensure_sdk(shared_cache, print)


@pytest.fixture(scope="module", name="open_lab")
def open_lab_fixture(tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> Iterator[Opener]:
    """Make a lab: ``open_lab(endpoint_url=…, credentials=…, limits=…)``."""
    labs: list[Lab] = []
    with asyncio.Runner() as runner:

        def make(
            endpoint_url: str = NOWHERE,
            credentials: Credentials = ANY,
            limits: Limits = Limits(),  # noqa: B008  # immutable
            kept_waiting: Callable[[int], float] = kept_waiting,
        ) -> Lab:
            folder = tmp_path_factory.mktemp("lab")
            labs.append(Lab(folder, runner, shared_cache, endpoint_url, limits, credentials, kept_waiting))
            return labs[-1]

        yield make
        for lab in labs:
            lab.close()


@pytest.fixture(scope="module", name="lab")
def lab_fixture(open_lab: Opener) -> Lab:
    """A lab that the tests of a module share."""
    return open_lab()
