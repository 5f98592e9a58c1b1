"""A step of the walk that the learner does: the program shows what to make, looks every second, and helps."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from lambda_over_https import events
from lambda_over_https.cli.keys import END, ENTER, silent
from lambda_over_https.cli.walking.asking import Actions, or_told
from lambda_over_https.cli.walking.hands import HINT, Hands, watching
from lambda_over_https.errors import EndedError, LohError
from lambda_over_https.events import at_step
from lambda_over_https.names import TAG_DEPLOYMENT
from lambda_over_https.practice.by_hand import hints
from lambda_over_https.practice.by_hand.facts import facts_for
from lambda_over_https.practice.by_hand.judging import judge
from lambda_over_https.practice.by_hand.taking import Taking, absent_now
from lambda_over_https.show.lesson.by_hand import hint_lines, state_lines, task_lines
from lambda_over_https.tutorial.course import steps_of

if TYPE_CHECKING:
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.engine.make.engine import Engine
    from lambda_over_https.practice.by_hand.judged import Judged
    from lambda_over_https.show.moving.walk import WalkPages
    from lambda_over_https.tutorial.parts.step import Step

KEYS = ("a type aws commands here", "h hint", "s do it", "r take back", "e more", "q quit")
WHY_NOT = {
    "b": "r takes back what you made in this step.",
    "c": "h shows the calls, in three hints.",
    "t": "it tries what is done: finish the step first.",
    "y": "you are doing the step yourself.",
}
"""Why a key that the walk has elsewhere does nothing while a learner does a step."""

TAKE = ("y yes, it is mine", "n not yet")


class ByHand:
    """One step, done by the learner."""

    def __init__(
        self,
        step: "Step",
        stack: "Stack",
        show: "WalkPages",
        typed: Callable[[float | None], str],
        environment: Callable[[], dict[str, str]],
        elsewhere: tuple[str, str],
    ) -> None:
        self._step = step
        self._stack = stack
        self._watching = watching(stack)
        self._show = show
        self._elsewhere = elsewhere
        self._hands = Hands("watching:", KEYS, stack, show, typed, environment, self._look, self._is_right)
        self._asking = self._hands.asking
        self._judged: Sequence[Judged] = ()
        self._told: set[tuple[str, ...]] = set()
        self._stages: dict[str, int] = {}
        self._refused = False

    def go(self, engine: "Engine", absent: "Sequence[str]") -> str:
        """Show the task and look until it is done: Enter then, q if the learner quits."""
        with at_step(self._step.number):
            return self._go(engine, absent)

    def _go(self, engine: "Engine", absent: "Sequence[str]") -> str:
        self._taking = Taking(self._step, self._stack, self._begin(engine, absent))
        self._judged = judge(self._step, self._watching)
        self._show.lines(task_lines(self._judged, facts_for(self._step, self._stack), self._show.out))
        self._hands.show_places(self._elsewhere)
        if any(each.there for each in self._judged):
            self._tell()
        while True:
            if (
                self._is_right()
                and not self._refused
                and or_told(partial(self._finish, engine), failed=False)
            ):
                return ENTER
            self._refused = self._refused or self._is_right()
            key = self._hands.next()
            if key is None:
                continue
            if key == END and self._asking.leaves():
                return END
            if key == "s" and or_told(partial(self._do_it, engine), failed=False):
                return ENTER
            or_told(partial(self._act, key), failed=None)
            self._look()
            self._outlast()

    def _finish(self, engine: "Engine") -> bool:
        """All is right: take it in, and do what else belongs to the step."""
        if not self._take(self._judged, self._show.say):
            return False
        with silent():
            engine.do(self._step)
        if self._step.rehearse:
            self._show.say("We have just called the function for you, to test it. t calls it again.")
        self._stack.run.emit(events.DoneByHand(self._step.number))
        return True

    def _begin(self, engine: "Engine", absent: "Sequence[str]") -> "Sequence[str]":
        """What was not there when the step began, now or in an earlier walk."""
        if absent:
            return absent
        engine.check_free(part for part in self._step.parts(self._stack) if part.proves)
        found = absent_now(self._step, self._watching)
        self._stack.run.emit(events.HandsOn(self._step.number, tuple(found)))
        return found

    # --- looking ---

    def _look(self, asked: bool = False) -> bool:
        """Look again; True if something has changed, which is shown, also while a key is ``asked`` for."""
        try:
            found: Sequence[Judged] = judge(self._step, self._watching)
        except EndedError:
            raise
        except LohError as error:
            found = self._judged
            self._stack.run.emit(events.Note(self._step.number, f"{error.message} Looking again."))
        if found == self._judged:
            return False
        self._judged, self._refused = found, False
        if asked:
            self._show.answered()
        self._tell()
        return True

    def _outlast(self) -> None:
        """Wait for what becomes right by itself: the next line of a script would come too early for it."""
        if any(each.under_way for each in self._judged):
            self._stack.run.wait_until(
                lambda: self._look() and not any(each.under_way for each in self._judged),
                "AWS is preparing it",
                self._stack.cloud.patience,
            )

    def _is_right(self) -> bool:
        return all(each.right for each in self._judged)

    def _tell(self) -> None:
        """Show how it looks, and note each mistake once."""
        self._show.lines([*state_lines(self._judged, self._show.out), []])
        for each in self._judged:
            for field in each.wrong:
                mistake = (each.part.kind, each.name, field.name, field.seen, field.wanted)
                if mistake not in self._told:
                    self._told.add(mistake)
                    self._stack.run.emit(events.Mistaken(self._step.number, *mistake))

    # --- keys ---

    def _act(self, key: str) -> None:
        actions: Actions = {
            "e": lambda: self._show.more(self._step),
            HINT: self._hint,
            "r": lambda: self._take_back([each for each in self._judged if each.there]),
            "s": lambda: None,  # it was declined
            ENTER: self._ask_again,
        }
        self._hands.act(key, actions, WHY_NOT)

    def _ask_again(self) -> None:
        """After an answer that it is not the learner's: look again, and ask if all is right."""
        self._refused = False

    def _hint(self) -> None:
        """One stage more for the first resource that is not right yet."""
        judged = next((each for each in self._judged if not each.right), None)
        if judged is None:
            self._show.say("All of it is right: there is nothing to hint at.")
            return
        stage = min(self._stages.get(judged.name, 0) + 1, hints.STAGES)
        self._stages[judged.name] = stage
        self._stack.run.emit(events.Hinted(self._step.number, stage))
        calls = hints.to_type(judged, self._watching, stage)
        self._show.lines(hint_lines(stage, judged, calls, self._show.out))

    def _do_it(self, engine: "Engine") -> bool:
        """Do the step for the learner; what is there and wrong is made anew, or corrected."""
        self._outlast()
        wrong = [each for each in self._judged if each.differs and each.part.proves]
        if wrong and not self._take_back(wrong, "Remove {}, which is not right, and make it again for you?"):
            return False
        self._look()
        kept = [each for each in self._judged if each.there and not (each.differs and each.part.proves)]
        if kept and not self._take(kept, self._show.say):
            return False
        with silent():
            engine.do(self._step)
        return True

    # --- taking in and back ---

    def _take(self, judged: "Sequence[Judged]", say: Callable[[str], None]) -> bool:
        """Make what is right this deployment's own; what must be tagged, only after a yes."""
        to_tag = [each for each in judged if self._taking.must_tag(each)]
        if to_tag and (self._refused or not self._ask_to_tag(to_tag, say)):
            self._refused = True
            return False
        for each in judged:
            self._taking.take(each)
        return True

    def _ask_to_tag(self, to_tag: "Sequence[Judged]", say: Callable[[str], None]) -> bool:
        names = " and ".join(each.name for each in to_tag)
        say(
            f"Right. Shall {names} become a part of this deployment? A tag, {TAG_DEPLOYMENT}, then says whose"
            " it is, and a teardown removes it with the rest."
        )
        return self._asking.choice("", TAKE) == "y"

    def _take_back(
        self, there: "Sequence[Judged]", question: str = "Remove {}, so that you can make it again?"
    ) -> bool:
        """Remove what the learner made, after a yes; True if it is gone."""
        wrong = [each for each in there if not each.right] or list(there)
        if not wrong:
            self._show.say("There is nothing of this step to take back.")
            return False
        names = ", ".join(f"{each.part.kind} {each.name}" for each in wrong)
        if not self._asking.sure(question.format(names)):
            return False
        if any(map(self._taking.must_tag, wrong)):
            self._show.say("We only remove what carries this deployment's tag, so it gets the tag first.")
        removal = self._taking.take_back(steps_of(self._stack), wrong)
        for each in removal.left:
            self._show.say(f"Still there: {each}")
        return not removal.left
