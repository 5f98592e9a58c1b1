"""What a step is about to do, told before it is done."""

from lambda_over_https.deployment.recorded.call import call_of
from lambda_over_https.events import Called, Event
from lambda_over_https.practice.rehearsal.rehearsing import rehearse
from lambda_over_https.tutorial.steps import STEPS
from tests.kit.program.lesson import at_work
from tests.kit.program.support import Account, loh


def test_each_step_makes_exactly_the_calls_that_were_rehearsed(account: Account, name: str) -> None:
    with at_work(name) as (stack, engine):
        made: list[Called] = []
        tell = stack.run.emit

        def listen(event: Event) -> None:
            if isinstance(event, Called):
                made.append(event)
            tell(event)

        stack.run.emit = listen
        for step in STEPS:
            foreseen = [(call.operation, call.parameters) for call in rehearse(step, stack)]
            made.clear()
            engine.do(step)
            calls = [call_of(event) for event in made]
            if step.number == "3.7":
                calls = [call for call in calls if call.parameters.get("Payload", b"echo").count(b"echo")][:2]
                assert {operation for operation, _ in foreseen} == {"Invoke", "TestInvokeMethod"}
                continue
            if step.parts(stack):
                assert foreseen == [
                    (call.operation, call.parameters) for call in calls if call.changes or call.tries
                ]
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_a_rehearsal_sends_nothing_and_writes_nothing(account: Account, name: str) -> None:
    before = account.holdings()
    with at_work(name) as (stack, engine):
        engine.do(STEPS[0])
        records = stack.journal.state.records
        for step in STEPS[1:5]:
            rehearse(step, stack)
        assert stack.journal.state.records == records
    assert account.holdings() == before


def test_what_is_there_already_is_not_rehearsed(account: Account, name: str) -> None:
    with at_work(name) as (stack, engine):
        engine.run("2.2")
        assert rehearse(STEPS[2], stack) == []
    assert loh("teardown", "--yes", "--name", name).code == 0
