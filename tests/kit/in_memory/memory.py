"""A cloud in memory and parts that live in it: what the engine is tested with, without AWS or processes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from lambda_over_https.aws.place import Place
from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Deployment, Record, State
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import AlreadyExistsError, LohError, UncertainError
from lambda_over_https.events import Event
from lambda_over_https.names import TAG_DEPLOYMENT, TAG_NAME, names_for
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.lessons import Lesson
from lambda_over_https.tutorial.parts.part import (
    ABSENT,
    Evidence,
    Listing,
    Namesake,
    Part,
    Product,
    Sighting,
    Standing,
)
from lambda_over_https.tutorial.parts.part import IDENTITY as SAME_RESOURCE
from lambda_over_https.tutorial.parts.step import Step
from tests.kit.program.bench import Hasty

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud

NAME = "alice"
IDENTITY = "alice-0123456789abcdef"


@dataclass
class Resource:
    """One resource in the cloud: whose it is, its id, and what somebody else added to it.

    ``identity`` tells it from a later one of the same id, as a table's does.
    """

    tags: dict[str, str]
    id: str
    right: bool = True
    added: tuple[str, ...] = ()
    identity: str = ""

    @property
    def detail(self) -> dict[str, str]:
        """What a look or a create tells of it."""
        return {SAME_RESOURCE: self.identity} if self.identity else {}


class CloudInMemory:
    """What there is, by kind and name; ``calls`` are the changes that were asked for.

    Errors planned for a call come once each: ``before`` it takes effect (made when it comes, so that somebody
    else can do something just then), or ``after`` (its answer is lost). ``watch`` sees each call begin.
    """

    def __init__(self) -> None:
        self.resources: dict[tuple[str, str], list[Resource]] = {}
        self.calls: list[str] = []
        self.before: dict[str, list[Callable[[], Exception]]] = {}
        self.after: dict[str, list[Exception]] = {}
        self.watch: Callable[[], None] = lambda: None
        self._ids = iter(range(1, 1000))

    def put(self, kind: str, name: str, tags: Mapping[str, str], *, right: bool = True) -> Resource:
        """Somebody, or we, make a resource."""
        made = Resource(dict(tags), f"id{next(self._ids)}", right)
        self.resources.setdefault((kind, name), []).append(made)
        return made

    def kinds(self) -> list[str]:
        """The kinds of all that there is."""
        return [kind for (kind, _), found in self.resources.items() for _ in found]

    def change(self, call: str, effect: Callable[[], None]) -> None:
        """Make one change, with the faults planned for it."""
        self.calls.append(call)
        self.watch()
        if self.before.get(call):
            error = self.before[call].pop(0)()
            raise error
        effect()
        if self.after.get(call):
            raise self.after[call].pop(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartInMemory(Part):
    """A part whose resource is in ``cloud``; named after its kind unless ``called`` says otherwise."""

    cloud: CloudInMemory
    called: str = ""
    tells: Choices | None = None
    own_source: bool = False

    def name(self, stack: Stack) -> str:
        """Its name: the same for every deployment."""
        return self.called or self.kind.partition(":")[2]

    def look(self, stack: Stack) -> Sighting:
        """Ours first, as of those that have one name; then whatever else has it."""
        found = self.cloud.resources.get((self.kind, self.name(stack)), [])
        ours = [each for each in found if self.owner or self.adopted or stack.owns(each.tags)]
        if not found:
            return ABSENT
        if not ours:
            other = found[0]
            reason = "another has the name"
            return Sighting(Standing.FOREIGN, reason, other.id, detail=other.detail, tags=other.tags)
        standing = Standing.OURS if ours[0].right else Standing.PARTIAL
        return Sighting(standing, "" if ours[0].right else "it is wrong", ours[0].id, tags=ours[0].tags)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        """Create it, or set it right."""
        key, name = (self.kind, self.name(stack)), self.name(stack)
        if seen.standing is Standing.ABSENT:
            if self.cloud.resources.get(key) and self.owner == "":
                raise AlreadyExistsError(f"{name} exists", "Choose another --name.")
            self.cloud.change(f"create {name}", lambda: self._create(stack))
        else:
            self.cloud.change(f"update {name}", lambda: setattr(self.cloud.resources[key][0], "right", True))
        return Product(self.cloud.resources[key][-1].id)

    def _create(self, stack: Stack) -> None:
        self.cloud.put(self.kind, self.name(stack), {} if self.owner else stack.tags)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        """Delete the one with the record's id, and what goes with it."""
        key, name = (self.kind, self.name(stack)), self.name(stack)
        found = self.cloud.resources.get(key, [])
        if record.id not in [each.id for each in found]:
            return False
        rest = [each for each in found if each.id != record.id]
        by_force = " by force" if force else ""
        self.cloud.change(f"delete {name}{by_force}", lambda: self.cloud.resources.update({key: rest}))
        return True

    def additions(self) -> Sequence[Listing]:
        """What was added to it."""
        return (self._added,)

    def _added(self, stack: Stack) -> Sequence[str]:
        return [each for made in self.cloud.resources[self.kind, self.name(stack)] for each in made.added]

    def namesakes(self, stack: Stack) -> Iterator[Namesake]:
        """All of its name."""
        for each in self.cloud.resources.get((self.kind, self.name(stack)), []):
            yield self.name(stack), each.id, each.tags

    def testify(self, stack: Stack, so_far: Evidence) -> Evidence:
        """The choices that it was told to remember."""
        return Evidence(self.tells, self.own_source) if self.tells else so_far


def box(cloud: CloudInMemory, kind: str = "test:box", **more: Any) -> PartInMemory:
    """A part whose operations are named after its kind."""
    creates, updates = (f"{kind}Create",), (f"{kind}Update",)
    return PartInMemory(kind=kind, creates=creates, updates=updates, cloud=cloud, **more)


def step(number: str, *parts: Part, needs: Sequence[str] = (), **more: Any) -> Step:
    """A step that makes ``parts``."""
    lesson = Lesson(number, f"step{number}", f"Step {number}", "", "", "")
    return Step(lesson, tuple(needs), parts=lambda _: parts, **more)


@dataclass
class Desk:
    """A deployment at work on a cloud in memory: its journal on disk, its events, its stack."""

    folder: Path
    cloud: CloudInMemory = field(default_factory=CloudInMemory)
    events: list[Event] = field(default_factory=list)
    fails_to_write: Callable[[bytes], bool] = lambda _: False

    @property
    def path(self) -> Path:
        """Where the journal is."""
        return self.folder / "journal.json"

    def stack(self) -> Stack:
        """The stack as a new command finds it."""
        deployment = Deployment(IDENTITY, NAME, "sandbox", "123456789012", "us-east-1", "", "boot", "")
        journal = journals.load(self.path, self._write) or Journal(self.path, State(deployment), self._write)
        place = Place("sandbox", "123456789012", "us-east-1", "aws", "arn:aws:iam::123456789012:user/x")
        run = Hasty(self.events.append)
        clients = cast("Cloud", SimpleNamespace(run=run))
        return Stack(names_for(NAME), place, clients, journal, Choices(), self.folder)

    def _write(self, path: Path, data: bytes) -> None:
        if self.fails_to_write(data):
            raise OSError(28, "No space left on device")
        path.write_bytes(data)

    def made(self) -> dict[str, tuple[RecordState, str]]:
        """What the journal says: by name, the state and the id."""
        return {each.name: (each.state, each.id) for each in self.stack().journal.state.records}

    def emitted(self, kind: type[Event]) -> list[Event]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


OURS = {TAG_DEPLOYMENT: IDENTITY, TAG_NAME: NAME}
THEIRS: dict[str, str] = {"team": "other"}


def lost(message: str = "The answer was lost.") -> LohError:
    """The error for a call of which nobody knows whether it took effect."""
    return UncertainError(message)
