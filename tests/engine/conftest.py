"""A deployment at work on a cloud in memory, for the tests of what the engine promises."""

from pathlib import Path

import pytest

from tests.kit.in_memory.memory import CloudInMemory, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The deployment: its journal on disk, its events."""
    return Desk(tmp_path)


@pytest.fixture
def cloud(desk: Desk) -> CloudInMemory:
    """What there is in its account."""
    return desk.cloud
