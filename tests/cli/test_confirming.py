"""Before the first change of somebody's account the program asks, whatever the account is reached by."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from lambda_over_https.cli.shared.questions import confirm_place
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import UsageError
from lambda_over_https.tutorial.chapters.protect import has_firewall
from tests.kit.in_memory.memory import Desk

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud

ELSEWHERE = [("sandbox", "http://10.0.0.7:4566"), ("sandbox", "https://emulator.example"), ("aws", "")]
HERE = [("sandbox", "http://127.0.0.1:8471"), ("sandbox", "http://localhost:4566")]


def stack_at(folder: Path, target: str, endpoint_url: str) -> Stack:
    """A deployment there."""
    stack = Desk(folder).stack()
    cloud = cast("Cloud", SimpleNamespace(run=stack.cloud.run, led_elsewhere=dict))
    return replace(stack, cloud=cloud, place=replace(stack.place, target=target, endpoint_url=endpoint_url))


@pytest.mark.parametrize(("target", "endpoint_url"), ELSEWHERE)
def test_elsewhere_it_says_who_changes_what_and_asks(
    target: str, endpoint_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = stack_at(tmp_path, target, endpoint_url)
    with pytest.raises(UsageError, match="Cannot ask for confirmation"):
        confirm_place(stack, yes=False)
    said = " ".join(capsys.readouterr().err.split())
    assert said == ("This will change account 123456789012 in us-east-1 as arn:aws:iam::123456789012:user/x.")
    confirm_place(stack, yes=True)
    assert not has_firewall(stack), "what costs by the hour is not made without a yes of its own"


@pytest.mark.parametrize(("target", "endpoint_url"), HERE)
def test_on_this_machine_it_does_not_ask(
    target: str, endpoint_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = stack_at(tmp_path, target, endpoint_url)
    confirm_place(stack, yes=False)
    assert capsys.readouterr().err == ""
    assert has_firewall(stack)
