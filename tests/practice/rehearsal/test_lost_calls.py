"""What made a deployment is known, also where the history lacks some of it, or all."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.practice.rehearsal.lost_calls import calls_that_made
from lambda_over_https.transcript.selection import effective, is_update, made_by
from lambda_over_https.tutorial.chapter_lessons import OUTLINES
from lambda_over_https.tutorial.course import NUMBERS, steps_of
from tests.kit.account.between import Between
from tests.kit.program.forks import Run, Zygote
from tests.kit.program.killing import killed_at
from tests.kit.program.lesson import at_work, calls_of, finished
from tests.kit.program.support import Account, done

NAME = "lost-calls"


@pytest.fixture
def chaptered(account: Account) -> str:
    """A finished deployment with every chapter on; made when first asked for."""
    finished(NAME)
    for outline in OUTLINES:
        done("chapter", "on", outline.name, "--json", "--name", NAME)
    return NAME


class Known:
    """The recorded calls of a deployment, and what is known of those that made it if only some are."""

    def __init__(self, recorded: Sequence[Call], known: Any) -> None:
        self.recorded = recorded
        self.made = effective(recorded, NUMBERS)
        self.with_only = known

    def without(self, *lost: Call) -> list[Call]:
        """The calls that made it, if these are not recorded."""
        whole: list[Call] = self.with_only([each for each in self.recorded if each not in lost])
        return whole


@contextmanager
def known(name: str) -> Iterator[Known]:
    with at_work(name) as (stack, _):
        yield Known(calls_of(name), partial(calls_that_made, steps=steps_of(stack), stack=stack))


def _lost(calls: Sequence[Call]) -> list[Call]:
    return [each for each in calls if not each.attempts]


def test_of_a_whole_history_it_is_what_was_recorded(chaptered: str) -> None:
    with known(chaptered) as deployment:
        assert deployment.without() == deployment.made


def test_whichever_calls_are_lost_what_they_made_is_made_all_the_same(chaptered: str) -> None:
    with known(chaptered) as deployment:
        made = [each for each in deployment.made if each.changes and not is_update(each)]
        assert len(made) > 40
        for lost in (made[each::5] for each in range(5)):
            whole = deployment.without(*lost)
            assert [each for each in lost if not made_by(each, whole)] == []
            assert len(whole) == len(deployment.made)


def test_a_change_that_is_lost_shows_in_the_call_that_makes_the_resource(chaptered: str) -> None:
    header = {"method.response.header.Access-Control-Allow-Origin": False}
    with known(chaptered) as deployment:
        changes = [
            each for each in deployment.made if each.operation in ("UpdateMethod", "UpdateMethodResponse")
        ]
        whole = deployment.without(*changes)
        method, *responses = _lost(whole)
        assert (method.operation, method.parameters["apiKeyRequired"]) == ("PutMethod", True)
        assert [each.parameters["responseParameters"] for each in responses] == [header] * 4
        assert len(whole) == len(deployment.made) - len(changes)


def test_a_second_call_for_the_same_resource_that_is_lost_is_what_counts(chaptered: str) -> None:
    with known(chaptered) as deployment:
        again = next(
            each
            for each in deployment.made
            if each.operation == "PutIntegrationResponse" and each.parameters.get("responseParameters")
        )
        (found,) = _lost(deployment.without(again))
        assert (found.operation, found.parameters) == (again.operation, again.parameters)


def test_a_setting_of_the_stage_that_is_lost_is_known_beside_that_of_another_chapter(chaptered: str) -> None:
    with known(chaptered) as deployment:
        for step in ("throttle", "cache"):
            lost = [each for each in deployment.made if each.step == step]
            found = _lost(deployment.without(*lost))
            assert [(each.operation, each.parameters) for each in found] == [
                (each.operation, each.parameters) for each in lost
            ]


def test_each_call_stands_after_those_that_it_needs_though_none_was_recorded(chaptered: str) -> None:
    with known(chaptered) as deployment:
        operations = [each.operation for each in deployment.with_only([])]
    order = (
        *("CreateRole", "PutRolePolicy", "CreateLogGroup", "CreateFunction", "CreateTable", "CreateRestApi"),
        *("CreateResource", "PutMethod", "PutIntegration", "PutMethodResponse", "PutIntegrationResponse"),
        *("CreateDeployment", "AddPermission", "CreateUsagePlan", "CreateApiKey", "CreateUsagePlanKey"),
        *("CreateScheduleGroup", "CreateSchedule", "CreateIPSet", "CreateWebACL", "AssociateWebACL"),
    )
    first = [operations.index(each) for each in order]
    assert first == sorted(first)


def test_what_a_killed_run_made_without_hearing_of_it_is_in_the_script(
    zygote: Zygote, account: Account, between: Between, world: Path, name: str
) -> None:
    """A step of which no call is recorded is explained by what must have been called."""

    def begin(*arguments: str) -> Run:
        return zygote.start(*arguments, "--name", name, "--endpoint-url", between.url)

    run = partial(begin, "run", "--yes", "--no-pause")
    killed = killed_at(between, lambda call: call.label == "iam:CreateRole #1", run, after=True)
    assert killed.code == -9
    assert run().end().code == 0
    assert "aws iam create-role" not in begin("history", "--format", "aws-cli").end().out
    assert begin("export").end().out.count("aws iam create-role ") == 1
    assert "\nIts answer was lost: " in begin("export", "--format", "markdown").end().out
    for history in world.glob(f"deployments/*/{name}/history.jsonl"):
        history.unlink()
    explained = begin("explain", "2.2").end().out
    assert "The calls as they were made:" in explained
    assert re.search("→ CreateRole +answer lost ", explained)
    assert begin("teardown", "--yes").end().code == 0
