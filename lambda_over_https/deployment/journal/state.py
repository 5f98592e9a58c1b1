"""What a journal says: which deployment it is, how far each step is, and a record of each resource."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lambda_over_https.aws.place import on_this_machine
from lambda_over_https.states import RecordState, StepState


@dataclass(frozen=True, slots=True)
class Deployment:
    """Which deployment a journal belongs to; ``id`` is the value of our tag, ``boot_id`` the sandbox's."""

    id: str
    name: str
    target: str
    account: str
    region: str
    endpoint_url: str
    boot_id: str
    created: str

    @property
    def is_sandbox(self) -> bool:
        """Whether it is in this machine's own sandbox."""
        return bool(self.boot_id)

    @property
    def on_this_machine(self) -> bool:
        """Whether it is on this machine, where nothing costs."""
        return on_this_machine(self.target, self.endpoint_url)


@dataclass(frozen=True, slots=True)
class Record:
    """One resource; ``serial`` grows with every change, ``at`` is when it was written down (ISO, UTC)."""

    kind: str
    name: str
    step: str
    state: RecordState
    id: str = ""
    arn: str = ""
    serial: int = 0
    at: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)

    def left_of(self, seconds: float) -> float:
        """How many of so many seconds since it was written down are left; all if the clock was put back."""
        if not self.at:
            return 0.0
        age = (datetime.now(UTC) - datetime.fromisoformat(self.at)).total_seconds()
        return min(max(0.0, seconds - age), seconds)


@dataclass(frozen=True, slots=True)
class State:
    """All that a journal says."""

    deployment: Deployment
    choices: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, StepState] = field(default_factory=dict)
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What a journal says without its records, which are most of it: enough for a list of deployments."""

    deployment: Deployment
    steps: Mapping[str, StepState]
