"""What the engine does with a part: look, make, remove; what AWS raises comes out as an error of ours."""

from collections.abc import Callable

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.events import for_chapter
from lambda_over_https.tutorial.parts.part import (
    Evidence,
    Listing,
    Namesake,
    Orphan,
    Part,
    Product,
    Sighting,
    Standing,
)

SHOWS = 10.0
"""Seconds after which what was made shows wherever one looks. IAM, for one, is eventually consistent (IAM
user guide, "Changes that I make are not always immediately visible")."""


def look(part: Part, stack: Stack) -> Sighting:
    """How the part's resource is found."""
    with explained():
        return part.look(stack)


def look_for_known(part: Part, stack: Stack) -> Sighting:
    """How it is found; that what was made a moment ago does not show is no proof that it is gone."""
    known = stack.record(part.kind, part.name(stack))
    return look_for(part, stack, known.left_of(SHOWS) if known else 0.0)


def look_for(part: Part, stack: Stack, seconds: float) -> Sighting:
    """How it is found, in so many seconds if it does not show at once; on this machine all shows at once."""

    def shows(seen: Sighting) -> bool:
        if seen.standing is Standing.ABSENT:
            stack.readings.forget()
        return seen.standing is not Standing.ABSENT

    reason = f"AWS may not show yet that there is a {part.kind}"
    patience = 0.0 if stack.place.on_this_machine else seconds
    return stack.run.repeat_until(lambda: look(part, stack), shows, reason, patience)


def make(part: Part, stack: Stack, seen: Sighting) -> Product:
    """Create or correct it. What was read before may be wrong then, also if the answer was lost."""
    try:
        with for_chapter(part.chapter), explained():
            return part.make(stack, seen)
    finally:
        stack.readings.forget()


def adopt(part: Part, stack: Stack, seen: Sighting) -> Product:
    """Take in what somebody made by hand."""
    try:
        with explained():
            return part.adopt(stack, seen)
    finally:
        stack.readings.forget()


def remove(part: Part, stack: Stack, record: Record, *, force: bool) -> bool:
    """Delete it; False if it was gone already."""
    try:
        with explained():
            return part.remove(stack, record, force=force)
    finally:
        stack.readings.forget()


def listed(listing: Listing, stack: Stack) -> list[str]:
    """What somebody added to a resource, of one kind, in words."""
    with explained():
        return list(listing(stack))


def orphans(part: Part, stack: Stack) -> list[Orphan]:
    """What somebody hung on it that outlives it."""
    with explained():
        return list(part.orphans(stack))


def namesakes(part: Part, stack: Stack) -> list[Namesake]:
    """Every resource of the part's name, with its tags."""
    with explained():
        return list(part.namesakes(stack))


def testify(part: Part, stack: Stack, so_far: Evidence) -> Evidence:
    """The choices that made the resource, as far as it shows them, added to what is known so far."""
    with explained():
        return part.testify(stack, so_far)


def act(what: Callable[[Stack], None], stack: Stack) -> None:
    """What a step does beside making its parts."""
    with explained():
        what(stack)
