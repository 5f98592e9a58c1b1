"""What is in the way of a deployment: resources of its names that are not its own. They stay untouched."""

from collections.abc import Iterable, Sequence

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.begun import TAKES_IT_UP, Begun
from lambda_over_https.engine.make.sights import Sights
from lambda_over_https.errors import LohError
from lambda_over_https.names import TAG_NAME
from lambda_over_https.tutorial.parts.part import Part, Sighting, Standing
from lambda_over_https.tutorial.parts.step import Step


class Obstacles:
    """Finds and names them. With ``by_hand``, what a learner has begun by hand is in nobody's way."""

    def __init__(self, stack: Stack, sights: Sights, *, by_hand: bool) -> None:
        self._stack = stack
        self._sights = sights
        self._by_hand = by_hand
        self._begun = Begun(stack)

    def survey(self, steps: Iterable[Step]) -> None:
        """Before the first change of a new deployment, check that no foreign resource is in the way."""
        if self._stack.journal.state.records:
            return
        every = [part for step in steps for part in step.parts(self._stack) if not part.owner]
        parts = {self._sights.key(part): part for part in every}
        seen = self._sights.look_ahead(parts)
        foreign = [(part, seen[key]) for key, part in parts.items() if self._is_in_the_way(part, seen[key])]
        if foreign:
            what = "; ".join(f"{self._sights.named(part)}: {found.reason}" for part, found in foreign)
            raise self.error(what, "1", "Nothing was changed.", foreign)
        for key, part in parts.items():
            # What is made before its turn may change what it should be: that is looked for again.
            if part.adopted or seen[key].standing not in (Standing.OURS, Standing.FOREIGN):
                self._sights.keep(part, seen[key])

    def _is_in_the_way(self, part: Part, found: Sighting) -> bool:
        theirs = self._by_hand and self._begun.step_of(part, found)
        return found.standing is Standing.FOREIGN and not theirs

    def check_free(self, parts: Iterable[Part]) -> None:
        """Before a choice adds ``parts``: raises LohError if something that is not ours is in the way."""
        for part in parts:
            known = self._stack.record(*self._sights.key(part))
            if known or (part.owner and not self._stack.record(part.owner)):
                continue
            seen = acts.look(part, self._stack)
            foreign = part.owner and seen.standing is not Standing.ABSENT
            if seen.standing is Standing.FOREIGN or foreign:
                reason = seen.reason or "It is there already, and not in the journal."
                raise self.error(self._sights.named(part), "", reason, [(part, seen)])

    def of(self, part: Part, number: str, seen: Sighting) -> LohError:
        """The error for a part of step ``number`` of whose name there is somebody else's resource."""
        return self.error(self._sights.named(part), number, seen.reason, [(part, seen)])

    def error(self, what: str, step: str, reason: str, seen: Sequence[tuple[Part, Sighting]]) -> LohError:
        """The error that names ``what`` is in the way, and what to do about it."""
        return LohError(
            f"A resource that is not ours is in the way: {what}. {reason}",
            f"It was left untouched. {self._way_on(seen)}",
            step,
        )

    def _way_on(self, seen: Sequence[tuple[Part, Sighting]]) -> str:
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
