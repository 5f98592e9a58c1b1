"""Look once more for what a teardown has removed: what came back, or was there twice, is removed or named.

A create whose answer was lost may have been repeated; something may carry our tag that no journal knows.
A look that AWS refuses is reported. A look whose answer was lost proves nothing: it is ``left``, and to be
repeated.
"""

from collections.abc import Callable, Iterable
from functools import partial

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.begun import TAKES_IT_UP, Begun
from lambda_over_https.engine.remove.removal import CLEANING_UP, Cause, RemovalLog, tolerating
from lambda_over_https.errors import LohError, UncertainError
from lambda_over_https.events import Note
from lambda_over_https.states import Fate, RecordState
from lambda_over_https.tutorial.parts.part import Part, Sighting, Standing

SAME_KIND = 10
"""How many resources of one kind that carry our tag are removed, one after the other."""


class SecondLook:
    """Looks at AWS, not at the journal; what it finds goes into ``log``."""

    def __init__(self, stack: Stack, log: RemovalLog, *, force: bool) -> None:
        self._stack = stack
        self._log = log
        self._force = force
        self._begun = Begun(stack)

    def remove_again(self, part: Part, record: Record) -> None:
        """Remove what carries our tag and is of the kind of ``record``, until there is none."""
        with tolerating(partial(self._log.failed, record)):
            for _ in range(SAME_KIND):
                seen = acts.look(part, self._stack)
                if not seen.standing.is_ours:
                    return
                found = seen.identify(record)
                if acts.remove(part, self._stack, found, force=self._force):
                    self._log.note(Fate.DELETED, found)  # if not, AWS showed for a while what was gone

    def name_unknown(self, part: Part) -> None:
        """A kind that the journal does not know: what is there of our name is named, not removed."""
        unseen = _unrecorded(part.kind, part.name(self._stack))
        with tolerating(self._failing(f"look for any {part.kind}", unseen)):
            seen = acts.look(part, self._stack)
            if seen.standing.is_ours:
                record = seen.identify(unseen)
                reason = "it carries our tag but is not in the journal; `loh recover` adds it"
                self._log.left(record, reason, Cause.STRAY)
            elif seen.standing is Standing.FOREIGN and not part.adopted:
                self._name_foreign(part, seen, seen.identify(unseen))

    def _name_foreign(self, part: Part, seen: Sighting, record: Record) -> None:
        step = self._begun.step_of(part, seen)
        if step:
            reason = f"you made it by hand in step {step}, and it is no part of the deployment yet."
            self._log.left(record, f"{reason} {TAKES_IT_UP}; or remove it yourself", Cause.UNDECIDED)
        else:
            self._log.note(Fate.KEPT, record, "it does not carry our tag: it is not ours")

    def name_orphans(self, part: Part) -> None:
        """Name what somebody hung on a resource that is gone: only its owner knows whether it may go."""
        owner = _unrecorded(part.kind, part.name(self._stack))
        with tolerating(self._failing(f"ask what outlives the {part.kind}", owner)):
            for orphan in acts.orphans(part, self._stack):
                record = _unrecorded(orphan.kind, orphan.name, orphan.name)
                self._log.left(record, f"it outlives the {part.kind}. Delete it: {orphan.command}")

    def name_strays(self, strays: Callable[[], Iterable[str]]) -> None:
        """Name whatever else carries our tag."""
        unseen = _unrecorded("unknown", "anything with our tag")
        with tolerating(self._failing("ask the tagging service what else carries our tag", unseen)):
            with explained():
                found = list(strays())
            for arn in found:
                self._log.left(_unrecorded("unknown", arn, arn), "it carries our tag", Cause.STRAY)

    def _failing(self, attempt: str, unseen: Record) -> Callable[[LohError], None]:
        """Says that what was attempted could not be done, and why."""

        def report(error: LohError) -> None:
            if isinstance(error, UncertainError):
                reason = f"could not {attempt}: {error.message} Run `loh teardown` again"
                self._log.left(unseen, reason)
            else:
                self._stack.run.emit(Note(CLEANING_UP, f"Could not {attempt}: {error.message}"))

        return report


def _unrecorded(kind: str, name: str, id_: str = "") -> Record:
    """What is named though no journal has it: of no step."""
    return Record(kind, name, "", RecordState.MADE, id_)
