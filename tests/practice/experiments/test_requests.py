"""What an experiment sends as a good client gets through the limits that other chapters have set."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lambda_over_https.aws.http import Answer
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.kinds import Kind
from lambda_over_https.practice.experiments.requests import Sender
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.chapters import throttle
from lambda_over_https.tutorial.chapters.keys import usage_plan
from tests.kit.in_memory.memory import Desk

REQUESTS = 5
USAGE_PLAN = (Kind.USAGE_PLAN, "plan")


def _sent_in(folder: Path, *made: tuple[Kind, str], patient: bool = True) -> float:
    """Seconds that a sender waits for so many requests, where these resources are made."""
    stack = Desk(folder).stack()
    kinds = (*made, (Kind.REST_API, "api"), (Kind.STAGE, "prod"))
    records = tuple(Record(kind, name, "3.5", RecordState.MADE, "id") for kind, name in kinds)
    journal = type(stack.journal)(stack.journal.path, replace(stack.journal.state, records=records))
    http = SimpleNamespace(ask=lambda *_: Answer(200, {}, b"{}", 0.001))
    cloud: Any = SimpleNamespace(http=http, run=stack.run)
    stack = replace(stack, cloud=cloud, journal=journal)
    sender, began = Sender(stack, patient=patient), stack.run.clock()
    for _ in range(REQUESTS):
        sender.echo()
    return stack.run.clock() - began


def test_without_a_limit_nothing_is_waited_for(tmp_path: Path) -> None:
    assert _sent_in(tmp_path) == 0


def test_it_keeps_to_the_limit_of_its_key(tmp_path: Path) -> None:
    """A flood with the same key may have emptied the key's bucket just before."""
    assert _sent_in(tmp_path, USAGE_PLAN) >= REQUESTS / usage_plan.RATE


@pytest.mark.parametrize("others", [(), (USAGE_PLAN,)])
def test_it_keeps_to_the_stages_limit_which_is_tighter(tmp_path: Path, others: Any) -> None:
    stack = Desk(tmp_path / "names").stack()
    limit = (Kind.METHOD_SETTINGS, throttle.THROTTLE.name(stack))
    assert _sent_in(tmp_path, limit, *others) >= REQUESTS / throttle.RATE


def test_one_that_is_not_patient_waits_for_nothing(tmp_path: Path) -> None:
    assert _sent_in(tmp_path, USAGE_PLAN, patient=False) == 0
