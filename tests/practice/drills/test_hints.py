"""The hints of the drills: each has its own, and the calls of the last one repair what the drill broke."""

from collections.abc import Sequence

import pytest
from botocore import xform_name

from lambda_over_https.cli.shared import opening
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.practice.drills import hints as drill_hints
from lambda_over_https.practice.drills.registry import DRILLS
from lambda_over_https.practice.drills.whole import is_whole
from lambda_over_https.states import Action
from lambda_over_https.tutorial.chapters.schedule.schedule import INPUT
from tests.kit.program.lesson import at_work, finished
from tests.kit.program.support import Account, done

BREAKING = [drill for drill in DRILLS if drill.breaks]
NAMES = [drill.name for drill in BREAKING]


@pytest.fixture
def drilled(account: Account) -> str:
    return finished("drilled")


def test_each_drill_that_breaks_something_has_hints_of_its_own() -> None:
    assert sorted(drill_hints.HINTS) == sorted(NAMES)
    told = drill_hints.HINTS.values()
    assert len({each.where for each in told}) == len({each.compare for each in told}) == len(NAMES)
    assert all(each.look.startswith("aws ") for each in told)


def _differs(engine: Engine) -> list[str]:
    return [each.number for each in engine.plan() if each.action is not Action.KEEP]


def _make(calls: Sequence[Call], account: Account, stack: Stack) -> None:
    for call in calls:
        given = {**call.parameters}
        if "ZipFile" in given:  # what is shown is the file's name
            given["ZipFile"] = stack.archive.read_bytes()
        getattr(account.client(call.service), xform_name(call.operation))(**given)


def _repaired_by_their_hints(names: Sequence[str], account: Account, name: str) -> None:
    """Each drill in turn breaks something; then the calls of their last hints are made."""
    chosen = [drill for drill in DRILLS if drill.name in names]
    with at_work(name) as (stack, engine):
        try:
            for drill in sorted(chosen, key=lambda each: names.index(each.name)):
                list(drill.play(stack))
            stack.readings.forget()
            _make(drill_hints.calls(_differs(engine), stack), account, stack)
            assert is_whole(stack)
            for drill in chosen:
                assert drill.whole is None or drill.whole(stack)
            stack.readings.forget()
            assert _differs(opening.engine_for(stack)) in ([], ["3.5"])  # the deployment lacks our mark
        finally:
            stack.readings.forget()
            opening.engine_for(stack).run(None, opening.WORKERS)


@pytest.mark.parametrize(
    "names", [("policy", "raises", "unmapped", "permission"), ("redeploy",)], ids=", ".join
)
def test_the_calls_of_the_last_hint_repair_what_a_drill_broke(
    names: tuple[str, ...], account: Account, drilled: str
) -> None:
    _repaired_by_their_hints(names, account, drilled)


@pytest.mark.parametrize("chapter", ["cache", "keys"])
def test_the_calls_of_the_last_hint_repair_what_a_chapters_drill_broke(
    chapter: str, account: Account, drilled: str
) -> None:
    names = [drill.name for drill in DRILLS if drill.chapter == chapter]
    done("chapter", "on", chapter, "--no-pause", "--yes", "--name", drilled)
    _repaired_by_their_hints(names, account, drilled)
    done("chapter", "off", chapter, "--yes", "--name", drilled)


def test_the_first_hints_hold_the_names_of_the_deployment(drilled: str) -> None:
    with at_work(drilled) as (stack, _):
        for drill in BREAKING:
            told = "".join(drill_hints.hints(drill.name, stack))
            assert "{" not in told.replace(INPUT, "")
        look = drill_hints.hints("permission", stack).look
        assert look == f"aws lambda get-policy --function-name {stack.names.function}"
