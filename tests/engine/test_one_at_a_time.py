"""One step alone, looks that change nothing, and what must be free before a choice: parts in memory."""

import time

import pytest

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.errors import LohError
from lambda_over_https.events import StepEnded
from lambda_over_https.states import Action, StepState
from lambda_over_https.tutorial.parts.part import Part, Sighting, Standing
from tests.kit.in_memory.memory import OURS, THEIRS, CloudInMemory, Desk, PartInMemory, box, step


def states(desk: Desk, *numbers: str) -> list[StepState]:
    journal = desk.stack().journal
    return [journal.state_of(number) for number in numbers]


def looks(found: list[tuple[Part, Sighting]]) -> dict[str, Standing]:
    return {part.kind: seen.standing for part, seen in found}


def test_one_step_is_done_alone(desk: Desk, cloud: CloudInMemory) -> None:
    first, second = step("1", box(cloud, "test:first")), step("2", box(cloud, "test:second"))
    engine = Engine((first, second), desk.stack())
    engine.do(second)
    assert cloud.calls == ["create second"]
    assert states(desk, "1", "2") == [StepState.PENDING, StepState.DONE]
    assert engine.next_step() is first
    engine.do(first)
    assert engine.next_step() is None


def test_an_interrupt_that_came_before_lets_no_step_begin(desk: Desk, cloud: CloudInMemory) -> None:
    only, stack = step("1", box(cloud)), desk.stack()
    stack.run.interrupt()
    with pytest.raises(LohError):
        Engine((only,), stack).do(only)
    assert cloud.calls == []


def test_a_step_says_how_long_it_took(desk: Desk, cloud: CloudInMemory) -> None:
    only, began = step("1", box(cloud)), time.monotonic()
    Engine((only,), desk.stack()).do(only)
    [ended] = [event for event in desk.events if isinstance(event, StepEnded)]
    assert 0 <= ended.seconds <= time.monotonic() - began


def test_a_look_sees_what_the_journal_knows_as_it_is_now(desk: Desk, cloud: CloudInMemory) -> None:
    steps = step("1", box(cloud, "test:right"), box(cloud, "test:wrong")), step("2", box(cloud, "test:gone"))
    more = step("3", box(cloud, "test:never"))
    Engine((*steps, more), desk.stack()).run(to="2")
    cloud.resources["test:wrong", "wrong"][0].right = False
    cloud.resources["test:gone", "gone"].clear()
    cloud.put("test:never", "never", OURS)
    cloud.calls.clear()
    assert looks(Engine((*steps, more), desk.stack()).look()) == {
        "test:right": Standing.OURS,
        "test:wrong": Standing.PARTIAL,
        "test:gone": Standing.ABSENT,
    }
    assert cloud.calls == []


class Seldom(PartInMemory):
    """A part that must not be looked at: the answer is known."""

    def look(self, stack: Stack) -> Sighting:
        """Fail."""
        raise AssertionError(f"{self.kind} was looked at")


def test_where_the_owner_is_not_made_or_gone_its_parts_are_not_looked_at(
    desk: Desk, cloud: CloudInMemory
) -> None:
    owner, child = box(cloud, "test:owner"), box(cloud, "test:child", owner="test:owner")
    seldom = Seldom(kind="test:child", cloud=cloud, owner="test:owner", creates=("child",))
    plan = Engine((step("1", owner, seldom),), desk.stack()).plan()
    assert plan[0].action is Action.CREATE
    Engine((step("1", owner, child),), desk.stack()).run()
    cloud.resources["test:owner", "owner"].clear()
    assert Engine((step("1", owner, seldom),), desk.stack()).plan()[0].action is Action.CREATE


def test_where_the_owner_is_there_its_parts_are_looked_at(desk: Desk, cloud: CloudInMemory) -> None:
    owner, child = box(cloud, "test:owner"), box(cloud, "test:child", owner="test:owner")
    Engine((step("1", owner, child),), desk.stack()).run()
    cloud.resources["test:child", "child"][0].right = False
    [planned] = Engine((step("1", owner, child),), desk.stack()).plan()
    assert (planned.action, planned.calls) == (Action.UPDATE, ("test:childUpdate",))


# --- what must be free before a choice ---


def test_what_is_absent_ours_or_known_is_free(desk: Desk, cloud: CloudInMemory) -> None:
    known, ours = box(cloud, "test:known"), box(cloud, "test:ours")
    Engine((step("1", known),), desk.stack()).run()
    cloud.resources["test:known", "known"][0].tags = THEIRS
    cloud.put("test:ours", "ours", OURS)
    Engine((step("1", known),), desk.stack()).check_free([known, ours, box(cloud, "test:absent")])


def test_what_is_somebody_elses_is_in_the_way_wherever_it_comes(desk: Desk, cloud: CloudInMemory) -> None:
    known, theirs = box(cloud, "test:known"), box(cloud, "test:theirs")
    Engine((step("1", known),), desk.stack()).run()
    cloud.put("test:theirs", "theirs", THEIRS)
    with pytest.raises(LohError) as failed:
        Engine((step("1", known),), desk.stack()).check_free([known, theirs])
    message = "A resource that is not ours is in the way: test:theirs theirs. another has the name"
    assert (failed.value.message, failed.value.step) == (message, "")


def test_what_is_on_a_resource_of_ours_and_not_in_the_journal_is_in_the_way(
    desk: Desk, cloud: CloudInMemory
) -> None:
    owner, child = box(cloud, "test:owner"), box(cloud, "test:child", owner="test:owner")
    Engine((step("1", owner),), desk.stack()).run()
    engine = Engine((step("1", owner),), desk.stack())
    engine.check_free([child])
    cloud.put("test:child", "child", {})
    with pytest.raises(LohError, match=r"test:child child\. It is there already, and not in the journal\."):
        engine.check_free([child])


def test_where_the_owner_is_not_ours_yet_nothing_on_it_is_asked_for(desk: Desk, cloud: CloudInMemory) -> None:
    seldom = Seldom(kind="test:child", cloud=cloud, owner="test:owner")
    Engine((), desk.stack()).check_free([seldom])


def test_of_an_earlier_deployment_of_that_name_the_way_back_is_told(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:theirs", "theirs", {**OURS, next(iter(OURS)): "another"})
    with pytest.raises(LohError) as failed:
        Engine((), desk.stack()).check_free([box(cloud, "test:theirs")])
    assert "`loh recover` makes a new one" in failed.value.hint
