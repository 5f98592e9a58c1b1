"""What nobody wants any more is removed where it was made, whoever interrupts: parts in memory, no AWS."""

from dataclasses import replace

import pytest

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.engine.recover.recover import recover
from lambda_over_https.engine.remove.teardown import Teardown
from lambda_over_https.engine.undo import Undo, last_step
from lambda_over_https.errors import LeftBehindError, LohError
from lambda_over_https.events import Removed, StepStarted
from lambda_over_https.names import TAG_DEPLOYMENT
from lambda_over_https.states import Action, RecordState, StepState
from lambda_over_https.tutorial.parts.part import Part, Turn
from lambda_over_https.tutorial.parts.step import Step
from tests.kit.in_memory.memory import OURS, THEIRS, CloudInMemory, Desk, box, step


def leaving(number: str, *parts: Part, stays: tuple[Part, ...] = ()) -> Step:
    """A step that made ``parts`` once, and now wants only what ``stays``."""
    return replace(step(number, *stays), former=lambda _: parts)


def unwanted(number: str, *parts: Part) -> Step:
    """A step that is not part of the deployment any more."""
    return replace(leaving(number, *parts), wanted=False)


def run(desk: Desk, *steps: Step) -> bool:
    return Engine(steps, desk.stack()).run()


def test_what_a_step_made_and_nobody_wants_is_removed_in_that_step(desk: Desk, cloud: CloudInMemory) -> None:
    old, new, after = box(cloud, "test:old"), box(cloud, "test:new"), box(cloud, "test:after")
    run(desk, step("1", old), step("2"))
    cloud.calls.clear()
    assert run(desk, leaving("1", old, stays=(new,)), step("2", after, needs=("1",)))
    assert cloud.calls == ["create new", "delete old", "create after"]
    assert set(desk.made()) == {"new", "after"}
    assert not run(desk, leaving("1", old, stays=(new,)), step("2", after, needs=("1",)))


def test_what_the_journal_does_not_know_is_not_touched(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:old", "old", OURS)
    assert not run(desk, leaving("1", box(cloud, "test:old")))
    assert cloud.calls == []


def test_what_is_gone_already_costs_no_call(desk: Desk, cloud: CloudInMemory) -> None:
    old = box(cloud, "test:old")
    run(desk, step("1", old))
    cloud.resources.clear()
    assert run(desk, leaving("1", old))
    assert cloud.calls == ["create old"]
    assert desk.made() == {}


def test_what_lost_our_tag_meanwhile_stays_and_is_named(desk: Desk, cloud: CloudInMemory) -> None:
    old = box(cloud, "test:old")
    run(desk, step("1", old))
    cloud.resources["test:old", "old"][0].tags.clear()
    with pytest.raises(LeftBehindError, match="took our tag off"):
        run(desk, leaving("1", old))
    assert cloud.kinds() == ["test:old"]


def test_another_resource_of_the_name_stays_and_is_forgotten(desk: Desk, cloud: CloudInMemory) -> None:
    old = box(cloud, "test:old")
    run(desk, step("1", old))
    cloud.resources.clear()
    cloud.put("test:old", "old", THEIRS)
    run(desk, leaving("1", old))
    assert cloud.kinds() == ["test:old"]
    [removed] = [event for event in desk.emitted(Removed) if isinstance(event, Removed)]
    assert "not ours" in removed.reason


def test_of_two_of_one_kind_each_is_proven_by_its_own_tag(desk: Desk, cloud: CloudInMemory) -> None:
    both = (box(cloud, "test:key", called="one"), box(cloud, "test:key", called="two"))
    run(desk, step("1", *both))
    cloud.resources["test:key", "one"][0].tags = {TAG_DEPLOYMENT: "somebody-else"}
    run(desk, leaving("1", *both))
    assert cloud.kinds() == ["test:key"]
    assert cloud.calls == ["create one", "create two", "delete two"]
    assert desk.made() == {}


def test_a_teardown_removes_each_of_two_of_one_kind(desk: Desk, cloud: CloudInMemory) -> None:
    both = (box(cloud, "test:key", called="one"), box(cloud, "test:key", called="two"))
    run(desk, step("1", *both))
    assert Teardown([step("1", *both)], desk.stack()).remove_all().left == []
    assert sorted(cloud.calls[2:]) == ["delete one", "delete two"]
    assert cloud.kinds() == []


def test_a_step_that_is_not_wanted_ends_as_if_it_had_never_been(desk: Desk, cloud: CloudInMemory) -> None:
    old = box(cloud, "test:old")
    run(desk, step("1", old))
    run(desk, unwanted("1", old))
    assert desk.stack().journal.state_of("1") is StepState.PENDING
    assert len(desk.emitted(StepStarted)) == 2


def test_the_plan_says_what_will_be_removed(desk: Desk, cloud: CloudInMemory) -> None:
    old = replace(box(cloud, "test:old"), removes=("test:DeleteOld",))
    run(desk, step("1", old))
    [planned] = Engine([unwanted("1", old)], desk.stack()).plan()
    assert planned.action is Action.UPDATE
    assert planned.calls == ("test:DeleteOld",)
    assert "test:old old is not wanted any more" in planned.reason


def test_what_costs_by_the_hour_goes_before_anything_else(desk: Desk, cloud: CloudInMemory) -> None:
    meter = replace(box(cloud, "test:meter"), turn=Turn.FIRST)
    other = box(cloud, "test:other")
    run(desk, step("1"), step("2", other, meter))
    cloud.calls.clear()
    run(desk, step("1", box(cloud, "test:new")), unwanted("2", other, meter))
    assert cloud.calls == ["delete meter", "create new", "delete other"]


def test_what_cannot_be_removed_is_named_and_the_next_run_goes_on(desk: Desk, cloud: CloudInMemory) -> None:
    old, other = box(cloud, "test:old"), box(cloud, "test:other")
    run(desk, step("1", old, other))
    cloud.before["delete old"] = [lambda: LohError("It is in use.")]
    with pytest.raises(LeftBehindError, match=r"old: It is in use\."):
        run(desk, leaving("1", old, other))
    assert desk.made() == {"old": (RecordState.MADE, "id1")}
    assert run(desk, leaving("1", old, other))
    assert desk.made() == {}


def test_a_teardown_knows_what_nobody_wants_any_more(desk: Desk, cloud: CloudInMemory) -> None:
    old = box(cloud, "test:old")
    run(desk, step("1", old))
    assert Teardown([unwanted("1", old)], desk.stack()).remove_all().left == []
    assert cloud.kinds() == []


def test_a_late_try_waits_for_all_that_is_made_also_by_later_steps(desk: Desk, cloud: CloudInMemory) -> None:
    tries = step("1", act=lambda _: cloud.calls.append("try"), needs=("0",), late=True)
    run(desk, step("0"), tries, step("2", box(cloud)))
    assert cloud.calls == ["create box", "try"]


def test_a_late_try_waits_for_a_later_step_that_only_tries_too(desk: Desk, cloud: CloudInMemory) -> None:
    """The test over HTTPS comes when a chapter has waited until clients get the API that it changed."""
    late = step("1", act=lambda _: cloud.calls.append("test"), needs=("0",), late=True)
    waits = step("2", act=lambda _: cloud.calls.append("wait"), needs=("0",))
    run(desk, step("0"), late, waits)
    assert cloud.calls == ["wait", "test"]


def _chosen(stack: Stack, *chapters: str) -> Stack:
    return replace(stack, choices=Choices(chapters=chapters))


def test_a_step_that_was_a_choice_is_taken_back_by_choosing_again(desk: Desk, cloud: CloudInMemory) -> None:
    first, extra = box(cloud, "test:first"), box(cloud, "test:extra")
    without = (step("1", first), unwanted("2", extra))
    chosen = replace(step("2", extra), without=lambda stack: (_chosen(stack), without))
    steps = (step("1", first), chosen)
    Engine(steps, _chosen(desk.stack(), "extra")).run()
    seen: list[object] = []
    cloud.watch = lambda: seen.append(desk.stack().journal.state.choices["chapters"])
    stack = desk.stack()
    last = last_step(steps, stack)
    assert last
    assert last.number == "2"
    Undo(last, steps, stack).take_back()
    assert cloud.calls[-1] == "delete extra"
    assert seen == [""], "the choice is on disk before the first change"
    assert desk.stack().journal.state_of("2") is StepState.PENDING
    assert desk.stack().journal.state_of("1") is StepState.DONE


def test_a_recovery_finds_out_which_chapters_are_on(desk: Desk, cloud: CloudInMemory) -> None:
    tagged = replace(box(cloud, "test:tagged"), chapter="one")
    owned = replace(box(cloud, "test:owned", owner="test:base"), chapter="two")
    absent = replace(box(cloud, "test:absent"), chapter="three")
    everything = (step("0", box(cloud, "test:base")), step("1", tagged), step("2", owned), step("3", absent))
    cloud.put("test:base", "base", OURS)
    cloud.put("test:tagged", "tagged", OURS)
    cloud.put("test:owned", "owned", {})
    asked: list[tuple[str, ...]] = []

    def course(stack: Stack) -> tuple[Step, ...]:
        asked.append(stack.choices.chapters)
        return everything[:3]

    recovery = recover(desk.stack(), everything, None, course)
    assert asked == [("one", "two")]
    assert recovery.state.choices["chapters"] == "one two"
    assert {each.name for each in recovery.state.records} == {"base", "tagged", "owned"}
