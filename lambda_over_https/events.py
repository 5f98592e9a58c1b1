"""What happens while the engine works, as frozen records that anything may listen to.

Every record names the ``step`` (the tutorial's number) it belongs to. Times are in seconds.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from lambda_over_https.states import Action, Fate, StepState

current_step: ContextVar[str] = ContextVar("current_step", default="")
"""The step at work in this thread: lets the layers below say where they are without being told."""


@contextmanager
def at_step(number: str) -> Iterator[None]:
    """Within it, step ``number`` is at work in this thread; afterwards what was at work before."""
    token = current_step.set(number)
    try:
        yield
    finally:
        current_step.reset(token)


current_chapter: ContextVar[str] = ContextVar("current_chapter", default="")
"""The chapter for which the step at work makes or removes something; empty for what is the tutorial's."""


@contextmanager
def for_chapter(name: str) -> Iterator[None]:
    """Within it, what is done in this thread is done for that chapter; for the tutorial if it is empty."""
    token = current_chapter.set(name)
    try:
        yield
    finally:
        current_chapter.reset(token)


@dataclass(frozen=True, slots=True)
class Event:
    """Anything that happened."""

    step: str


@dataclass(frozen=True, slots=True)
class StepStarted(Event):
    """A step begins."""

    title: str


@dataclass(frozen=True, slots=True)
class StepEnded(Event):
    """A step ended; pending if ^C came before it was done."""

    title: str
    state: StepState
    changed: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Making(Event):
    """A resource is about to be created or updated."""

    kind: str
    name: str
    action: Action
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Made(Event):
    """A resource was created or updated, and is ours."""

    kind: str
    name: str
    id: str
    arn: str
    action: Action


@dataclass(frozen=True, slots=True)
class Kept(Event):
    """A resource was found as it should be; nothing was done. ``tuned`` is what differs and does no harm."""

    kind: str
    name: str
    tuned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed(Event):
    """What became of a resource that was to be removed."""

    kind: str
    name: str
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Waiting(Event):
    """We wait for AWS: why, for how long already, and when we look again.

    ``left`` is in how many seconds we expect it, where that is known.
    """

    reason: str
    elapsed: float
    next_look: float
    left: float | None = None


@dataclass(frozen=True, slots=True)
class Checked(Event):
    """One check of the test step has its answer; see ``checks.Check`` for the fields."""

    name: str
    via: str
    ok: bool
    status: int
    latency_ms: float
    detail: str
    request: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Note(Event):
    """Something worth saying."""

    text: str


@dataclass(frozen=True, slots=True)
class HandsOn(Event):
    """The learner begins to do a step by hand; ``absent`` are the resources that were not there then."""

    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hinted(Event):
    """The learner asked for a hint; ``stage`` is 1 to 3."""

    stage: int


@dataclass(frozen=True, slots=True)
class Mistaken(Event):
    """Something that the learner made differs from what the step needs."""

    kind: str
    name: str
    field: str
    seen: str
    wanted: str


@dataclass(frozen=True, slots=True)
class DoneByHand(Event):
    """The learner did a step by hand, and all of it is right."""


@dataclass(frozen=True, slots=True)
class Undone(Event):
    """A step was taken back."""


@dataclass(frozen=True, slots=True)
class Asked(Event):
    """A drill or a chapter's experiment asks what will happen; ``exercise`` and ``name`` as in Predicted."""

    exercise: str
    name: str
    title: str
    story: str
    question: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained(Event):
    """It has happened, and now it is said why; ``truth`` is the letter of the right answer."""

    exercise: str
    name: str
    truth: str
    why: str


@dataclass(frozen=True, slots=True)
class ExerciseEnded(Event):
    """A drill or an experiment that has asked is over, whether it came to its end or was left before."""

    exercise: str
    name: str


@dataclass(frozen=True, slots=True)
class Predicted(Event):
    """The learner answered a question: ``said`` and ``truth`` are letters; ``said`` is empty for no answer.

    ``exercise`` is ``drill`` or ``chapter``, ``name`` which one.
    """

    exercise: str
    name: str
    said: str
    truth: str


@dataclass(frozen=True, slots=True)
class Repaired(Event):
    """A drill broke the deployment, and the learner was asked who repairs it.

    ``by_hand`` if the learner did; ``hints`` is how many were asked for.
    """

    name: str
    by_hand: bool
    hints: int = 0


@dataclass(frozen=True, slots=True)
class TornDown(Event):
    """A teardown ended: how many resources it deleted, and how many it verified to be still there."""

    deleted: int
    left: int


@dataclass(frozen=True, slots=True)
class Requested(Event):
    """The deployed API has answered a request of the program's own; ``id`` is API Gateway's.

    Not sent for this machine's sandbox, which itself tells of every request.
    """

    id: str
    verb: str
    url: str
    body: str
    status: int
    answer: str
    ms: float


@dataclass(frozen=True, slots=True)
class Called(Event):
    """One AWS call was answered, as botocore's events tell it; secrets are already taken out."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    answer: Mapping[str, Any]
    error: str
    seconds: float
    attempts: int
    request_id: str = ""
    """What AWS's own logs know the call by."""
    by_hand: bool = False
    """Whether the learner made it, outside the program, which saw only what came of it."""
    chapter: str = ""
    """The chapter that asks for it, in whichever step it is made."""


Emit = Callable[[Event], None]
