"""What a teardown and an undo promise whatever the parts are: parts in memory, no AWS, no process."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from lambda_over_https.aws.place import Place
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.remove.teardown import Teardown, remains
from lambda_over_https.engine.undo import Undo
from lambda_over_https.errors import CredentialsError, LohError
from lambda_over_https.events import Removed, current_step
from lambda_over_https.states import Fate, StepState
from lambda_over_https.tutorial.parts.part import ABSENT, IDENTITY, Sighting, Turn
from lambda_over_https.tutorial.parts.step import Step
from tests.kit.in_memory.memory import OURS, THEIRS, CloudInMemory, Desk, PartInMemory, box, lost, step
from tests.kit.in_memory.removals import names, notes, run, teardown

# --- what goes ---


def test_everything_goes_newest_first_and_the_journal_is_forgotten(desk: Desk, cloud: CloudInMemory) -> None:
    steps = step("1", box(cloud, "test:first")), step("2", box(cloud, "test:second"))
    run(desk, *steps)
    removal = teardown(desk, *steps)
    assert cloud.calls == ["delete second", "delete first"]
    assert names(removal, Fate.DELETED) == ["second", "first"]
    assert not removal.left
    assert cloud.kinds() == []
    assert not desk.path.exists()


class Late(PartInMemory):
    """A part that a look does not show for a while after it was made, as an eventually consistent list."""

    looks: ClassVar[list[None]] = []

    def look(self, stack: Stack) -> Sighting:
        """Show nothing as often as planned."""
        if self.looks:
            self.looks.pop()
            return ABSENT
        return super().look(stack)


@pytest.mark.parametrize(("age", "goes"), [(0, True), (-3600, True), (60, False)])
def test_what_was_made_a_moment_ago_and_does_not_show_is_waited_for(
    desk: Desk, cloud: CloudInMemory, age: int, goes: bool
) -> None:
    """Also where the clock was put back meanwhile. What was made long ago and does not show is gone."""
    first = step("1", Late(kind="test:box", cloud=cloud))
    run(desk, first)
    stack = replace(desk.stack(), place=Place("aws", "123456789012", "us-east-1", "aws", "arn"))
    [made] = stack.journal.state.records
    at = (datetime.now(UTC) - timedelta(seconds=age)).isoformat()
    journal = stack.journal.saying(replace(stack.journal.state, records=(replace(made, at=at),)))
    Late.looks[:] = [None] * (5 if goes else 1)
    removal = Teardown([first], replace(stack, journal=journal)).remove_all()
    assert names(removal, Fate.DELETED) == ["box"], "the last look finds what was only late"
    assert names(removal, Fate.ALREADY_GONE) == ([] if goes else ["box"])
    assert cloud.kinds() == []


def test_what_takes_long_begins_first_and_what_is_rationed_comes_last(
    desk: Desk, cloud: CloudInMemory
) -> None:
    steps = (
        step("1", box(cloud, "test:long", turn=Turn.FIRST)),
        step("2", box(cloud, "test:any")),
        step("3", box(cloud, "test:rationed", turn=Turn.LAST)),
    )
    run(desk, *steps)
    teardown(desk, *steps)
    assert cloud.calls == ["delete long", "delete any", "delete rationed"]


def test_a_resource_waits_for_those_that_must_go_before_it(desk: Desk, cloud: CloudInMemory) -> None:
    steps = step("1", box(cloud, "test:user")), step("2", box(cloud, "test:role", after=("test:user",)))
    run(desk, *steps)
    teardown(desk, *steps)
    assert cloud.calls == ["delete user", "delete role"]


def test_what_goes_with_its_owner_is_reported_and_not_deleted_by_itself(
    desk: Desk, cloud: CloudInMemory
) -> None:
    owner, child = box(cloud, "test:owner"), box(cloud, "test:child", owner="test:owner", cascades=True)
    both = step("1", owner, child)
    run(desk, both)
    assert [record.name for record in Teardown([both], desk.stack()).inventory.records()] == ["owner"]
    removal = teardown(desk, both)
    assert cloud.calls == ["delete owner"]
    assert sorted(names(removal, Fate.DELETED)) == ["child", "owner"]


def test_what_an_earlier_choice_made_goes_too(desk: Desk, cloud: CloudInMemory) -> None:
    """Today's options make other parts: the step knows by ``also`` what the old ones may have made."""
    old = box(cloud, "test:old")
    run(desk, step("1", old))
    removal = teardown(desk, step("1", box(cloud, "test:new"), also=(old,)))
    assert names(removal, Fate.DELETED) == ["old"]
    assert not desk.path.exists()


def test_no_step_is_done_any_more_once_a_teardown_has_begun(desk: Desk, cloud: CloudInMemory) -> None:
    """One that is stopped half-way must not leave a journal that says all is there."""
    both = step("1", box(cloud, "test:first")), step("2", box(cloud, "test:second"))
    run(desk, *both)
    cloud.before["delete second"] = [lambda: CredentialsError("The session has expired.")]
    with pytest.raises(CredentialsError):
        teardown(desk, *both)
    assert [desk.stack().journal.state_of(each.number) for each in both] == [StepState.PENDING] * 2
    assert sorted(desk.made()) == ["first", "second"]


# --- what does not go ---


def test_another_resource_of_the_name_is_kept_untouched_and_forgotten(
    desk: Desk, cloud: CloudInMemory
) -> None:
    first = step("1", box(cloud))
    run(desk, first)
    cloud.resources.clear()
    cloud.put("test:box", "box", THEIRS)
    removal = teardown(desk, first)
    assert cloud.calls == []
    assert removal.of(Fate.KEPT)[0].reason.startswith("it does not carry our tag")
    assert not desk.path.exists()


def stripped(desk: Desk, *steps: Step) -> None:
    """A deployment from which somebody took our tags: the ids are those that the journal knows."""
    run(desk, *steps)
    for resources in desk.cloud.resources.values():
        for each in resources:
            each.tags = {}


def test_the_recorded_id_without_our_tag_is_left_for_the_user_to_decide(
    desk: Desk, cloud: CloudInMemory
) -> None:
    owner, child = box(cloud, "test:owner"), box(cloud, "test:child", owner="test:owner", cascades=True)
    both = step("1", owner, child)
    stripped(desk, both)
    removal = teardown(desk, both)
    assert cloud.calls == []
    assert names(removal, Fate.LEFT) == ["owner"]
    assert "--untagged" in removal.left[0].reason
    assert sorted(desk.made()) == ["child", "owner"]


def test_untagged_removes_what_has_the_recorded_id(desk: Desk, cloud: CloudInMemory) -> None:
    first = step("1", box(cloud))
    stripped(desk, first)
    removal = Teardown([first], desk.stack(), untagged=True).remove_all()
    assert names(removal, Fate.DELETED) == ["box"]
    assert cloud.kinds() == []
    assert not desk.path.exists()


@pytest.mark.parametrize(
    ("recorded", "found", "ours"),
    [("a", "a", True), ("a", "b", False), ("", "b", True), ("a", "", True)],
    ids=["the same", "a later one", "none was recorded", "none is told"],
)
def test_of_one_name_and_id_what_is_known_of_its_identity_decides(
    desk: Desk, cloud: CloudInMemory, recorded: str, found: str, ours: bool
) -> None:
    """A table that somebody made anew has the name and the ARN of ours, and another table id."""
    first = step("1", box(cloud))
    stripped(desk, first)
    journal = desk.stack().journal
    [record] = journal.state.records
    journal.made(replace(record, detail={IDENTITY: recorded} if recorded else {}))
    cloud.resources["test:box", "box"][0].identity = found
    removal = teardown(desk, first)
    assert (names(removal, Fate.LEFT), names(removal, Fate.KEPT)) == (
        (["box"], []) if ours else ([], ["box"])
    )
    assert cloud.calls == []


def test_untagged_does_not_reach_another_resource_of_the_name(desk: Desk, cloud: CloudInMemory) -> None:
    first = step("1", box(cloud))
    run(desk, first)
    cloud.resources.clear()
    cloud.put("test:box", "box", THEIRS)
    assert names(Teardown([first], desk.stack(), untagged=True).remove_all(), Fate.KEPT) == ["box"]
    assert cloud.calls == []


def test_what_there_is_of_a_deployment_that_no_journal_knows_is_named_and_left(
    desk: Desk, cloud: CloudInMemory
) -> None:
    cloud.put("test:box", "box", THEIRS)
    parts = box(cloud), box(cloud, "test:absent"), box(cloud, "local:file", local=True)
    removal = remains([step("1", *parts)], desk.stack())
    assert names(removal, Fate.LEFT) == ["box"]
    assert cloud.calls == []
    assert not desk.path.exists()


def test_what_is_lent_is_kept_and_forgotten(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:box", "box", THEIRS)
    lent = step("1", box(cloud, adopted=True))
    run(desk, lent)
    removal = teardown(desk, lent)
    assert cloud.calls == []
    assert names(removal, Fate.KEPT) == ["box"]
    assert cloud.kinds() == ["test:box"]
    assert not desk.path.exists()


def test_what_this_version_does_not_know_is_left_and_stays_in_the_journal(
    desk: Desk, cloud: CloudInMemory
) -> None:
    run(desk, step("1", box(cloud, "test:unheard")))
    removal = teardown(desk, step("1", box(cloud)))
    assert removal.left[0].reason == "this version does not know how to remove it"
    assert list(desk.made()) == ["unheard"]


def test_what_is_gone_already_counts_as_done(desk: Desk, cloud: CloudInMemory) -> None:
    first = step("1", box(cloud))
    run(desk, first)
    cloud.resources.clear()
    removal = teardown(desk, first)
    assert names(removal, Fate.ALREADY_GONE) == ["box"]
    assert not removal.of(Fate.DELETED)
    assert not desk.path.exists()


def test_one_failure_stops_nothing_else_and_stays_in_the_journal(desk: Desk, cloud: CloudInMemory) -> None:
    both = step("1", box(cloud, "test:first")), step("2", box(cloud, "test:second"))
    run(desk, *both)
    cloud.before["delete second"] = [lambda: LohError("Somebody protects it.", "Take that off.")] * 2
    removal = teardown(desk, *both)
    assert names(removal, Fate.DELETED) == ["first"]
    assert removal.by_fate()["left"] == [
        {
            "kind": "test:second",
            "name": "second",
            "id": "id2",
            "reason": "Somebody protects it. Take that off.",
        }
    ]
    assert list(desk.made()) == ["second"]
    fates = {event.name: event.fate for event in desk.events if isinstance(event, Removed)}
    assert fates == {"first": Fate.DELETED, "second": Fate.LEFT}


def test_force_reaches_the_removal(desk: Desk, cloud: CloudInMemory) -> None:
    first = step("1", box(cloud))
    run(desk, first)
    teardown(desk, first, force=True)
    assert cloud.calls == ["delete box by force"]


# --- ids, answers that are lost ---


def test_the_id_that_was_seen_counts_not_the_one_that_was_recorded(desk: Desk, cloud: CloudInMemory) -> None:
    """Deleted by hand and made again by us on another machine: ours by its tag, with a new id."""
    first = step("1", box(cloud))
    run(desk, first)
    cloud.resources.clear()
    cloud.put("test:box", "box", OURS)
    removal = teardown(desk, first)
    assert names(removal, Fate.DELETED) == ["box"]
    assert not removal.of(Fate.ALREADY_GONE)
    assert cloud.kinds() == []


def test_a_delete_whose_answer_was_lost_is_found_done_by_the_next_teardown(
    desk: Desk, cloud: CloudInMemory
) -> None:
    first = step("1", box(cloud))
    run(desk, first)
    cloud.after["delete box"] = [lost()]
    removal = teardown(desk, first)
    assert names(removal, Fate.LEFT) == ["box"]
    assert names(teardown(desk, first), Fate.ALREADY_GONE) == ["box"]
    assert not desk.path.exists()


# --- what somebody added ---


def test_what_somebody_added_is_named_before_it_goes(desk: Desk, cloud: CloudInMemory) -> None:
    first = step("1", box(cloud))
    run(desk, first)
    cloud.resources["test:box", "box"][0].added = ("the stage dev",)
    assert Teardown([first], desk.stack()).inventory.additions() == ["the stage dev"]
    teardown(desk, first)
    assert notes(desk) == ["Also deleted: the stage dev."]


def test_what_was_named_in_the_question_is_not_said_again(desk: Desk, cloud: CloudInMemory) -> None:
    first = step("1", box(cloud))
    run(desk, first)
    cloud.resources["test:box", "box"][0].added = ("the stage dev",)
    work = Teardown([first], desk.stack())
    assert work.inventory.additions() == ["the stage dev"]
    work.remove_all()
    assert notes(desk) == []


# --- the step at work ---


def test_after_a_run_an_undo_and_a_teardown_no_step_is_at_work(desk: Desk, cloud: CloudInMemory) -> None:
    """What is called then is no step's: what a user sends to the function is theirs, not ours."""
    steps = step("1", box(cloud, "test:first")), step("2", box(cloud, "test:second"))
    run(desk, *steps)
    assert current_step.get() == ""
    Undo(steps[1], steps, desk.stack()).take_back()
    assert current_step.get() == ""
    teardown(desk, *steps)
    assert current_step.get() == ""
