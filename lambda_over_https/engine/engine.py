"""Make a deployment: look, write down the intent, make, write down the result.

The engine is given the steps and a stack; it knows no AWS call and no terminal. What it promises:

- a resource is looked for before it is made, with the same ``look`` that ``plan`` uses, and a foreign one of
  the same name stops the step and stays untouched;
- the intent is on disk before each mutating call and the result right after, so that a run that was killed
  anywhere goes on where it stopped;
- when the answer to a create is lost, it looks before it makes again: there is never a second one;
- what a step made and nobody wants any more is removed in that step;
- the same step twice changes nothing.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import NamedTuple

from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.begun import TAKES_IT_UP, Begun
from lambda_over_https.engine.graph import look_around, run_graph
from lambda_over_https.engine.parts import Key
from lambda_over_https.engine.retirement import Retirement
from lambda_over_https.errors import AlreadyExistsError, InterruptedRunError, LohError, UncertainError
from lambda_over_https.events import Kept, Made, Making, Note, StepEnded, StepStarted, at_step
from lambda_over_https.names import TAG_NAME
from lambda_over_https.states import Action, RecordState, StepState
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing
from lambda_over_https.tutorial.parts.step import Step

MAKE_TRIES = 4


class _Task(NamedTuple):
    """Some work for the graph, and the keys of what it needs."""

    needs: Sequence[str]
    work: Callable[[], None]


def _tried(number: str) -> str:
    """The key of trying what a step has made."""
    return f"{number} tried"


@dataclass(frozen=True, slots=True)
class Planned:
    """What ``run`` would do with a step, and why."""

    number: str
    name: str
    action: Action
    reason: str
    calls: tuple[str, ...]


class Engine:
    """Works on one stack with an ordered list of steps.

    ``by_hand``: who uses it asks the learner about what was begun by hand, so that is in nobody's way. With
    ``makes`` False it only sets right what is there: what is absent stays absent, a step that was not begun
    is passed over, and one that lacks something keeps its state.
    """

    def __init__(
        self, steps: Sequence[Step], stack: Stack, *, by_hand: bool = False, makes: bool = True
    ) -> None:
        self._steps = steps
        self._makes = makes
        self._lacking: set[str] = set()
        self._stack = stack
        self._journal = stack.journal
        self._emit = stack.run.emit
        self._seen: dict[Key, Sighting] = {}
        self._changed: set[str] = set()
        self._stopped: set[str] = set()
        self._absent: set[str] = set()
        self._began: dict[str, float] = {}
        self._retirement = Retirement(steps, stack)
        self._by_hand = by_hand
        self._begun = Begun(stack)

    # --- looking ---

    def plan(self) -> list[Planned]:
        """What ``run`` would do, without a single mutating call."""
        return [self._plan(step) for step in self._steps]

    def look(self) -> list[tuple[Part, Sighting]]:
        """Each resource that the journal knows, as it is now, without a single mutating call."""
        parts = [part for step in self._steps for part in step.parts(self._stack)]
        return [
            (part, self._sight(part))
            for part in parts
            if self._journal.find(part.kind, part.name(self._stack))
        ]

    def _plan(self, step: Step) -> Planned:
        parts = step.parts(self._stack)
        seen = [(part, self._sight(part)) for part in parts]
        action, reason = _verdict(seen, self._journal.state_of(step.number))
        calls = [call for part, sighting in seen for call in part.calls(sighting)]
        leaving = self._retirement.parts(step)
        if leaving and action is not Action.BLOCKED:
            action, reason = Action.UPDATE, f"{self._named(leaving[0])} is not wanted any more"
            calls += [call for part in leaving for call in part.removes]
        return Planned(step.number, step.name, action, reason, tuple(calls))

    def _named(self, part: Part) -> str:
        return f"{part.kind} {part.name(self._stack)}"

    def _sight(self, part: Part) -> Sighting:
        """Look for a part, without a call where the answer is known."""
        key = (part.kind, part.name(self._stack))
        if key in self._seen:
            return self._seen.pop(key)
        if part.owner:
            recorded = self._journal.find(part.owner) and self._journal.find(*key)
            if not recorded or part.owner in self._absent:
                return ABSENT
        sighting = acts.look(part, self._stack)
        if sighting.standing is Standing.ABSENT:
            self._absent.add(part.kind)
        return sighting

    def _survey(self) -> None:
        """Before the first change of a new deployment, check that no foreign resource is in the way."""
        if self._journal.state.records:
            return
        parts = [part for step in self._steps for part in step.parts(self._stack) if not part.owner]
        seen = {(part.kind, part.name(self._stack)): part for part in parts}

        def look(key: Key) -> None:
            self._seen[key] = acts.look(seen[key], self._stack)

        look_around(seen, look, self._stack.run)
        foreign = [(part, self._seen[key]) for key, part in seen.items() if self._is_in_the_way(key, part)]
        if foreign:
            what = "; ".join(f"{self._named(part)}: {found.reason}" for part, found in foreign)
            raise self._in_the_way(what, "1", "Nothing was changed.", foreign)
        for key, part in seen.items():
            if self._seen[key].standing in (Standing.OURS, Standing.FOREIGN) and not part.adopted:
                del self._seen[key]  # what is made before its turn may change what it should be

    def _is_in_the_way(self, key: Key, part: Part) -> bool:
        found = self._seen[key]
        theirs = self._by_hand and self._begun.step_of(part, found)
        return found.standing is Standing.FOREIGN and not theirs

    def check_free(self, parts: Iterable[Part]) -> None:
        """Before a choice adds ``parts``: raises LohError if something that is not ours is in the way."""
        for part in parts:
            name = part.name(self._stack)
            if self._journal.find(part.kind, name) or (part.owner and not self._journal.find(part.owner)):
                continue
            seen = acts.look(part, self._stack)
            foreign = part.owner and seen.standing is not Standing.ABSENT
            if seen.standing is Standing.FOREIGN or foreign:
                reason = seen.reason or "It is there already, and not in the journal."
                raise self._in_the_way(f"{part.kind} {name}", "", reason, [(part, seen)])

    # --- doing ---

    def run(self, to: str | None = None, workers: int = 1) -> bool:
        """Do every step that is not done, up to and with step ``to``; True if anything was changed.

        ``workers`` steps at a time at most, each only when what it needs is done.
        """
        numbers = [step.number for step in self._steps]
        chosen = self._steps[: numbers.index(to) + 1] if to else self._steps
        self._accept_choices()
        self._changed |= self._retirement.first(chosen)
        tasks = self._tasks(chosen)
        needs = {key: task.needs for key, task in tasks.items()}
        run_graph(needs, lambda key: tasks[key].work(), workers, self._stack.run)
        return bool(self._changed)

    def _tasks(self, chosen: Sequence[Step]) -> dict[str, "_Task"]:
        """What there is to do, in the steps' order.

        What a step makes is all that the next ones need to make theirs: it is tried beside them. What is
        late is tried when nothing else is left; a late step that makes nothing waits for the other late ones
        as well.
        """
        tasks: dict[str, _Task] = {}
        for step in chosen:
            before = self._before(step, chosen)
            if step.act and step.parts(self._stack):
                tasks[step.number] = _Task(step.needs, partial(self._start, step))
                tasks[_tried(step.number)] = _Task((step.number, *before), partial(self._finish, step))
            else:
                tasks[step.number] = _Task((*step.needs, *before), partial(self._whole, step))
        return tasks

    def _before(self, step: Step, chosen: Sequence[Step]) -> Iterator[str]:
        """The keys of all that a late step waits for: what is done without it and does not wait for it."""
        waits_for_late = not step.parts(self._stack)
        for other in chosen if step.late else ():
            if step.number not in self._all_needs(other) and (waits_for_late or not other.late):
                yield from (other.number, _tried(other.number))

    def do(self, step: Step) -> None:
        """Do this one step; those before it are taken as they are."""
        self._accept_choices()
        run_graph({step.number: ()}, lambda _: self._whole(step), 1, self._stack.run)

    def _accept_choices(self) -> None:
        """Remember what was chosen, unless it names a resource to borrow that is not there."""
        for part in (part for step in self._steps for part in step.parts(self._stack) if part.adopted):
            self._seen[part.kind, part.name(self._stack)] = acts.look(part, self._stack)
        self._journal.choose(asdict(self._stack.choices))

    def next_step(self) -> Step | None:
        """The first step that is not done."""
        state_of = self._journal.state_of
        return next((step for step in self._steps if not state_of(step.number).is_over), None)

    def _whole(self, step: Step) -> None:
        self._start(step)
        self._finish(step)

    def _is_passed_over(self, step: Step) -> bool:
        """Whether nothing of the step is there, and nothing is to be made."""
        if self._makes or self._journal.state_of(step.number) is not StepState.PENDING:
            return False
        known = any(self._journal.find(each.kind, each.name(self._stack)) for each in step.parts(self._stack))
        return not known and not self._retirement.parts(step)

    def _start(self, step: Step) -> None:
        """Make what the step makes."""
        if self._is_passed_over(step):
            self._lacking.add(step.number)
            return
        self._began[step.number] = time.monotonic()
        self._emit(StepStarted(step.number, step.title))
        with at_step(step.number), self._ending(step):
            if step.surveys:
                self._survey()
            for part in step.parts(self._stack):
                if self._settle(part, step.number):
                    self._changed.add(step.number)
            if self._retirement.remove(step):
                self._changed.add(step.number)

    def _finish(self, step: Step) -> None:
        """Do what the step does besides; then it is done."""
        if step.number not in self._began:
            return
        with at_step(step.number), self._ending(step):
            if step.act and self._must_act(step):
                acts.act(step.act, self._stack)
        self._end(step, self._state_when_done(step))

    def _state_when_done(self, step: Step) -> StepState:
        if step.number in self._lacking:
            return self._journal.state_of(step.number)
        parts = step.parts(self._stack)
        if parts and all(part.adopted for part in parts):
            return StepState.SKIPPED
        return StepState.DONE if step.wanted else StepState.PENDING

    @contextmanager
    def _ending(self, step: Step) -> Iterator[None]:
        """If what is done here does not succeed, the step has ended."""
        state: StepState | None = StepState.FAILED
        try:
            self._stack.run.raise_if_interrupted()
            yield
            state = None
        except InterruptedRunError:
            state = StepState.PENDING
            raise
        except LohError as error:
            error.step = error.step or step.number
            raise
        finally:
            if state:
                self._end(step, state)

    def _end(self, step: Step, state: StepState) -> None:
        self._journal.step(step.number, state)
        changed, seconds = step.number in self._changed, time.monotonic() - self._began[step.number]
        self._emit(StepEnded(step.number, step.title, state, changed, seconds))

    def _must_act(self, step: Step) -> bool:
        if self._lacking & self._all_needs(step):
            return False
        if self._journal.state_of(step.number) is not StepState.DONE:
            return True
        return bool((self._changed | self._stopped - {step.number}) & self._all_needs(step))

    def _all_needs(self, step: Step) -> set[str]:
        needs = {step.number}
        for earlier in reversed(self._steps):
            if earlier.number in needs:
                needs.update(earlier.needs)
        return needs

    def _settle(self, part: Part, number: str) -> bool:
        """Bring one part to what it should be; True if that took a change."""
        name = part.name(self._stack)
        sighting = self._sight(part)
        if sighting.standing is Standing.FOREIGN:
            raise self._in_the_way(f"{part.kind} {name}", number, sighting.reason, [(part, sighting)])
        known = self._journal.find(part.kind, name)
        if sighting.standing is Standing.OURS:
            if known is None or not known.state.exists or known.id != sighting.id:
                self._write_down(part, name, number, Product(sighting.id, sighting.arn, sighting.detail))
            if sighting.stops:
                self._stopped.add(number)
            self._emit(Kept(number, part.kind, name, sighting.tuned))
            return False
        if sighting.standing is Standing.ABSENT and not self._makes:
            self._lacking.add(number)
            return False
        product, action = self._make(part, name, number, sighting)
        self._absent.discard(part.kind)
        self._write_down(part, name, number, product)
        self._emit(Made(number, part.kind, name, product.id, product.arn, action))
        return True

    def _make(self, part: Part, name: str, number: str, sighting: Sighting) -> tuple[Product, Action]:
        for tries in range(1, MAKE_TRIES + 1):
            self._stack.run.raise_if_interrupted()
            action = Action.CREATE if sighting.standing is Standing.ABSENT else Action.UPDATE
            self._journal.intend(part.kind, name, number)
            self._emit(Making(number, part.kind, name, action, sighting.reason))
            try:
                return acts.make(part, self._stack, sighting), action
            except (AlreadyExistsError, UncertainError) as error:
                sighting = self._look_again(part, name, number, error, tries)
            if sighting.standing is Standing.OURS:
                return Product(sighting.id, sighting.arn, sighting.detail), action
        raise LohError(f"{part.kind} {name} could not be made.", "Run the same command again.", number)

    def _look_again(self, part: Part, name: str, number: str, error: LohError, tries: int) -> Sighting:
        """The answer was lost, or it exists: only a look shows whether the call took effect."""
        sighting = acts.look(part, self._stack)
        if sighting.standing is Standing.FOREIGN:
            self._journal.gone(Record(part.kind, name, number, RecordState.INTENDED))
            raise self._in_the_way(
                f"{part.kind} {name}", number, sighting.reason, [(part, sighting)]
            ) from error
        if sighting.standing is Standing.ABSENT:
            if isinstance(error, AlreadyExistsError) or tries == MAKE_TRIES:
                raise error
            self._emit(Note(number, f"{error.message} It took no effect; trying again."))
            self._stack.run.wait(0.2 * 2**tries)
        return sighting

    def _in_the_way(
        self, what: str, step: str, reason: str, seen: Iterable[tuple[Part, Sighting]]
    ) -> LohError:
        found = list(seen)
        return LohError(
            f"A resource that is not ours is in the way: {what}. {reason}",
            f"It was left untouched. {self._way_on(found)}",
            step,
        )

    def _way_on(self, seen: Sequence[tuple[Part, Sighting]]) -> str:
        """What to do about resources that are in the way."""
        begun = {self._begun.step_of(part, found) for part, found in seen}
        if begun and all(begun):
            return f"You have begun step {min(begun)} by hand: {TAKES_IT_UP}."
        name = self._stack.names.deployment
        lost = any(found.tags.get(TAG_NAME) == name for _, found in seen)
        earlier = (
            f"If it is an earlier {name} without its journal, `loh recover` makes a new one. If not, choose"
        )
        other = "another name for this deployment with --name, or remove it yourself."
        return f"{earlier if lost else 'Choose'} {other}"

    def _write_down(self, part: Part, name: str, number: str, product: Product) -> None:
        state = RecordState.ADOPTED if part.adopted else RecordState.MADE
        self._journal.made(
            Record(part.kind, name, number, state, product.id, product.arn, detail=product.detail)
        )


def _verdict(seen: Sequence[tuple[Part, Sighting]], state: StepState) -> tuple[Action, str]:
    standings = {sighting.standing for _, sighting in seen}
    if Standing.FOREIGN in standings:
        return Action.BLOCKED, _first_reason(seen, lambda standing: standing is Standing.FOREIGN)
    if seen and all(part.adopted for part, _ in seen):
        return Action.SKIP, "it uses yours instead of making its own"
    if standings <= {Standing.OURS}:
        if state is StepState.DONE:
            return Action.KEEP, f"it is as it should be{_tuned(seen)}"
        return Action.CREATE, "it has not been done yet"
    if standings == {Standing.ABSENT}:
        return Action.CREATE, "it is not there"
    return Action.UPDATE, _first_reason(seen, lambda standing: standing is not Standing.OURS)


def _tuned(seen: Sequence[tuple[Part, Sighting]]) -> str:
    notes = [note for _, sighting in seen for note in sighting.tuned]
    return f"; kept as it is: {', '.join(notes)}" if notes else ""


def _first_reason(seen: Sequence[tuple[Part, Sighting]], wanted: Callable[[Standing], bool]) -> str:
    return next(sighting.reason for _, sighting in seen if wanted(sighting.standing))
