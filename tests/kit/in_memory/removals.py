"""Removing on a cloud in memory: each is one command of a user, and what it told."""

from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.engine.remove.removal import Removal
from lambda_over_https.engine.remove.teardown import Teardown
from lambda_over_https.events import Note
from lambda_over_https.states import Fate
from lambda_over_https.tutorial.parts.step import Step
from tests.kit.in_memory.memory import Desk


def run(desk: Desk, *steps: Step) -> None:
    """``loh run``; only what comes after it is looked at."""
    Engine(steps, desk.stack()).run()
    desk.cloud.calls.clear()
    desk.events.clear()


def teardown(desk: Desk, *steps: Step, force: bool = False) -> Removal:
    """``loh teardown``; what became of everything."""
    return Teardown(steps, desk.stack(), force=force).remove_all()


def names(removal: Removal, *fates: Fate) -> list[str]:
    """The names of what had one of these fates."""
    return [each.name for each in removal.of(*fates)]


def notes(desk: Desk) -> list[str]:
    """What was said that is worth saying."""
    return [event.text for event in desk.events if isinstance(event, Note)]
