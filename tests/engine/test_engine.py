"""What the engine promises whatever the parts are: parts in memory, no AWS, no process.

Each test is one command, or several, of a user with one deployment. It looks at the account, at the journal
and at what was said meanwhile.
"""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import pytest

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.journal import JournalError
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.engine.make.making import MAKE_TRIES
from lambda_over_https.errors import AlreadyExistsError, CredentialsError, InterruptedRunError, LohError
from lambda_over_https.events import Kept, Made, Making, Note, StepEnded
from lambda_over_https.settings import AWS
from lambda_over_https.states import Action, RecordState, StepState
from lambda_over_https.tutorial.parts.part import ABSENT, Sighting
from lambda_over_https.tutorial.parts.step import Step
from tests.kit.in_memory.memory import OURS, THEIRS, CloudInMemory, Desk, PartInMemory, box, lost, step


def run(desk: Desk, *steps: Step) -> bool:
    return Engine(steps, desk.stack()).run()


# --- making ---


def test_a_step_makes_what_is_absent_and_the_journal_knows_it(desk: Desk, cloud: CloudInMemory) -> None:
    assert run(desk, step("1", box(cloud)))
    assert cloud.calls == ["create box"]
    assert desk.made() == {"box": (RecordState.MADE, "id1")}
    assert desk.stack().journal.state_of("1") is StepState.DONE
    assert [event.action for event in desk.emitted(Made) if isinstance(event, Made)] == [Action.CREATE]


def test_the_same_step_twice_changes_nothing_and_says_so(desk: Desk, cloud: CloudInMemory) -> None:
    first = step("1", box(cloud))
    run(desk, first)
    cloud.calls.clear()
    desk.events.clear()
    assert not run(desk, first)
    assert cloud.calls == []
    assert len(desk.emitted(Kept)) == 1
    assert not desk.emitted(Making)


def test_what_is_ours_and_wrong_is_updated(desk: Desk, cloud: CloudInMemory) -> None:
    first = step("1", box(cloud))
    run(desk, first)
    cloud.resources["test:box", "box"][0].right = False
    assert run(desk, first)
    assert cloud.calls == ["create box", "update box"]
    assert [event.action for event in desk.emitted(Made) if isinstance(event, Made)] == [
        Action.CREATE,
        Action.UPDATE,
    ]


def test_the_intent_is_on_disk_before_the_call_and_the_result_after_it(
    desk: Desk, cloud: CloudInMemory
) -> None:
    seen: list[dict[str, tuple[RecordState, str]]] = []
    part = box(cloud)
    cloud.watch = lambda: seen.append(desk.made())
    run(desk, step("1", part))
    assert seen == [{"box": (RecordState.INTENDED, "")}]
    assert desk.made() == {"box": (RecordState.MADE, "id1")}


def test_without_a_place_to_write_the_intent_no_call_is_made(desk: Desk, cloud: CloudInMemory) -> None:
    desk.fails_to_write = lambda data: b'"intended"' in data
    with pytest.raises(JournalError):
        run(desk, step("1", box(cloud)))
    assert cloud.calls == []


def test_when_the_result_cannot_be_written_the_next_run_finds_what_was_made(
    desk: Desk, cloud: CloudInMemory
) -> None:
    first = step("1", box(cloud))
    desk.fails_to_write = lambda data: b'"made"' in data
    with pytest.raises(JournalError):
        run(desk, first)
    assert desk.made() == {"box": (RecordState.INTENDED, "")}
    desk.fails_to_write = lambda _: False
    run(desk, first)
    assert cloud.calls == ["create box"]
    assert desk.made() == {"box": (RecordState.MADE, "id1")}


# --- answers that are lost ---


def test_a_create_whose_answer_was_lost_is_not_repeated(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.after["create box"] = [lost()]
    assert run(desk, step("1", box(cloud)))
    assert cloud.calls == ["create box"]
    assert desk.made() == {"box": (RecordState.MADE, "id1")}
    assert desk.stack().journal.state_of("1") is StepState.DONE


def test_a_create_that_took_no_effect_is_repeated_and_that_is_said(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.before["create box"] = [lambda: lost("No answer.")]
    run(desk, step("1", box(cloud)))
    assert cloud.calls == ["create box", "create box"]
    assert cloud.kinds() == ["test:box"]
    [note] = [event for event in desk.emitted(Note) if isinstance(event, Note)]
    assert note.text == "No answer. It took no effect; trying again."


def test_after_a_few_tries_without_effect_the_step_fails_with_the_last_error(
    desk: Desk, cloud: CloudInMemory
) -> None:
    tries = iter(range(1, 10))
    cloud.before["create box"] = [lambda: lost(f"Try {next(tries)}.")] * 9
    with pytest.raises(LohError, match=f"Try {MAKE_TRIES}."):
        run(desk, step("1", box(cloud)))
    assert len(cloud.calls) == MAKE_TRIES
    assert desk.stack().journal.state_of("1") is StepState.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLate(PartInMemory):
    """A part that AWS's lists show only at the third look after it was made."""

    looks: list[Sighting] = field(default_factory=list)

    def look(self, stack: Stack) -> Sighting:
        seen = PartInMemory.look(self, stack)
        self.looks.append(seen)
        return seen if self.looks.count(seen) > 2 else ABSENT


def run_on_aws(desk: Desk, *steps: Step) -> None:
    stack = desk.stack()
    Engine(steps, replace(stack, place=replace(stack.place, target=AWS))).run()


def test_what_a_list_shows_late_is_not_made_a_second_time(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.after["create box"] = [lost()]
    run_on_aws(desk, step("1", ListedLate(kind="test:box", cloud=cloud, creates=("test:boxCreate",))))
    assert cloud.kinds() == ["test:box"]
    assert desk.made() == {"box": (RecordState.MADE, "id1")}


def test_nor_where_the_call_had_waited_for_its_turn_before(
    desk: Desk, cloud: CloudInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Record, "left_of", lambda *_: 0.0)  # it was intended long ago
    cloud.after["create box"] = [lost()]
    run_on_aws(desk, step("1", ListedLate(kind="test:box", cloud=cloud, creates=("test:boxCreate",))))
    assert cloud.kinds() == ["test:box"]


def test_nor_by_the_next_run_after_one_that_ended_during_the_call(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.after["create box"] = [InterruptedRunError("Interrupted.")]
    late = step("1", ListedLate(kind="test:box", cloud=cloud, creates=("test:boxCreate",)))
    with pytest.raises(InterruptedRunError):
        run_on_aws(desk, late)
    run_on_aws(desk, late)
    assert cloud.kinds() == ["test:box"]
    assert desk.made() == {"box": (RecordState.MADE, "id1")}


def test_an_update_whose_answer_was_lost_is_looked_at_before_it_is_repeated(
    desk: Desk, cloud: CloudInMemory
) -> None:
    first = step("1", box(cloud))
    run(desk, first)
    cloud.resources["test:box", "box"][0].right = False
    cloud.calls.clear()
    cloud.after["update box"] = [lost()]
    assert run(desk, first)
    assert cloud.calls == ["update box"]


# --- what exists already, and what is foreign ---


def test_what_exists_and_is_ours_is_taken_over(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:box", "box", OURS)
    assert not run(desk, step("1", box(cloud)))
    assert cloud.calls == []
    assert desk.made() == {"box": (RecordState.MADE, "id1")}


def test_a_foreign_resource_of_the_name_stops_the_step_and_stays_untouched(
    desk: Desk, cloud: CloudInMemory
) -> None:
    cloud.put("test:box", "box", THEIRS)
    with pytest.raises(LohError, match="not ours") as raised:
        run(desk, step("1", box(cloud)))
    assert raised.value.step == "1"
    assert "--name" in raised.value.hint
    assert cloud.calls == []
    assert not desk.stack().journal.state.records


def test_a_survey_finds_what_is_in_the_way_before_anything_is_made(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:late", "late", THEIRS)
    steps = step("1", surveys=True), step("2", box(cloud)), step("3", box(cloud, "test:late"))
    with pytest.raises(LohError, match="test:late late") as raised:
        run(desk, *steps)
    assert "Nothing was changed" in raised.value.message
    assert cloud.calls == []


def test_without_a_survey_the_steps_before_a_foreign_resource_are_done(
    desk: Desk, cloud: CloudInMemory
) -> None:
    cloud.put("test:late", "late", THEIRS)
    with pytest.raises(LohError, match="test:late late"):
        run(desk, step("2", box(cloud)), step("3", box(cloud, "test:late"), needs=("2",)))
    assert cloud.calls == ["create box"]
    assert desk.stack().journal.state_of("2") is StepState.DONE
    assert desk.stack().journal.state_of("3") is StepState.FAILED


def test_one_who_was_faster_with_the_name_leaves_no_intent_in_the_journal(
    desk: Desk, cloud: CloudInMemory
) -> None:
    """Between look and make somebody else made it: the create is refused, and a look says whose it is."""

    def refused() -> AlreadyExistsError:
        cloud.put("test:box", "box", THEIRS)
        return AlreadyExistsError("box exists")

    cloud.before["create box"] = [refused]
    with pytest.raises(LohError, match="not ours"):
        run(desk, step("1", box(cloud)))
    assert not desk.stack().journal.state.records
    assert [each.tags for each in cloud.resources["test:box", "box"]] == [THEIRS]


def test_an_earlier_deployment_of_the_name_is_pointed_out(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:box", "box", {**OURS, "lambda-over-https:deployment": "alice-fedcba9876543210"})
    with pytest.raises(LohError) as raised:
        run(desk, step("1", box(cloud)))
    assert "loh recover" in raised.value.hint


# --- what is lent, what belongs to something else ---


def test_what_is_lent_is_recorded_and_never_made(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:box", "box", THEIRS)
    lent = step("1", box(cloud, adopted=True))
    assert not run(desk, lent)
    assert cloud.calls == []
    assert desk.made() == {"box": (RecordState.ADOPTED, "id1")}
    assert desk.stack().journal.state_of("1") is StepState.SKIPPED


def test_the_parts_of_an_absent_owner_are_not_looked_for(desk: Desk, cloud: CloudInMemory) -> None:
    """The owner was deleted by hand: its children went with it, and a call for them would only fail."""
    owner, child = box(cloud, "test:owner"), box(cloud, "test:child", owner="test:owner", cascades=True)
    both = step("1", owner, child)
    run(desk, both)
    cloud.resources.clear()
    cloud.calls.clear()
    assert run(desk, both)
    assert cloud.calls == ["create owner", "create child"]


# --- acts ---


def test_what_a_step_does_besides_is_done_once_and_again_only_after_a_change(
    desk: Desk, cloud: CloudInMemory
) -> None:
    done: list[str] = []
    first = step("1", box(cloud))
    second = step("2", needs=("1",), act=lambda _: done.append("tried"))
    run(desk, first, second)
    run(desk, first, second)
    assert done == ["tried"]
    cloud.resources["test:box", "box"][0].right = False
    run(desk, first, second)
    assert done == ["tried", "tried"]


def test_an_act_that_fails_leaves_its_step_failed_and_what_was_made(desk: Desk, cloud: CloudInMemory) -> None:
    def fail(_: object) -> None:
        raise LohError("It does not answer.")

    with pytest.raises(LohError, match="does not answer") as raised:
        run(desk, step("1", box(cloud), act=fail))
    assert raised.value.step == "1"
    assert desk.made() == {"box": (RecordState.MADE, "id1")}
    [ended] = [event for event in desk.emitted(StepEnded) if isinstance(event, StepEnded)]
    assert (ended.state, ended.changed) == (StepState.FAILED, True)


def test_after_control_c_a_step_is_pending_and_the_next_is_not_begun(
    desk: Desk, cloud: CloudInMemory
) -> None:
    stack = desk.stack()

    def interrupt(_: object) -> None:
        stack.run.interrupt()
        stack.run.raise_if_interrupted()

    steps = step("1", box(cloud), act=interrupt), step("2", box(cloud, "test:late"), needs=("1",))
    with pytest.raises(LohError, match="Interrupted") as raised:
        Engine(steps, stack).run()
    assert raised.value.exit_code == 130
    assert cloud.calls == ["create box"]
    assert desk.stack().journal.state_of("1") is StepState.PENDING
    assert desk.made() == {"box": (RecordState.MADE, "id1")}


# --- the plan ---


@pytest.mark.parametrize(
    ("prepare", "action", "calls"),
    [
        ("absent", Action.CREATE, ("test:boxCreate",)),
        ("wrong", Action.UPDATE, ("test:boxUpdate",)),
        ("foreign", Action.BLOCKED, ()),
        ("done", Action.KEEP, ()),
        ("found", Action.CREATE, ()),
    ],
)
def test_the_plan_says_what_run_would_do(
    desk: Desk, cloud: CloudInMemory, prepare: str, action: Action, calls: tuple[str, ...]
) -> None:
    first = step("1", box(cloud))
    if prepare in ("wrong", "done"):
        run(desk, first)
        cloud.resources["test:box", "box"][0].right = prepare == "done"
    if prepare in ("foreign", "found"):
        cloud.put("test:box", "box", THEIRS if prepare == "foreign" else OURS)
    before = list(cloud.calls)
    [planned] = Engine([first], desk.stack()).plan()
    assert (planned.action, planned.calls) == (action, calls)
    assert planned.reason
    assert cloud.calls == before


def test_the_plan_skips_what_is_lent(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:box", "box", THEIRS)
    [planned] = Engine([step("1", box(cloud, adopted=True))], desk.stack()).plan()
    assert planned.action is Action.SKIP


# --- choices ---


def test_choices_are_remembered_with_the_first_change(desk: Desk, cloud: CloudInMemory) -> None:
    stack = replace(desk.stack(), choices=Choices(runtime="nodejs"))
    Engine([step("1", box(cloud))], stack).run()
    assert desk.stack().journal.state.choices["runtime"] == "nodejs"


def test_a_choice_that_names_nothing_is_not_remembered(desk: Desk, cloud: CloudInMemory) -> None:
    class Missing(PartInMemory):
        def look(self, stack: Stack) -> Sighting:
            raise LohError("There is no such role.")

    stack = replace(desk.stack(), choices=Choices(role_arn="arn:aws:iam::1:role/none"))
    with pytest.raises(LohError, match="no such role"):
        Engine([step("1", Missing(kind="test:box", cloud=cloud, adopted=True))], stack).run()
    assert not desk.path.exists()


def test_next_step_is_the_first_that_is_not_over(desk: Desk, cloud: CloudInMemory) -> None:
    cloud.put("test:lent", "lent", THEIRS)
    steps = (
        step("1", box(cloud, "test:lent", adopted=True)),
        step("2", box(cloud)),
        step("3", box(cloud, "test:late")),
    )
    stack = desk.stack()
    Engine(steps, stack).run(to="2")
    following = Engine(steps, stack).next_step()
    assert following is steps[2]
    assert cloud.calls == ["create box"]
    assert stack.journal.find("test:lent") == Record(
        "test:lent", "lent", "1", RecordState.ADOPTED, "id1", serial=1, at=stack.journal.state.records[0].at
    )


class Unseen(PartInMemory):
    """A part at which a look fails, once ``failures`` are planned."""

    failures: ClassVar[list[Exception]] = []

    def look(self, stack: Stack) -> Sighting:
        """Fail as planned, or look."""
        if self.failures:
            raise self.failures.pop()
        return super().look(stack)


@pytest.mark.parametrize("error", [InterruptedRunError, CredentialsError, LohError])
def test_a_step_that_was_done_and_cannot_be_looked_at_is_done_still(
    desk: Desk, cloud: CloudInMemory, error: type[LohError]
) -> None:
    """Nothing was learnt of it: to say that it is not done, or has failed, would be untrue."""
    first, second = step("1", Unseen(kind="test:box", cloud=cloud)), step("2", box(cloud, "test:second"))
    Engine((first, second), desk.stack()).run()
    Unseen.failures.append(error("No."))
    with pytest.raises(error):
        Engine((first, second), desk.stack()).run()
    assert Engine((first, second), desk.stack()).next_step() is None
    [ended] = [event for event in desk.events if isinstance(event, StepEnded)][2:]
    assert ended.state is (StepState.PENDING if error is InterruptedRunError else StepState.FAILED)


def test_a_try_that_a_change_asks_for_and_that_is_interrupted_is_still_to_be_made(
    desk: Desk, cloud: CloudInMemory
) -> None:
    made, stack = step("1", box(cloud)), desk.stack()
    tries = step("2", Unseen(kind="test:more", cloud=cloud), needs=("1",), act=lambda _: None)
    Engine((made, tries), stack).run()
    cloud.resources["test:box", "box"][0].right = False
    Unseen.failures.append(InterruptedRunError("No."))
    with pytest.raises(InterruptedRunError):
        Engine((made, tries), desk.stack()).run()
    assert Engine((made, tries), desk.stack()).next_step() is tries


def test_a_step_that_was_done_and_is_not_as_it_was_is_done_no_more(desk: Desk, cloud: CloudInMemory) -> None:
    only = step("1", box(cloud))
    Engine((only,), desk.stack()).run()
    cloud.resources["test:box", "box"][0].tags = THEIRS
    with pytest.raises(LohError, match="not ours"):
        Engine((only,), desk.stack()).run()
    assert desk.stack().journal.state_of("1") is StepState.FAILED
