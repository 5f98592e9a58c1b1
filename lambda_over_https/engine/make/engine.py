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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.graph import run_graph
from lambda_over_https.engine.make.making import Maker
from lambda_over_https.engine.make.obstacles import Obstacles
from lambda_over_https.engine.make.order import Order
from lambda_over_https.engine.make.plan import Planned, Planner
from lambda_over_https.engine.make.sights import Sights
from lambda_over_https.engine.remove.retirement import Retirement
from lambda_over_https.errors import InterruptedRunError, LohError
from lambda_over_https.events import Kept, StepEnded, StepStarted, at_step
from lambda_over_https.states import StepState
from lambda_over_https.tutorial.parts.part import Part, Sighting, Standing
from lambda_over_https.tutorial.parts.step import Step


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
        self._changed: set[str] = set()
        self._stopped: set[str] = set()
        self._unsure: set[str] = set()
        """The steps that are being changed or tried, or are not as they should be."""
        self._began: dict[str, float] = {}
        self._order = Order(steps, stack)
        self._retirement = Retirement(steps, stack)
        self._sights = Sights(stack)
        self._obstacles = Obstacles(stack, self._sights, by_hand=by_hand)
        self._maker = Maker(stack, self._sights, self._obstacles)

    # --- looking ---

    def plan(self) -> list[Planned]:
        """What ``run`` would do, without a single mutating call."""
        planner = Planner(self._stack, self._sights, self._retirement)
        return [planner.plan(step) for step in self._steps]

    def look(self) -> list[tuple[Part, Sighting]]:
        """Each resource that the journal knows, as it is now, without a single mutating call."""
        parts = [part for step in self._steps for part in step.parts(self._stack)]
        return [
            (part, self._sights.of(part)) for part in parts if self._journal.find(*self._sights.key(part))
        ]

    def check_free(self, parts: Iterable[Part]) -> None:
        """Before a choice adds ``parts``: raises LohError if something that is not ours is in the way."""
        self._obstacles.check_free(parts)

    # --- doing ---

    def run(self, to: str | None = None, workers: int = 1) -> bool:
        """Do every step that is not done, up to and with step ``to``; True if anything was changed.

        ``workers`` steps at a time at most, each only when what it needs is done.
        """
        numbers = [step.number for step in self._steps]
        chosen = self._steps[: numbers.index(to) + 1] if to else self._steps
        self._accept_choices()
        self._changed |= self._retirement.first(chosen)
        tasks = self._order.tasks(chosen, self._start, self._finish)
        needs = {key: task.needs for key, task in tasks.items()}
        run_graph(needs, lambda key: tasks[key].work(), workers, self._stack.run)
        return bool(self._changed)

    def do(self, step: Step) -> None:
        """Do this one step; those before it are taken as they are."""
        self._accept_choices()

        def whole(_: str) -> None:
            self._start(step)
            self._finish(step)

        run_graph({step.number: ()}, whole, 1, self._stack.run)

    def _accept_choices(self) -> None:
        """Remember what was chosen, unless it names a resource to borrow that is not there."""
        for part in (part for step in self._steps for part in step.parts(self._stack) if part.adopted):
            self._sights.keep(part, acts.look(part, self._stack))
        self._journal.choose(self._stack.choices.to_remember)

    def next_step(self) -> Step | None:
        """The first step that is not done."""
        state_of = self._journal.state_of
        return next((step for step in self._steps if not state_of(step.number).is_over), None)

    def _is_passed_over(self, step: Step) -> bool:
        """Whether nothing of the step is there, and nothing is to be made."""
        if self._makes or self._journal.state_of(step.number) is not StepState.PENDING:
            return False
        known = any(self._journal.find(*self._sights.key(each)) for each in step.parts(self._stack))
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
                self._obstacles.survey(self._steps)
            for part in step.parts(self._stack):
                if self._settle(part, step.number):
                    self._changed.add(step.number)
            if self._retirement.parts(step):
                self._unsure.add(step.number)
            if self._retirement.remove(step):
                self._changed.add(step.number)

    def _finish(self, step: Step) -> None:
        """Do what the step does besides; then it is done."""
        if step.number not in self._began:
            return
        with at_step(step.number), self._ending(step):
            if step.act and self._must_act(step):
                self._unsure.add(step.number)
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
                self._end(step, state, self._state_after(step, state))

    def _state_after(self, step: Step, state: StepState) -> StepState:
        """What the journal says of a step: one that was done, and only could not be looked at, stays so."""
        known = self._journal.state_of(step.number)
        must_be_tried = step.act is not None and self._must_act(step)
        sure = known.is_over and step.number not in self._unsure and not must_be_tried
        return known if sure else state

    def _end(self, step: Step, state: StepState, noted: StepState | None = None) -> None:
        """Tell how it ended; ``noted`` is what the journal says of the step, if that is something else."""
        self._journal.step(step.number, noted or state)
        changed, seconds = step.number in self._changed, time.monotonic() - self._began[step.number]
        self._emit(StepEnded(step.number, step.title, state, changed, seconds))

    def _must_act(self, step: Step) -> bool:
        if self._lacking & self._order.all_needs(step):
            return False
        if self._journal.state_of(step.number) is not StepState.DONE:
            return True
        return bool((self._changed | self._stopped - {step.number}) & self._order.all_needs(step))

    def _settle(self, part: Part, number: str) -> bool:
        """Bring one part to what it should be; True if that took a change."""
        seen = self._sights.of(part)
        if seen.standing is not Standing.OURS:
            self._unsure.add(number)
        if seen.standing is Standing.FOREIGN:
            raise self._obstacles.of(part, number, seen)
        if seen.standing is Standing.OURS:
            self._maker.take_in(part, number, seen)
            if seen.stops:
                self._stopped.add(number)
            self._emit(Kept(number, part.kind, part.name(self._stack), seen.tuned))
            return False
        if seen.standing is Standing.ABSENT and not self._makes:
            self._lacking.add(number)
            return False
        self._maker.make(part, number, seen)
        return True
