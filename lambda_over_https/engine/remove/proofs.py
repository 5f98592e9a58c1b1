"""Whether resources are ours: how those that prove it are found, each asked for once."""

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.parts import Key, Parts, key_of
from lambda_over_https.names import TAG_DEPLOYMENT
from lambda_over_https.tutorial.parts.part import IDENTITY, Part, Sighting, Standing


class Proofs:
    """How the resources are found that prove, by their tags, what is ours."""

    def __init__(self, parts: Parts, stack: Stack) -> None:
        self._parts = parts
        self._stack = stack
        self._looks: dict[Key, Sighting] = {}

    def key_for(self, record: Record) -> Key:
        """The resource that proves whether ``record`` is ours."""
        part = self._parts.of(record)
        return self._parts.prover_key(part) if part and not part.adopted else key_of(record)

    def of(self, part: Part) -> Sighting:
        """How the resource is found that proves whether the part's is ours."""
        key = self._parts.prover_key(part)
        if key not in self._looks:
            self._looks[key] = acts.look_for_known(self._parts.prover(part), self._stack)
        return self._looks[key]

    def is_missing(self, part: Part) -> bool:
        """Whether what proves ownership has the recorded id and not our tag: only a user can decide."""
        proof, known = self.of(part), self._stack.journal.find(*self._parts.prover_key(part))
        if proof.standing is not Standing.FOREIGN or TAG_DEPLOYMENT in proof.tags or known is None:
            return False
        identity = known.detail.get(IDENTITY), proof.detail.get(IDENTITY)
        return proof.id == known.id and (identity[0] == identity[1] or None in identity)
