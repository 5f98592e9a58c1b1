"""Skipped tests: ``-ra`` lists them with their reasons; with ``--no-skips``, as in CI, they are failures."""

import pytest


class Skips:
    """The plugin of pytest that knows the option."""

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail if anything was skipped; in a process that runs a share of the tests nobody counts."""
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if session.config.getoption("no_skips") and reporter and reporter.stats.get("skipped"):
            reporter.write_line("\nError: tests were skipped, and --no-skips allows none.", red=True)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
