"""What ``recover`` promises whatever the parts are: parts in memory, no AWS, no process."""

from dataclasses import replace

import pytest

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.engine.recover.rebuilding import Carrier, Recoverer
from lambda_over_https.engine.recover.recover import Recovery, recover
from lambda_over_https.errors import UsageError
from lambda_over_https.names import TAG_DEPLOYMENT, TAG_NAME
from lambda_over_https.states import RecordState, StepState
from lambda_over_https.tutorial.parts.part import Sighting
from lambda_over_https.tutorial.parts.step import Step
from tests.kit.in_memory.memory import (
    IDENTITY,
    NAME,
    OURS,
    THEIRS,
    CloudInMemory,
    Desk,
    PartInMemory,
    box,
    step,
)

OTHER = "alice-fedcba9876543210"


def rebuilt(desk: Desk, *steps: Step, wanted: str | None = None) -> Recovery:
    """``loh recover``, whose stack has a blank journal with an id of its own."""
    stack = desk.stack()
    journal = stack.journal
    blank = replace(journal.deployment, id="alice-0000000000000000")
    fresh = type(journal)(journal.path, replace(journal.state, deployment=blank, records=(), steps={}))
    return recover(replace(stack, journal=fresh), steps, wanted)


def test_what_carries_the_tag_is_taken_in_under_the_id_it_carries(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:box", "box", OURS)
    recovery = rebuilt(desk, step("1", box(cloud)))
    assert recovery.state.deployment.id == IDENTITY
    assert [(each.name, each.sure) for each in recovery.found] == [("box", "certain")]
    assert desk.made() == {"box": (RecordState.MADE, "id1")}
    assert desk.stack().journal.state_of("1") is StepState.DONE


def test_what_is_not_ours_is_named_and_left_out(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:box", "box", THEIRS)
    recovery = rebuilt(desk, step("1", box(cloud)))
    assert [(each.name, each.sure) for each in recovery.found] == [("box", "not ours")]
    assert not desk.path.exists()


def test_what_belongs_to_something_of_ours_is_taken_in_with_it(desk: Desk, cloud: CloudInMemory) -> None:
    owner, child = box(cloud, "test:owner"), box(cloud, "test:child", owner="test:owner")
    cloud.put("test:owner", "owner", OURS)
    cloud.put("test:child", "child", {})
    recovery = rebuilt(desk, step("1", owner, child))
    assert [each.reason for each in recovery.found if each.name == "child"] == [
        "it belongs to the test:owner"
    ]
    assert sorted(desk.made()) == ["child", "owner"]


def test_what_belongs_to_something_foreign_is_not_looked_for(desk: Desk, cloud: CloudInMemory) -> None:
    owner, child = box(cloud, "test:owner"), box(cloud, "test:child", owner="test:owner")
    cloud.put("test:owner", "owner", THEIRS)
    cloud.put("test:child", "child", {})
    assert [each.name for each in rebuilt(desk, step("1", owner, child)).found] == ["owner"]


def test_a_step_of_which_a_part_is_missing_is_not_done(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:first", "first", OURS)
    rebuilt(desk, step("1", box(cloud, "test:first"), box(cloud, "test:second")))
    assert desk.stack().journal.state_of("1") is StepState.PENDING


def test_a_step_that_also_acts_is_not_done(desk: Desk, cloud: CloudInMemory) -> None:
    """Whether it was tried, nothing tells: ``run`` tries it again."""
    cloud.put("test:box", "box", OURS)
    rebuilt(desk, step("1", box(cloud), act=lambda _: None))
    assert desk.stack().journal.state_of("1") is StepState.PENDING


def test_a_resource_is_looked_at_after_those_it_is_told_by(desk: Desk, cloud: CloudInMemory) -> None:
    looked: list[str] = []

    class Noting(PartInMemory):
        def look(self, stack: Stack) -> Sighting:
            looked.append(self.kind)
            return super().look(stack)

    late = Noting(kind="test:late", cloud=cloud, seen_after=("test:early",))
    early = Noting(kind="test:early", cloud=cloud)
    rebuilt(desk, step("1", late, early))
    assert looked == ["test:early", "test:late"]


def test_choices_are_read_from_what_was_found(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:box", "box", OURS)
    recovery = rebuilt(desk, step("1", box(cloud, tells=Choices(runtime="nodejs"), own_source=True)))
    assert recovery.own_source
    assert desk.stack().journal.state.choices["runtime"] == "nodejs"


def test_what_is_not_there_tells_nothing(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:other", "other", OURS)
    parts = box(cloud, "test:other"), box(cloud, tells=Choices(runtime="nodejs"))
    rebuilt(desk, step("1", *parts))
    assert desk.stack().journal.state.choices["runtime"] == "python"


# --- which chapters ---


@pytest.mark.parametrize(
    ("part", "right", "on"),
    [
        ({"owner": "test:box"}, True, True),
        ({"owner": "test:box"}, False, False),
        ({"owner": "test:box", "telling": False}, True, False),
        ({}, True, True),
        ({}, False, True),
    ],
    ids=[
        "as only we make it",
        "of another value",
        "as anybody makes it",
        "with our tag",
        "changed, with our tag",
    ],
)
def test_a_chapter_is_on_if_something_shows_that_we_made_it(
    desk: Desk, cloud: CloudInMemory, part: dict[str, object], right: bool, on: bool
) -> None:
    cloud.put("test:box", "box", OURS)
    cloud.put("test:limit", "limit", {} if "owner" in part else OURS, right=right)
    tutorial, chapter = (
        step("1", box(cloud)),
        step("calm", box(cloud, "test:limit", chapter="calm", **part)),
    )
    stack = desk.stack()
    recovery = recover(
        stack,
        (tutorial, chapter),
        None,
        lambda chosen: (tutorial, chapter) if chosen.choices.chapters else (tutorial,),
    )
    assert recovery.state.choices["chapters"] == ("calm" if on else "")
    assert ("limit" in desk.made()) == on
    assert [each.name for each in recovery.found if each.sure == "not ours"] == ([] if on else ["limit"])


# --- which deployment ---


def test_where_two_deployments_of_the_name_are_found_one_must_be_chosen(
    desk: Desk, cloud: CloudInMemory
) -> None:
    cloud.put("test:box", "box", OURS)
    cloud.put("test:box", "box", {**OURS, "lambda-over-https:deployment": OTHER})
    first = step("1", box(cloud))
    with pytest.raises(UsageError, match=OTHER) as raised:
        rebuilt(desk, first)
    assert "--id" in raised.value.hint
    assert rebuilt(desk, first, wanted=IDENTITY).state.deployment.id == IDENTITY


def test_the_id_in_a_damaged_journal_says_which_one(desk: Desk, cloud: CloudInMemory) -> None:
    first = step("1", box(cloud))
    Engine([first], desk.stack()).run()
    cloud.put("test:box", "box", {**OURS, "lambda-over-https:deployment": OTHER})
    stack = desk.stack()
    desk.path.write_bytes(desk.path.read_bytes()[:-40])
    recovery = recover(stack, [first], None)
    assert recovery.state.deployment.id == IDENTITY
    assert recovery.backup is not None
    assert recovery.backup.exists()


def test_an_id_in_a_damaged_journal_that_nothing_carries_gives_way(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:box", "box", {**OURS, "lambda-over-https:deployment": OTHER})
    stack = desk.stack()
    desk.path.write_text(f'{{"deployment": {{"id": "{IDENTITY}", …')
    assert recover(stack, [step("1", box(cloud))], None).state.deployment.id == OTHER


# --- what is there to be removed, whoever's journal says what ---


def test_holdings_are_what_is_removed_by_itself_with_its_step(desk: Desk, cloud: CloudInMemory) -> None:
    """What goes with its owner, and what the deployment only borrows, is none of them."""
    parts = (
        box(cloud, "test:child", owner="test:owner"),
        box(cloud, "test:leaf", owner="test:owner", cascades=True),
        box(cloud, "test:owner"),
        box(cloud, "test:role", adopted=True),
        box(cloud, "test:foreign"),
    )
    for part in parts:
        cloud.put(part.kind, part.name(desk.stack()), OURS if part.kind == "test:owner" else THEIRS)
    recoverer = Recoverer([step("0"), step("1", *parts)], desk.stack())
    recoverer.holdings()
    records = recoverer.stack.journal.state.records
    assert [(each.kind, each.step, each.state) for each in records] == [
        ("test:owner", "1", RecordState.MADE),
        ("test:child", "1", RecordState.MADE),
    ]
    assert [(each.name, each.sure) for each in recoverer.found] == [
        ("owner", "certain"),
        ("foreign", "not ours"),
        ("child", "certain"),
    ]


def test_holdings_are_looked_at_after_those_they_are_told_by(desk: Desk, cloud: CloudInMemory) -> None:
    late = box(cloud, "test:late", seen_after=("test:early",))
    early = box(cloud, "test:early")
    for name in ("late", "early"):
        cloud.put(f"test:{name}", name, OURS)
    recoverer = Recoverer([step("1", late, early)], desk.stack())
    recoverer.holdings()
    assert [each.name for each in recoverer.found] == ["early", "late"]


def test_an_id_is_told_with_all_that_carries_it(desk: Desk, cloud: CloudInMemory) -> None:
    """Only of this deployment's name, and only where there is an id."""
    cloud.put("test:box", "box", OURS)
    cloud.put("test:box", "box", OURS | {TAG_DEPLOYMENT: OTHER})
    cloud.put("test:box", "box", OURS | {TAG_NAME: "bob"})
    cloud.put("test:box", "box", {TAG_NAME: NAME})
    carried = Recoverer([step("1", box(cloud))], desk.stack()).ids()
    assert carried == {
        IDENTITY: [Carrier("test:box", "box", "id1")],
        OTHER: [Carrier("test:box", "box", "id2")],
    }
    assert [str(each) for each in carried[IDENTITY]] == ["test:box box id1"]
    assert str(Carrier("test:box", "box")) == "test:box box"
