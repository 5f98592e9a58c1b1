"""The order of the tests: what takes long begins first, so that nobody waits for it alone at the end."""

import pytest

MARK = "long"


class Order:
    """The plugin of pytest that puts the marked tests first, whatever the order of the others."""

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the mark known."""
        config.addinivalue_line("markers", f"{MARK}: takes many seconds, so it begins before the others do")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put the long ones first, once the others are in their order, and leave the rest as it is."""
        items.sort(key=lambda item: item.get_closest_marker(MARK) is None)
