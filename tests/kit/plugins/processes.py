"""Which tests start processes: the quick ones must not, so that they can be run after every change."""

import sys
from collections.abc import Iterable
from typing import Any

import pytest

MARK = "processes"

STARTING = frozenset(
    {"sandbox", "zygote", "aws_cli", "sdk", "open_lab", "installed", "demo", "javascript_clients"}
)
"""Fixtures that start processes; a test that asks for one of them, by whatever way, is marked by itself."""

_STARTS = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "pty.spawn"})


class Processes:
    """The plugin of pytest that marks those tests, and stops others that start one nevertheless."""

    def __init__(self) -> None:
        self._quiet = ""
        sys.addaudithook(self._hear)

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the mark known."""
        config.addinivalue_line("markers", f"{MARK}: starts processes; `scripts/test quick` leaves it out")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: Iterable[pytest.Item]) -> None:
        """Mark the tests whose fixtures start processes."""
        for item in items:
            if STARTING & set(getattr(item, "fixturenames", ())):
                item.add_marker(MARK)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        """Listen while a test runs that is not marked."""
        self._quiet = "" if item.get_closest_marker(MARK) else item.nodeid
        try:
            return (yield)
        finally:
            self._quiet = ""

    def _hear(self, event: str, _: tuple[Any, ...]) -> None:
        if self._quiet and event in _STARTS:
            raise AssertionError(f"{self._quiet} starts a process: mark it with pytest.mark.{MARK}")
