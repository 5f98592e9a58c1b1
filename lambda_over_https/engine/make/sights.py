"""How parts are found: each look is made once, and none where the answer is known."""

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.graph import look_around
from lambda_over_https.engine.parts import Key
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Sighting, Standing


class Sights:
    """Looks for parts of one deployment; what was looked for ahead is kept until it is asked for."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._ahead: dict[Key, Sighting] = {}
        self._absent: set[str] = set()

    def of(self, part: Part) -> Sighting:
        """How the part is found, without a call where the answer is known."""
        key = self.key(part)
        if key in self._ahead:
            return self._ahead.pop(key)
        if part.owner:
            recorded = self._stack.record(part.owner) and self._stack.record(*key)
            if not recorded or part.owner in self._absent:
                return ABSENT
        sighting = acts.look_for_known(part, self._stack)
        if sighting.standing is Standing.ABSENT:
            self._absent.add(part.kind)
        return sighting

    def key(self, part: Part) -> Key:
        """The kind and name by which the part is known here."""
        return part.kind, part.name(self._stack)

    def named(self, part: Part) -> str:
        """The same in words."""
        return " ".join(self.key(part))

    def look_ahead(self, parts: dict[Key, Part]) -> dict[Key, Sighting]:
        """Look for all of them, several at a time."""
        seen: dict[Key, Sighting] = {}

        def look(key: Key) -> None:
            seen[key] = acts.look(parts[key], self._stack)

        look_around(parts, look, self._stack.run)
        return seen

    def keep(self, part: Part, sighting: Sighting) -> None:
        """Have it ready for when the part is asked for."""
        self._ahead[self.key(part)] = sighting

    def made(self, part: Part) -> None:
        """It is there now, so what belongs to it has to be looked for."""
        self._absent.discard(part.kind)
