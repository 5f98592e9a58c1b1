"""Which deployment is meant, where one name is used in several accounts: journals on disk, no AWS."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lambda_over_https.aws import connecting
from lambda_over_https.aws.place import Place
from lambda_over_https.deployment.deployments import journal_on_disk
from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.places import journal_path
from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.session import Session
from lambda_over_https.errors import CredentialsError, LohError, UsageError
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import Settings

SETTINGS = Settings(name="alice", target="aws")
Reach = Callable[[str, str], None]


@pytest.fixture
def reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reach:
    """Says to which account and region the credentials lead; to none until then."""
    monkeypatch.setenv("LAMBDA_OVER_HTTPS_HOME", str(tmp_path))

    def refuse(*_: object) -> object:
        raise CredentialsError("There are no credentials.")

    def lead(account: str, region: str) -> None:
        place = Place("aws", account, region, "aws", f"arn:aws:iam::{account}:user/alice")
        monkeypatch.setattr(connecting, "connect", lambda *_: (None, place))

    monkeypatch.setattr(connecting, "connect", refuse)
    return lead


def _known(home: Path, account: str, region: str = "us-east-1") -> None:
    deployment = Deployment(f"alice-{account}", "alice", "aws", account, region, "", "", "2026-01-01")
    journals.create(journal_path(home, f"aws-{account}-{region}", "alice"), deployment).save()


@pytest.mark.parametrize("account", ["111111111111", "222222222222"])
def test_of_several_of_one_name_the_one_is_meant_that_the_credentials_reach(
    tmp_path: Path, reach: Reach, account: str
) -> None:
    """A lab gives a new account each term: the old one, and what was in it, stays out of reach for ever."""
    _known(tmp_path, "111111111111")
    _known(tmp_path, "222222222222")
    reach(account, "us-east-1")
    journal = journal_on_disk(SETTINGS)
    assert journal is not None
    assert journal.deployment.account == account


@pytest.mark.parametrize("leads", [None, "333333333333"])
def test_of_several_that_the_credentials_do_not_reach_none_is_guessed(
    tmp_path: Path, reach: Reach, leads: str | None
) -> None:
    _known(tmp_path, "111111111111")
    _known(tmp_path, "222222222222", "eu-west-1")
    if leads:
        reach(leads, "us-east-1")
    with pytest.raises(UsageError, match="111111111111 us-east-1, 222222222222 eu-west-1"):
        journal_on_disk(SETTINGS)


def test_with_the_keys_of_another_account_it_is_said_whose_it_is(tmp_path: Path, reach: Reach) -> None:
    _known(tmp_path, "111111111111", "eu-west-1")
    reach("222222222222", "us-east-1")
    with pytest.raises(LohError) as refused:
        Session(SETTINGS, tmp_path, RunContext(lambda _: None)).open()
    assert refused.value.message == (
        "The deployment alice is in account 111111111111 in eu-west-1,"
        " and this is account 222222222222 in us-east-1."
    )
    assert "--profile" in refused.value.hint
    assert "--region" in refused.value.hint
