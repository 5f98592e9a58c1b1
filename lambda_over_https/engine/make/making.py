"""Make one resource: the intent on disk, the call, the result on disk; and never a second one."""

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.make.obstacles import Obstacles
from lambda_over_https.engine.make.sights import Sights
from lambda_over_https.errors import AlreadyExistsError, LohError, UncertainError
from lambda_over_https.events import Made, Making, Note
from lambda_over_https.states import Action, RecordState
from lambda_over_https.tutorial.parts.part import Part, Product, Sighting, Standing

MAKE_TRIES = 4


class Maker:
    """Makes parts of one deployment, and writes them down."""

    def __init__(self, stack: Stack, sights: Sights, obstacles: Obstacles) -> None:
        self._stack = stack
        self._journal = stack.journal
        self._emit = stack.run.emit
        self._sights = sights
        self._obstacles = obstacles

    def make(self, part: Part, number: str, seen: Sighting) -> None:
        """Create or correct what was ``seen``, for step ``number``."""
        product, action = self._product(part, number, seen)
        self._sights.made(part)
        self._write_down(part, number, product)
        name = part.name(self._stack)
        self._emit(Made(number, part.kind, name, product.id, product.arn, action))

    def take_in(self, part: Part, number: str, seen: Sighting) -> None:
        """Write down what was seen to be ours, unless the journal knows it so."""
        known = self._stack.record(part.kind, part.name(self._stack))
        if known is None or not known.state.exists or known.id != seen.id:
            self._write_down(part, number, Product(seen.id, seen.arn, seen.detail))

    def _product(self, part: Part, number: str, seen: Sighting) -> tuple[Product, Action]:
        name = part.name(self._stack)
        for tries in range(1, MAKE_TRIES + 1):
            self._stack.run.raise_if_interrupted()
            action = Action.CREATE if seen.standing is Standing.ABSENT else Action.UPDATE
            self._journal.intend(part.kind, name, number)
            self._emit(Making(number, part.kind, name, action, seen.reason))
            try:
                return acts.make(part, self._stack, seen), action
            except (AlreadyExistsError, UncertainError) as error:
                seen = self._look_again(part, number, error, tries)
            if seen.standing is Standing.OURS:
                return Product(seen.id, seen.arn, seen.detail), action
        raise LohError(f"{part.kind} {name} could not be made.", "Run the same command again.", number)

    def _look_again(self, part: Part, number: str, error: LohError, tries: int) -> Sighting:
        """The answer was lost, or it exists: only a look shows whether the call took effect.

        It may have done so just now, however long ago it was intended: a call can wait for its turn.
        """
        seen = acts.look_for(part, self._stack, acts.SHOWS)
        if seen.standing is Standing.FOREIGN:
            self._journal.gone(Record(part.kind, part.name(self._stack), number, RecordState.INTENDED))
            raise self._obstacles.of(part, number, seen) from error
        if seen.standing is Standing.ABSENT:
            if isinstance(error, AlreadyExistsError) or tries == MAKE_TRIES:
                raise error
            self._emit(Note(number, f"{error.message} It took no effect; trying again."))
            self._stack.run.wait(0.2 * 2**tries)
        return seen

    def _write_down(self, part: Part, number: str, product: Product) -> None:
        state = RecordState.ADOPTED if part.adopted else RecordState.MADE
        name = part.name(self._stack)
        self._journal.made(
            Record(part.kind, name, number, state, product.id, product.arn, detail=product.detail)
        )
