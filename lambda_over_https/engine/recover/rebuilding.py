"""Find a deployment's resources in the account: by tags, names, and what belongs to what.

The account is only looked at. Everything that is found says how sure that is; what is not ours is named and
left alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Literal

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.begun import TAKES_IT_UP, Begun
from lambda_over_https.engine.parts import every_part
from lambda_over_https.engine.remove.removal import FATAL
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.names import TAG_DEPLOYMENT, TAG_NAME
from lambda_over_https.states import RecordState, StepState
from lambda_over_https.tutorial.parts.part import ABSENT, Evidence, Namesake, Part, Sighting, Standing
from lambda_over_https.tutorial.parts.step import Step

Sure = Literal["certain", "likely", "not ours"]

_OFF = "the chapter {} is off, so somebody else has set it: left alone"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource that may be this deployment's, how sure that is, and why."""

    kind: str
    name: str
    id: str
    sure: Sure
    reason: str


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries a tag of ours. ``id`` tells it from others of its name; empty where names are unique."""

    kind: str
    name: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.id}".rstrip()


class Recoverer:
    """Looks for one deployment's resources with the parts of the given steps.

    ``found`` is everything that was found; ``stack`` holds the choices that were read from it; ``skipped``
    the kinds that chapters make and that could not be looked for. ``decided``: the stack's choices say which
    chapters are on, so what looks like the part of another one is not ours. ``begun``: some of it a learner
    has begun by hand.
    """

    def __init__(self, steps: Sequence[Step], stack: Stack, *, decided: bool = False) -> None:
        self._steps, self._decided = steps, decided
        self.stack = stack
        self.found: list[Candidate] = []
        self.begun = False
        self._begun = Begun(stack)
        self.skipped: dict[str, None] = {}

    def ids(self) -> dict[str, list[Carrier]]:
        """The ids that resources of this deployment's names carry in their tags, and what carries each."""
        carried: dict[str, list[Carrier]] = {}
        for carrier, tags in self._tags():
            if tags.get(TAG_NAME) == self.stack.names.deployment and TAG_DEPLOYMENT in tags:
                carried.setdefault(tags[TAG_DEPLOYMENT], []).append(carrier)
        return carried

    def _tags(self) -> Iterator[tuple[Carrier, Mapping[str, str]]]:
        for part, _ in self._parts(lambda part: part.proves):
            namesakes: list[Namesake] = []
            with self._perhaps(part):
                namesakes = acts.namesakes(part, self.stack)
            for name, id_, tags in namesakes:
                if name == part.name(self.stack):  # under another name a tag of ours proves nothing
                    yield Carrier(part.kind, name, id_), tags

    def holdings(self) -> None:
        """Look for what is to be removed, and write it down: nothing that goes with its owner."""
        for part, step in _in_order(self._parts(lambda part: part.proves)):
            self._take_in(part, step)
        for part, step in self._parts(lambda part: not (part.proves or part.cascades or part.adopted)):
            self._take_in(part, step)

    def chapters(self) -> tuple[Sequence[str], Sequence[Candidate]]:
        """The names of the chapters that are on, in the order of the steps; what is there of the others.

        Somebody may have set by hand what a chapter sets: a limit, a policy, a cache.
        """
        for part, step in _in_order(self._parts(lambda part: part.proves)):
            self._take_in(part, step)
        seen = [
            (part, self._take_in(part, step)) for part, step in self._parts(lambda part: bool(part.chapter))
        ]
        on = list(dict.fromkeys(part.chapter for part, sighting in seen if _tells(part, sighting)))
        others = [
            Candidate(part.kind, part.name(self.stack), sighting.id, "not ours", _OFF.format(part.chapter))
            for part, sighting in seen
            if part.chapter not in on and sighting.standing is not Standing.ABSENT
        ]
        return on, others

    @contextmanager
    def _perhaps(self, part: Part) -> Iterator[None]:
        """Whoever may not look for what a chapter makes has, most likely, never switched it on."""
        try:
            yield
        except LohError as error:
            if not part.chapter or isinstance(error, FATAL):
                raise
            self.skipped[part.kind] = None

    def rebuild(self) -> bool:
        """Look for everything and write down in the stack's journal what is ours.

        True if the function's code is the user's own: no resource says which file it came from.
        """
        for part, step in _in_order(self._parts(lambda part: part.proves)):
            self._take_in(part, step)
        evidence = self._evidence()
        self.stack = replace(self.stack, choices=evidence.choices)
        self.stack.journal.choose(evidence.choices.to_remember)
        for part, step in self._parts(lambda part: not part.proves):
            self._take_in(part, step)
        self._mark_steps()
        return evidence.own_source

    def _parts(self, wanted: Callable[[Part], bool]) -> list[tuple[Part, Step]]:
        parts = every_part(self._steps, self.stack)
        chosen = {(part.kind, part.name(self.stack)): (part, step) for part, step in parts if wanted(part)}
        return list(chosen.values())

    def _evidence(self) -> Evidence:
        evidence = Evidence(self.stack.choices)
        for part, _ in self._parts(lambda part: not part.adopted):
            if self.stack.record(part.prover):
                evidence = acts.testify(part, self.stack, evidence)
        return evidence

    def _take_in(self, part: Part, step: Step) -> Sighting:
        """Look for it and, if it is ours, write it down; gives what was seen."""
        if (part.owner and self.stack.record(part.owner) is None) or self._is_off(part):
            return ABSENT
        seen, name = ABSENT, part.name(self.stack)
        with self._perhaps(part):
            seen = acts.look(part, self.stack)
        if seen.standing is Standing.ABSENT:
            return seen
        sure, reason = self._judge(part, seen)
        self.found.append(Candidate(part.kind, name, seen.id, sure, reason))
        if sure != "not ours":
            state = RecordState.ADOPTED if part.adopted else RecordState.MADE
            record = Record(part.kind, name, step.number, state, seen.id, seen.arn, detail=seen.detail)
            self.stack.journal.made(record)
        return seen

    def _judge(self, part: Part, seen: Sighting) -> tuple[Sure, str]:
        step = self._begun.step_of(part, seen)
        if step:
            self.begun = True
            return "not ours", f"you made it by hand in step {step}. {TAKES_IT_UP}"
        return _judge(part, seen)

    def _is_off(self, part: Part) -> bool:
        return self._decided and bool(part.chapter) and part.chapter not in self.stack.choices.chapters

    def _mark_steps(self) -> None:
        """A step whose parts are all there is done; what a step only does, ``run`` does again."""
        for step in self._steps:
            parts = step.parts(self.stack)
            there = [self.stack.record(part.kind, part.name(self.stack)) for part in parts]
            if parts and all(there) and not step.act:
                self.stack.journal.step(step.number, StepState.DONE)


def _in_order(parts: Sequence[tuple[Part, Step]]) -> list[tuple[Part, Step]]:
    """Each part after those that must be known before it is clear whether it is ours."""
    kinds = TopologicalSorter({part.kind: part.seen_after for part, _ in parts}).static_order()
    place = {kind: index for index, kind in enumerate(kinds)}
    return sorted(parts, key=lambda each: place[each[0].kind])


def _tells(part: Part, seen: Sighting) -> bool:
    """Whether it shows that the part's chapter is on: it has our tag, or is just as only we make it."""
    return seen.standing.is_ours if part.proves else part.telling and seen.standing is Standing.OURS


def _judge(part: Part, seen: Sighting) -> tuple[Sure, str]:
    if seen.standing is Standing.FOREIGN:
        return "not ours", "it does not carry this deployment's tag: left alone"
    if part.adopted:
        return "certain", "the function uses it; the deployment did not make it"
    if part.local:
        return "certain", "a file in the deployment's folder"
    if part.owner:
        return "certain", f"it belongs to the {part.owner}"
    if seen.tags:
        return "certain", "it carries the deployment's tag"
    return "likely", seen.reason


def several(carried: Mapping[str, Sequence[Carrier]], hint: str) -> UsageError:
    """The error for a name that resources of more than one deployment carry."""
    lines = (f"{each}: {', '.join(map(str, carriers))}" for each, carriers in sorted(carried.items()))
    return UsageError(f"Several deployments of this name are found: {'; '.join(lines)}.", hint)
