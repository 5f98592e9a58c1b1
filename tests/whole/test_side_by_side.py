"""Steps go side by side where they can: what one tries holds nobody up, and is tried before all is tested."""

import threading
from pathlib import Path

from lambda_over_https.cli.shared.opening import WORKERS
from lambda_over_https.deployment.session import Session
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.events import Called, Event, Note, StepEnded, StepStarted
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import Settings
from lambda_over_https.tutorial.steps import STEPS
from tests.kit.program.support import Account, loh


def test_the_permission_is_granted_while_the_function_is_tried_by_hand(
    account: Account, world: Path, name: str
) -> None:
    """A permission takes seconds until it counts: it must not wait for an answer that it does not need."""
    granted, order = threading.Event(), list[tuple[type[Event], str]]()

    def listen(event: Event) -> None:
        order.append((type(event), event.step))
        if isinstance(event, Called) and event.operation == "AddPermission":
            granted.set()
        if isinstance(event, Note) and event.text.startswith("echo answered"):
            assert granted.wait(20)

    stack = Session(Settings(name=name), world, RunContext(listen)).open(create=True)
    Engine(STEPS, stack).run(workers=WORKERS)
    assert order.index((StepEnded, "2.3")) < order.index((StepStarted, "3.7"))
    assert loh("teardown", "--name", name, "--yes").code == 0


def test_the_table_is_looked_at_when_nothing_else_is_left_to_do(
    account: Account, world: Path, name: str
) -> None:
    """DynamoDB takes seconds, and so does the rest: by then one look is usually enough."""
    operations: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Called):
            operations.append(event.operation)

    stack = Session(Settings(name=name), world, RunContext(listen)).open(create=True)
    Engine(STEPS, stack).run(workers=WORKERS)
    made = operations[operations.index("CreateTable") :]
    assert made.count("DescribeTable") == 1
    before = made[: made.index("DescribeTable")]
    assert {"CreateDeployment", "CreateFunction", "AddPermission", "Invoke"} <= set(before)
    assert "TestInvokeMethod" not in before
    assert loh("teardown", "--name", name, "--yes").code == 0
