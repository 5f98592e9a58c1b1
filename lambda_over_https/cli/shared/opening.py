"""Opening a deployment: to read it, or to change it under its lock; and the engine that works on it."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lambda_over_https.cli.process.starting import taking_turns
from lambda_over_https.settings import Settings, home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lambda_over_https.deployment.session import Session
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.engine.make.engine import Engine
    from lambda_over_https.show.moving.narrator import Narrator

WORKERS = 4
"""How many steps or removals run side by side: API, table, role and function, and one to spare."""


def session(settings: Settings) -> "Session":
    """The command's session; its events are shown as they come."""
    from lambda_over_https.deployment.session import open_session
    from lambda_over_https.show.moving.narrator import Narrator

    return open_session(settings, Narrator())


@contextmanager
def reading(
    settings: Settings, *, create: bool = False, record: bool = True
) -> "Iterator[tuple[Stack, Engine]]":
    """A stack to read, without a lock. Its calls are recorded in the history if ``record``."""
    with session(settings).looking(create=create, record=record) as stack:
        yield stack, engine_for(stack)


@contextmanager
def working(
    settings: Settings, *, create: bool = False, narrator: "Narrator | None" = None
) -> "Iterator[tuple[Stack, Engine]]":
    """A stack to change, under the deployment's lock.

    Its events are shown in the tutorial's order; a ``narrator`` that is passed in shows them as they come.
    """
    with taking_turns(home()):
        import lambda_over_https.aws.connecting  # noqa: F401 - boto3 is the most of what there is to load
        from lambda_over_https.deployment.session import open_session
        from lambda_over_https.show.moving.in_order import InOrder
        from lambda_over_https.show.moving.narrator import Narrator
        from lambda_over_https.tutorial.course import NUMBERS, steps_of

    teller = narrator or Narrator()
    ordered = InOrder([] if narrator else NUMBERS, teller)
    with open_session(settings, ordered).at_work(create=create) as stack:
        try:
            ordered.expect(step.number for step in steps_of(stack))
            yield stack, engine_for(stack)
        finally:
            ordered.flush()
            teller.rest()


def engine_for(stack: "Stack", *, by_hand: bool = False, tries: bool = True) -> "Engine":
    """The engine that makes, and keeps, the deployment as it should be: its chapters included.

    ``by_hand``: what a learner has begun by hand is in nobody's way (see ``Engine``). With ``tries`` False it
    does not try what it has made.
    """
    from dataclasses import replace

    from lambda_over_https.engine.make.engine import Engine
    from lambda_over_https.tutorial.course import steps_of

    steps = steps_of(stack)
    return Engine(steps if tries else [replace(each, act=None) for each in steps], stack, by_hand=by_hand)


def forget_if_empty(stack: "Stack") -> None:
    """Reading leaves no trace: remove the folder of a deployment that does not exist."""
    folder = stack.journal.path.parent
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()
