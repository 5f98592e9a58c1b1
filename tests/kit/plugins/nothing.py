"""No test passes by looking at nothing: where it says ``all(...)``, something must have been looked at."""

from collections.abc import Iterable, Iterator

import pytest


class Nothing:
    """The plugin of pytest that gives every module of tests an ``all`` that refuses to be told of nothing."""

    def pytest_collection_modifyitems(self, items: Iterable[pytest.Item]) -> None:
        """Give it to them."""
        for item in items:
            if isinstance(item, pytest.Function):
                item.module.__dict__.setdefault("all", all_of_some)


def all_of_some(things: Iterable[object]) -> bool:
    """Whether all are true, of which there must be one at least."""
    looked_at = 0

    def counted() -> Iterator[object]:
        nonlocal looked_at
        for each in things:
            looked_at += 1
            yield each

    result = all(counted())
    assert looked_at, "all() of nothing proves nothing"
    return result
