"""Where journals are, and where one goes that is not used any more."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.journal import JournalError
from lambda_over_https.deployment.journal.places import (
    journal_path,
    kept_aside,
    known_journals,
    set_aside,
    set_aside_if,
)
from lambda_over_https.deployment.journal.state import Deployment


def test_a_journal_is_found_by_where_and_what_it_is_of(tmp_path: Path) -> None:
    path = journal_path(tmp_path, "aws-1-us-east-1", "alice")
    assert path == tmp_path / "deployments" / "aws-1-us-east-1" / "alice" / "journal.json"


def _lay(home: Path, scope: str, name: str, deployment: Deployment) -> Path:
    """A deployment's journal in its place."""
    path = journal_path(home, scope, name)
    journals.create(path, deployment).save()
    return path


def test_every_journal_is_known_in_the_order_of_place_and_name(
    tmp_path: Path, deployment: Deployment
) -> None:
    laid = [
        _lay(tmp_path, scope, name, deployment) for scope in ("sandbox", "aws-1-x") for name in ("b", "a")
    ]
    deployments = tmp_path / "deployments"
    (deployments / "sandbox" / "without").mkdir()
    (deployments / "sandbox" / "file").touch()
    (deployments / "file").touch()
    assert list(known_journals(tmp_path)) == sorted(laid)
    assert list(known_journals(tmp_path / "nowhere")) == []


def test_a_journal_that_may_not_be_looked_at_is_known_so_that_it_can_be_said_why(
    tmp_path: Path, deployment: Deployment
) -> None:
    path = _lay(tmp_path, "sandbox", "closed", deployment)
    path.parent.chmod(0)
    try:
        assert list(known_journals(tmp_path)) == [path]
        with pytest.raises(JournalError, match="Permission denied"):
            journals.load(path)
    finally:
        path.parent.chmod(0o700)


def test_a_journal_that_is_set_aside_is_kept_beside_its_place_with_the_time(
    tmp_path: Path, deployment: Deployment
) -> None:
    kept = []
    for _ in range(2):
        path = _lay(tmp_path, "sandbox", "alice", deployment)
        text = path.read_bytes()
        kept.append(set_aside(path))
        assert not path.exists()
        assert kept[-1].read_bytes() == text
    assert kept[0].parent == path.parent
    stamps = [re.fullmatch(r"journal\.(\d{8}T\d{12})\.bak", each.name) for each in kept]
    times = [datetime.strptime(each[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC) for each in stamps if each]
    assert len(times) == 2
    assert times[0] < times[1]
    assert abs(datetime.now(UTC) - times[1]) < timedelta(minutes=1)


def test_a_journal_that_is_replaced_is_kept_under_a_second_name_and_stays_until_then(
    tmp_path: Path, deployment: Deployment
) -> None:
    path = _lay(tmp_path, "sandbox", "alice", deployment)
    text = path.read_bytes()
    kept = kept_aside(path)
    assert kept.read_bytes() == path.read_bytes() == text
    journal = journals.load(path)
    assert journal is not None
    journal.saying(replace(journal.state, choices={"runtime": "nodejs"})).save()
    assert kept.read_bytes() == text != path.read_bytes()


def test_only_a_journal_that_is_useless_now_is_set_aside(tmp_path: Path, deployment: Deployment) -> None:
    path = _lay(tmp_path, "sandbox", "alice", deployment)
    assert set_aside_if(path, lambda _: False) is None
    assert path.exists()
    kept = set_aside_if(path, lambda journal: journal.deployment.name == "alice")
    assert kept is not None
    assert (kept.exists(), path.exists()) == (True, False)
    assert set_aside_if(path, lambda _: True) is None, "somebody else was quicker"
