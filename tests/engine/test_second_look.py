"""Last, a teardown looks once more at each kind of resource: parts in memory, no AWS, no process."""

from collections.abc import Iterator

import pytest

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.engine.remove.removal import Cause
from lambda_over_https.errors import LohError, NotItsTurnError, UncertainError
from lambda_over_https.states import Fate
from lambda_over_https.tutorial.parts.part import Sighting
from tests.kit.in_memory.memory import OURS, THEIRS, CloudInMemory, Desk, PartInMemory, box, step
from tests.kit.in_memory.removals import names, notes, run, teardown


def test_a_second_one_with_our_tag_goes_too(desk: Desk, cloud: CloudInMemory) -> None:
    """A create that was repeated by a network between us and AWS: two resources, one record."""
    first = step("1", box(cloud))
    run(desk, first)
    cloud.put("test:box", "box", OURS)
    removal = teardown(desk, first)
    assert cloud.kinds() == []
    assert len(removal.of(Fate.DELETED)) == 2


@pytest.mark.parametrize("right", [True, False])
def test_what_carries_our_tag_and_is_in_no_journal_is_named_and_not_removed(
    desk: Desk, cloud: CloudInMemory, right: bool
) -> None:
    both = step("1", box(cloud)), step("2", box(cloud, "test:unknown"))
    Engine(both, desk.stack()).run(to="1")
    cloud.put("test:unknown", "unknown", OURS, right=right)
    removal = teardown(desk, *both)
    assert names(removal, Fate.LEFT) == ["unknown"]
    assert "loh recover" in removal.left[0].reason
    assert cloud.kinds() == ["test:unknown"]


def test_a_foreign_resource_of_a_name_that_we_did_not_make_is_not_mentioned(
    desk: Desk, cloud: CloudInMemory
) -> None:
    both = step("1", box(cloud)), step("2", box(cloud, "test:unknown"))
    Engine(both, desk.stack()).run(to="1")
    cloud.put("test:unknown", "unknown", THEIRS)
    removal = teardown(desk, *both)
    assert not removal.left
    assert cloud.kinds() == ["test:unknown"]


def test_a_file_on_this_machine_needs_no_second_look(desk: Desk, cloud: CloudInMemory) -> None:
    both = step("1", box(cloud)), step("2", box(cloud, "local:file", local=True))
    Engine(both, desk.stack()).run(to="1")
    cloud.put("local:file", "file", OURS)
    assert not teardown(desk, *both).left


def test_strays_of_every_step_are_named(desk: Desk, cloud: CloudInMemory) -> None:
    def strays(_: Stack) -> Iterator[str]:
        yield "arn:aws:sqs:us-east-1:123456789012:dead-letters"

    first = step("1", box(cloud), strays=strays)
    run(desk, first)
    removal = teardown(desk, first)
    assert names(removal, Fate.LEFT) == ["arn:aws:sqs:us-east-1:123456789012:dead-letters"]


def test_strays_that_cannot_be_asked_for_are_said_and_stop_nothing(desk: Desk, cloud: CloudInMemory) -> None:
    def strays(_: Stack) -> Iterator[str]:
        raise LohError("AccessDenied.")

    first = step("1", box(cloud), strays=strays)
    run(desk, first)
    removal = teardown(desk, first)
    assert not removal.left
    assert notes(desk) == ["Could not ask the tagging service what else carries our tag: AccessDenied."]


def test_what_waits_for_its_turn_and_what_nobody_accounts_for_are_told_apart_from_all_that_is_left(
    desk: Desk, cloud: CloudInMemory
) -> None:
    both = step("1", box(cloud, "test:api"), box(cloud, "test:kept")), step("2", box(cloud, "test:unknown"))
    Engine(both, desk.stack()).run(to="1")
    cloud.put("test:unknown", "unknown", OURS)
    cloud.before["delete api"] = [lambda: NotItsTurnError("One in 30 seconds.")]
    cloud.before["delete kept"] = [lambda: LohError("Somebody protects it.")]
    removal = teardown(desk, *both)
    assert sorted(names(removal, Fate.LEFT)) == ["api", "kept", "unknown"]
    causes = {each.name: each.cause for each in removal.left}
    assert causes == {"api": Cause.NOT_ITS_TURN, "kept": Cause.FAILED, "unknown": Cause.STRAY}
    assert list(removal.by_fate()) == ["deleted", "already_gone", "kept", "left"]


def test_a_last_look_whose_answer_is_lost_proves_nothing(desk: Desk, cloud: CloudInMemory) -> None:
    """Such answers came where a proxy asked for a sign-in, when the journal had nothing more to remove."""
    silent = True

    class Silent(PartInMemory):
        def look(self, stack: Stack) -> Sighting:
            if silent:
                raise UncertainError("No answer came.")
            return super().look(stack)

    both = step("1", box(cloud)), step("2", Silent(kind="test:unknown", cloud=cloud))
    Engine(both, desk.stack()).run(to="1")
    [left] = teardown(desk, *both).left
    assert (left.name, left.reason) == (
        "unknown",
        "could not look for any test:unknown: No answer came. Run `loh teardown` again",
    )
    assert desk.path.exists()
    silent = False
    assert not teardown(desk, *both).left
    assert not desk.path.exists()
