"""A step done by hand, as pages: what to make, the facts, how it looks now, hints."""

import textwrap
from collections.abc import Iterator, Sequence

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.practice.by_hand import hints
from lambda_over_https.practice.by_hand.facts import Exact, Fact
from lambda_over_https.practice.by_hand.judged import Field, Judged
from lambda_over_https.show.canvas.page import Line, Page, Whole, marks, prose, prose_width
from lambda_over_https.show.code import call_lines

INDENT = "       "
NARROW = 70
"""Columns below which a fact's value stands below its label."""


def task_lines(judged: Sequence[Judged], facts: Sequence[Fact], page: Page) -> Iterator[Line]:
    """What to make, and what one needs to know for it."""
    yield [("Make it yourself:", "bold")]
    for kind in dict.fromkeys(each.part.kind for each in judged):
        names = ", ".join(each.name for each in judged if each.part.kind == kind)
        yield from _hanging(f"  {marks(page).missing} {kind}  ", names, page)
    yield []
    width = max(len(label) for label, _ in facts)
    for label, value in facts:
        words = [value] if isinstance(value, Exact) else value.split()
        longest = max(map(len, words), default=0)
        if page.width < NARROW or width + 4 + longest > prose_width(page):
            yield [(f"  {label}", "dim")]
            yield from _value("    ", value, page)
        else:
            yield from _value(f"  {label:<{width}}  ", value, page)
    yield []


def places_to_type(elsewhere: str, terminal: str, missing: str, page: Page) -> Iterator[Line]:
    """Where the learner may type the calls: at the prompt here, or in another terminal.

    ``terminal`` is the command that prepares another one; ``missing`` is why the prompt here cannot be used.
    """
    here = missing or "Press a to type aws commands here."
    yield from prose(f"{here} {elsewhere}", prose_width(page))
    if terminal:
        yield [(f"  {terminal}", "bold")]
    yield []


def _value(label: str, value: str, page: Page) -> Iterator[Line]:
    """A value beside its label; one to be copied that is too wide stands alone, for the terminal to wrap."""
    if not isinstance(value, Exact):
        yield from _hanging(label, value, page)
    elif len(label) + len(value) > page.width:
        yield Whole([(value, "")])
    else:
        yield [(label, "dim"), (value, "")]


def _hanging(label: str, text: str, page: Page) -> Iterator[Line]:
    """A label and a text beside it, wrapped between words: a name or an ARN stays whole."""
    room = max(20, prose_width(page) - len(label))
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    for place, line in enumerate(lines):
        yield [(label if place == 0 else " " * len(label), "dim"), (line, "")]


def state_lines(judged: Sequence[Judged], page: Page) -> Iterator[Line]:
    """How each resource looks now: missing, right, or wrong field by field, and why that matters."""
    for each in judged:
        sign, style, said = _state(each, page)
        what = f"{each.part.kind} {each.name}: {said}"
        yield [(f"  {sign} ", style), (what, "dim" if style == "dim" else "")]
        for field in each.under_way:
            yield from _indented(f"{field.name}: {field.seen}. {field.why}", page)
        for field in each.differs:
            yield from _field_lines(field, page)
        if each.near and not each.there:
            named = f"There is one named {each.near}: the name must be {each.name}, letter by letter."
            yield from _indented(named, page)


def _state(judged: Judged, page: Page) -> tuple[str, str, str]:
    """The sign of a resource, its style, and how the resource is, in words."""
    signs, wrong = marks(page), ("!", "bold red")
    if judged.right:
        return signs.there, "green", "right"
    if judged.under_way:
        return signs.wait, "cyan", "nearly ready"
    if judged.wrong:
        return *wrong, "not yet as it should be"
    if judged.there:
        return signs.missing, "cyan", "it is there; still to do:"
    return (*wrong, "not there") if judged.near else (signs.missing, "dim", "not there yet")


def _field_lines(field: Field, page: Page) -> Iterator[Line]:
    yield from _indented(f"{field.name}: {field.seen} (should be: {field.wanted})", page, "bold")
    if field.why:
        yield from _indented(field.why, page)


def _indented(text: str, page: Page, style: str = "") -> Iterator[Line]:
    for line in prose(text, prose_width(page) - len(INDENT)):
        yield [(INDENT, ""), *((part, style) for part, _ in line)]


def hint_lines(stage: int, judged: Judged, calls: Sequence[Call], page: Page) -> Iterator[Line]:
    """A hint for one resource: which operation, which parameters, or the whole call."""
    yield [(f"Hint {stage} of {hints.STAGES}", "bold cyan"), (f"  {judged.part.kind} {judged.name}", "")]
    if judged.there:
        yield from prose(hints.way_back(judged, calls), prose_width(page))
    if stage < hints.STAGES:
        told = hints.operations(calls) if stage == 1 else hints.parameters(calls)
        for line in told:
            yield from prose(line, prose_width(page))
        yield []
        return
    yield from call_lines(calls, page)
