"""A deployment of which nothing is recorded yet, and its journal."""

from pathlib import Path

import pytest

from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Deployment


@pytest.fixture(scope="session")
def deployment() -> Deployment:
    """A deployment in a sandbox."""
    return Deployment("alice-1", "alice", "sandbox", "123456789012", "us-east-1", "", "boot", "2026-01-01")


@pytest.fixture
def journal(tmp_path: Path, deployment: Deployment) -> Journal:
    """Its journal, which is written with its first entry."""
    return journals.create(tmp_path / "alice" / "journal.json", deployment)
