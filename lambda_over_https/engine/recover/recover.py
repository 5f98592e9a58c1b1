"""Rebuild a lost or damaged journal from what AWS holds (see ``rebuilding``).

The old journal, whatever is wrong with it, is kept as a backup.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.journal import LARGEST, Journal
from lambda_over_https.deployment.journal.places import kept_aside, set_aside
from lambda_over_https.deployment.journal.state import State
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.recover.rebuilding import Candidate, Carrier, Recoverer, several
from lambda_over_https.files import read_regular
from lambda_over_https.tutorial.parts.step import Step


@dataclass(frozen=True, slots=True)
class Recovery:
    """What ``recover`` did: the rebuilt state, everything found, and where the old journal is kept.

    ``own_source``: the function's code is not ours. AWS keeps no trace of the file that it came from, so the
    next ``run`` needs ``--source`` again. ``skipped``: the kinds of chapters' resources that we may not look
    for. ``begun``: some of what is not ours a learner has begun by hand.
    """

    state: State
    found: Sequence[Candidate]
    backup: Path | None
    own_source: bool = False
    skipped: Sequence[str] = ()
    begun: bool = False


def recover(
    stack: Stack,
    steps: Sequence[Step],
    wanted: str | None,
    course: Callable[[Stack], Sequence[Step]] | None = None,
) -> Recovery:
    """Rebuild the journal of ``stack``; the caller holds its lock.

    ``steps`` are all that there may have been; ``course`` gives those of a stack whose chapters are known
    (the same, if there is none). ``wanted`` is the deployment's id where several are found (else UsageError
    names them).
    """
    path = stack.journal.path
    identity = wanted or _chosen_id(_id_in(path), Recoverer(steps, stack).ids())
    scratch = replace(stack, journal=_scratch(stack, identity), choices=Choices())
    skipped: tuple[str, ...] = ()
    others: Sequence[Candidate] = ()
    if course:
        seeker = Recoverer(steps, scratch)
        on, others = seeker.chapters()
        choices, skipped = Choices(chapters=tuple(on)), tuple(seeker.skipped)
        scratch = replace(stack, journal=_scratch(stack, identity), choices=choices)
    recoverer = Recoverer(course(scratch) if course else steps, scratch, decided=course is not None)
    own_source = recoverer.rebuild()
    state = scratch.journal.state
    keep = kept_aside if state.records else set_aside
    waits = recoverer.begun and not state.records  # for the learner's answer: the logbook is of its journal
    backup = keep(path) if path.exists() and not waits else None
    if state.records:
        stack.journal.saying(state).save()
    return Recovery(state, [*recoverer.found, *others], backup, own_source, skipped, recoverer.begun)


def _scratch(stack: Stack, identity: str) -> Journal:
    """A journal in memory: nothing is written before all has been found."""
    deployment = replace(stack.journal.deployment, id=identity or stack.journal.deployment.id)
    return Journal(stack.journal.path, State(deployment), lambda *_: None)


def _id_in(path: Path) -> str:
    """The deployment's id in what is left of a damaged journal."""
    try:
        text = read_regular(path, LARGEST).decode(errors="replace")
    except OSError:
        return ""
    match = re.search(r'"id":\s*"([a-z0-9_-]+-[0-9a-f]{16})"', text)
    return match[1] if match else ""


def _chosen_id(noted: str, carried: Mapping[str, Sequence[Carrier]]) -> str:
    """The id in the old journal if anything carries it, else the only one that is carried at all."""
    if noted in carried or not carried:
        return noted
    if len(carried) > 1:
        raise several(carried, "Say which with --id.")
    return next(iter(carried))
