"""The order of the tests: what takes long begins first, so that nobody waits for it alone at the end."""

from collections.abc import Sequence
from typing import TypeVar

import pytest

MARK = "long"

Each = TypeVar("Each")


class Order:
    """The plugin of pytest that puts the marked tests first; an order that is asked for by option stands."""

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the mark known."""
        config.addinivalue_line("markers", f"{MARK}: takes many seconds, so it begins before the others do")

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Put the long ones first, and leave the rest as it is."""
        if not config.getoption("random_order_bucket", None):
            long = [item for item in items if item.get_closest_marker(MARK)]
            rest = [item for item in items if not item.get_closest_marker(MARK)]
            processes = getattr(config, "workerinput", {}).get("workercount", 1)
            items[:] = dealt(long, rest, processes)


def dealt(first: Sequence[Each], rest: Sequence[Each], processes: int) -> list[Each]:
    """All of them in such an order that each process begins with its share of ``first``.

    xdist's ``worksteal`` cuts the list into a piece for each process, of equal length but for the remainder.
    """
    order: list[Each] = []
    left, total = list(rest), len(first) + len(rest)
    for process in range(processes):
        share = first[process::processes]
        size = (total - len(order)) // (processes - process)
        more = max(0, size - len(share))
        order += [*share, *left[:more]]
        del left[:more]
    return order + left
