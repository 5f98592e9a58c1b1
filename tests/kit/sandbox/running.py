"""A sandbox for tests, whose workers begin ready (see ``ready_server``)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lambda_over_https.sandbox.client import daemon, process
from lambda_over_https.sandbox.client.record import Sandbox


@contextmanager
def ready_sandbox(home: Path, cache: Path) -> Iterator[Sandbox]:
    """Start one in that folder, and stop it in the end; ``cache`` is where things are fetched to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "SERVER", "tests.kit.sandbox.ready_server")
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
        patch.setenv("LAMBDA_OVER_HTTPS_CACHE", str(cache))
        running = daemon.start(home, port=0)
    yield running
    daemon.stop(home)
