"""After a drill: let the learner repair what it broke, and look every second whether it is whole."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lambda_over_https import events
from lambda_over_https.cli.keys import END
from lambda_over_https.cli.shared import opening
from lambda_over_https.cli.walking.asking import or_told
from lambda_over_https.cli.walking.hands import HINT, Hands, watching
from lambda_over_https.engine import acts
from lambda_over_https.errors import EndedError, LohError
from lambda_over_https.practice.drills import hints as drill_hints
from lambda_over_https.practice.drills.whole import is_whole
from lambda_over_https.states import Action
from lambda_over_https.tutorial.course import steps_of
from lambda_over_https.tutorial.parts.part import Standing

if TYPE_CHECKING:
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.engine.make.plan import Planned
    from lambda_over_https.practice.drills.drill import Drill
    from lambda_over_https.show.moving.drilling import DrillPages

CHOICE = ("y yourself", "Enter the program")
KEYS = ("a type aws commands here", "h hint", "s do it")

DEPLOY = "3.5"
"""A learner's own deployment does not carry our mark: requests show whether what it serves is right."""


class Difference(NamedTuple):
    """What is not as it should be: a resource or a step, and why; no ``what`` where it is none of these."""

    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}" if self.what else self.why


class Repairing:
    """One drill's damage, for the learner to repair."""

    def __init__(
        self,
        drill: "Drill",
        stack: "Stack",
        show: "DrillPages",
        typed: Callable[[float | None], str],
        environment: Callable[[], dict[str, str]],
        elsewhere: tuple[str, str] = ("", ""),
    ) -> None:
        self._drill = drill
        self._stack = stack
        self._watching = watching(stack)
        self._show = show
        self._elsewhere = elsewhere
        self._hands = Hands(
            "repair it:", KEYS, stack, show, typed, environment, self._look, lambda: self.by_hand
        )
        self._wrong: list[str] = []
        self._left: list[Difference] | None = None
        self._hints = 0

    def show_change(self) -> None:
        """Show the calls that changed something since the last time."""
        self._show.changed_by()

    def offer(self) -> None:
        """Let the learner repair it if he wants to; note who did, and with how many hints."""
        self._show.lines([[]])
        self._show.say("Who repairs it?")
        try:
            if self._hands.asking.choice("", CHOICE) == "y":
                self._let_repair()
        finally:
            by_hand = self.by_hand
            self._stack.run.emit(events.Repaired("drill", self._drill.name, by_hand, self._hints))

    @property
    def by_hand(self) -> bool:
        """Whether the learner has repaired it."""
        return self._left == []

    def _let_repair(self) -> None:
        self._hands.show_places(self._elsewhere)
        self._look()
        while self._left and (key := self._hands.next()) not in ("s", END):
            or_told(partial(self._act, key or ""), failed=None)
        if not self._left:
            self._show.say("Repaired: requests are answered as before.")

    def _act(self, key: str) -> None:
        if self._hands.act(key, {HINT: self._hint}):
            self._look()

    def _hint(self) -> None:
        """The next hint; the last one again when all have been shown."""
        self._hints = min(self._hints + 1, len(drill_hints.STAGES))
        self._show.hint(self._hints, drill_hints.STAGES)
        if self._hints == len(drill_hints.STAGES):
            self._show.calls(drill_hints.calls(self._wrong, self._watching))
            return
        told = drill_hints.hints(self._drill.name, self._watching)
        if self._hints == 1:
            self._show.say(told.where)
            self._show.command(told.look)
        else:
            self._show.say(told.compare)

    def _look(self, asked: bool = False) -> bool:
        """Look again; True if something has changed, which is shown, also while a key is ``asked`` for."""
        before = self._left or []
        try:
            left = self._differences()
        except EndedError:
            raise
        except LohError as error:
            left, before = [Difference("", error.message)], []  # of what was wrong nothing is known now
        if left == self._left:
            return False
        self._left = left
        if asked:
            self._show.answered()
        wrong = {each.what for each in left}
        self._show.repaired([each.what for each in before if each.what and each.what not in wrong])
        if left:
            self._show.left_to_repair([str(each) for each in left])
        return True

    def _differences(self) -> list[Difference]:
        """What is not as it should be, by looking, and then by a request."""
        self._watching.readings.forget()
        planned = [
            each for each in opening.engine_for(self._watching).plan() if each.action is not Action.KEEP
        ]
        self._wrong = [each.number for each in planned]
        wrong = [reason for each in planned if each.number != DEPLOY for reason in self._reasons(each)]
        if wrong or (self._drill.whole or is_whole)(self._watching):
            return wrong
        return [Difference("", "Requests are not answered as before. Is the last change deployed?")]

    def _reasons(self, planned: "Planned") -> list[Difference]:
        """What is wrong in a step: each of its resources that is not as it should be, else the step."""
        (step,) = [each for each in steps_of(self._watching) if each.number == planned.number]
        parts = [part for part in step.parts(self._watching) if not (part.local or part.adopted)]
        wrong = [
            Difference(f"{planned.number} {part.kind} {part.name(self._watching)}", seen.reason)
            for part in parts
            if (seen := acts.look(part, self._watching)).standing is not Standing.OURS
        ]
        return wrong or [Difference(f"{planned.number} {planned.name}", planned.reason)]
