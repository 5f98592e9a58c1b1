"""The engine at work in this process, without the command line: for tests that spoil its clock or disk."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.deployment.lock import locked
from lambda_over_https.deployment.session import Session
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.engine.remove.removal import Removal
from lambda_over_https.engine.remove.teardown import Teardown
from lambda_over_https.events import Event, Waiting, current_step
from lambda_over_https.files import write_private
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import Settings
from lambda_over_https.tutorial.steps import STEPS

if TYPE_CHECKING:
    from lambda_over_https.deployment.journal.journal import Write

WORKERS = 4


class Hasty(RunContext):
    """RunContext on a clock of their own, which a wait only moves on: minutes pass in no time."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        super().__init__(emit, lambda: self.now)
        self.now = 1000.0

    def wait(
        self, seconds: float, reason: str | None = None, since: float | None = None, due: float | None = None
    ) -> None:
        """Say what would be waited for, and move the clock."""
        if reason:
            left = due - self.now if due is not None else None
            self.emit(Waiting(current_step.get(), reason, self.now - (since or self.now), seconds, left))
        self.now += max(seconds, 1e-6)  # a rest that is lost in rounding must pass too
        self.raise_if_interrupted()


class Bench:
    """One deployment on ``endpoint_url``; each method is one command by a user with a fresh process.

    ``events`` holds what was emitted, ``context`` and ``write`` may be spoilt by the test.
    """

    def __init__(self, name: str, endpoint_url: str, home: Path) -> None:
        self.settings = Settings(name=name, endpoint_url=endpoint_url, region="us-east-1")
        self.home = home
        self.events: list[Event] = []
        self.context: Callable[[], RunContext] = lambda: Hasty(self.events.append)
        self.write: Write = write_private

    def run(self, to: str | None = None, workers: int = WORKERS) -> bool:
        """``loh run``; True if anything was changed."""
        with self.working(create=True) as stack:
            return Engine(STEPS, stack).run(to, workers)

    def teardown(self, workers: int = WORKERS, force: bool = False) -> Removal:
        """``loh teardown``."""
        with self.working() as stack:
            return Teardown(STEPS, stack, force=force).remove_all(workers)

    @contextmanager
    def working(self, create: bool = False) -> Iterator[Stack]:
        """The stack under the deployment's lock."""
        session = Session(self.settings, self.home, self.context(), self.write)
        with explained():
            stack = session.open(create=create)
        with locked(stack.journal.path):
            yield session.reload(stack)

    @property
    def journal_path(self) -> Path:
        """Where the deployment's journal is, or was."""
        [path] = self.home.glob(f"deployments/*/{self.settings.name}")
        return path / "journal.json"
