"""What an undo takes back, and what it leaves: parts in memory, no AWS, no process."""

from dataclasses import replace

import pytest

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.engine.undo import Undo, last_step, leave_out
from lambda_over_https.errors import LohError
from lambda_over_https.states import Fate, StepState
from lambda_over_https.tutorial.parts.part import Orphan
from tests.kit.in_memory.memory import CloudInMemory, Desk, PartInMemory, box, step
from tests.kit.in_memory.removals import names, run, teardown


def test_undo_takes_back_the_last_step_alone(desk: Desk, cloud: CloudInMemory) -> None:
    both = step("1", box(cloud, "test:first")), step("2", box(cloud, "test:second"))
    run(desk, *both)
    stack = desk.stack()
    assert last_step(both, stack) is both[1]
    assert names(Undo(both[1], both, stack).take_back(), Fate.DELETED) == ["second"]
    assert cloud.kinds() == ["test:first"]
    assert desk.stack().journal.state_of("2") is StepState.PENDING
    assert desk.stack().journal.state_of("1") is StepState.DONE


def test_undo_deletes_a_child_by_itself_where_its_owner_stays(desk: Desk, cloud: CloudInMemory) -> None:
    owner, child = box(cloud, "test:owner"), box(cloud, "test:child", owner="test:owner", cascades=True)
    both = step("1", owner), step("2", child)
    run(desk, *both)
    Undo(both[1], both, desk.stack()).take_back()
    assert cloud.calls == ["delete child"]
    assert cloud.kinds() == ["test:owner"]


def test_a_step_of_which_nothing_may_go_is_known_and_no_more_done(desk: Desk, cloud: CloudInMemory) -> None:
    first = step("1", box(cloud))
    run(desk, first)
    cloud.before["delete box"] = [lambda: LohError("Somebody protects it.")]
    assert names(Undo(first, [first], desk.stack()).take_back(), Fate.LEFT) == ["box"]
    assert desk.stack().journal.state_of("1") is StepState.PENDING
    assert last_step([first], desk.stack()) is first
    assert list(desk.made()) == ["box"]


def test_a_step_that_is_undone_in_part_is_not_done_and_the_next_one_to_do(
    desk: Desk, cloud: CloudInMemory
) -> None:
    """Killed at a call, or refused after another: nothing that was removed may be passed over."""
    first, second = step("1", box(cloud, "test:first"), box(cloud, "test:more")), step("2", box(cloud))
    run(desk, first, second)
    cloud.watch = lambda: at_call.append(Engine((first, second), desk.stack()).next_step() is first)
    at_call: list[bool] = []
    cloud.before["delete first"] = [lambda: LohError("Somebody protects it.")]
    Undo(first, [first], desk.stack()).take_back()
    assert at_call == [True, True]
    assert list(desk.made()) == ["first", "box"]
    assert Engine((first, second), desk.stack()).next_step() is first


def test_a_step_that_failed_half_way_is_the_last_one(desk: Desk, cloud: CloudInMemory) -> None:
    both = step("1", box(cloud, "test:first")), step("2", box(cloud, "test:second"), needs=("1",))
    cloud.before["create second"] = [lambda: LohError("Denied.")]
    with pytest.raises(LohError, match="Denied"):
        Engine(both, desk.stack()).run()
    assert last_step(both, desk.stack()) is both[1]


def test_where_nothing_was_done_there_is_no_last_step(desk: Desk, cloud: CloudInMemory) -> None:
    assert last_step([step("1", box(cloud))], desk.stack()) is None


def test_what_outlives_a_resource_is_left_and_named_with_its_command(
    desk: Desk, cloud: CloudInMemory
) -> None:
    class Clung(PartInMemory):
        def orphans(self, stack: Stack) -> list[Orphan]:
            return [Orphan("test:mapping", "uuid1", "aws test delete --uuid uuid1")]

    first = step("1", Clung(kind="test:box", cloud=cloud))
    run(desk, first)
    for _ in range(2):
        removal = teardown(desk, first)
        assert [(each.name, each.reason) for each in removal.left] == [
            ("uuid1", "it outlives the test:box. Delete it: aws test delete --uuid uuid1")
        ]
    assert cloud.kinds() == []
    assert desk.path.exists(), "as long as something is left the deployment is known"


def test_to_leave_a_choice_out_makes_nothing_of_what_was_never_begun(
    desk: Desk, cloud: CloudInMemory
) -> None:
    first, second = step("1", box(cloud, "test:first")), step("2", box(cloud, "test:second"), needs=("1",))
    tries = step("3", act=lambda _: cloud.calls.append("try"), needs=("2",))
    run(desk, first)
    assert not leave_out("choice", desk.stack(), (first, second, tries))
    assert cloud.calls == []
    assert dict(desk.stack().journal.state.steps) == {"1": "done"}


def test_to_leave_a_choice_out_after_a_teardown_that_was_killed_makes_nothing_again(
    desk: Desk, cloud: CloudInMemory
) -> None:
    """The second is deleted, the journal does not say so yet; the extra goes, and the first is set right."""
    first, second, extra = (box(cloud, f"test:{each}") for each in ("first", "second", "extra"))
    tries = step("3", act=lambda _: cloud.calls.append("try"), needs=("1", "2"))
    run(desk, step("1", first), step("2", second), step("4", extra), tries)
    desk.stack().journal.begin_again()
    cloud.resources["test:first", "first"][0].right = False
    del cloud.resources["test:second", "second"]
    gone = replace(step("4"), former=lambda _: (extra,), wanted=False)
    assert leave_out("4", desk.stack(), (step("1", first), step("2", second), tries, gone))
    assert sorted(cloud.calls) == ["delete extra", "update first"]
    assert cloud.kinds() == ["test:first"]
    assert desk.stack().journal.state_of("2") is StepState.PENDING
    assert desk.stack().journal.state_of("3") is StepState.PENDING


def test_to_leave_a_choice_out_keeps_what_somebody_deleted_deleted(desk: Desk, cloud: CloudInMemory) -> None:
    first, second = step("1", box(cloud, "test:first")), step("2", box(cloud, "test:second"))
    run(desk, first, second)
    del cloud.resources["test:second", "second"]
    assert not leave_out("choice", desk.stack(), (first, second))
    assert cloud.calls == []
    assert Engine((first, second), desk.stack()).run(), "a run makes it again"
