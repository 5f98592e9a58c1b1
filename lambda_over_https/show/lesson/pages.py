"""The pages of the walk and of ``explain``: a step, its calls, what AWS answered."""

from collections import Counter
from collections.abc import Iterator, Sequence

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.show.canvas.page import Line, Page, code_width, length, marks, prose, prose_width
from lambda_over_https.show.canvas.screen import Screen
from lambda_over_https.show.code import Code, block_lines, both_ways, call_lines
from lambda_over_https.show.lesson.fitting import Fitted, fitted
from lambda_over_https.transcript.answers import news, subject
from lambda_over_https.tutorial.lessons import EFFORT, GOAL, Lesson

OPERATION = 22
"""Columns for a call's name."""


def first(picture: Sequence[Line], costs: str, page: Page) -> Iterator[Line]:
    """What the tutorial builds, as a picture of what is not there yet, and what it takes."""
    width = prose_width(page)
    yield []
    yield from prose(GOAL, width)
    yield []
    yield from picture
    yield []
    signs = marks(page)
    yield from prose(f"{signs.missing} is not there yet, {signs.there} is. {EFFORT} {costs}", width)


def heading(lesson: Lesson, position: str, page: Page) -> Iterator[Line]:
    """The step's number, its place among all steps, and its title."""
    line = marks(page).line
    yield []
    yield [
        (f"{line * 2} ", "dim"),
        (position, "bold cyan"),
        (f" {line * (prose_width(page) - len(position) - 4)}", "dim"),
    ]
    yield [(lesson.title, "bold")]
    yield []


def why(lesson: Lesson, page: Page, *, more: bool = False) -> Iterator[Line]:
    """Why the step is there and what it costs; with ``more`` everything there is to say."""
    width = prose_width(page)
    yield from prose(lesson.why, width)
    if more:
        yield from prose(lesson.more, width)
    yield from prose(f"Costs on AWS: {lesson.costs}", width, "dim")
    yield []


def fitted_calls(calls: Sequence[Call], lesson: Lesson, page: Page, rows: int | None) -> Fitted:
    """The calls as boto3 and ``aws``: what fits into ``rows``, or all where there is no window."""
    width = code_width(page)
    if rows is None:
        return Fitted(tuple(both_ways(call, width) for call in calls))
    return fitted(calls, _main(calls, lesson), rows, width)


def fitted_lines(shown: Fitted, page: Page) -> Iterator[Line]:
    """The calls that fit, and a line on what the key c adds."""
    for block in shown.blocks:
        yield from block_lines(block, page)
    if shown.is_cut:
        yield from prose(_hint(shown, prose_width(page)), prose_width(page), "dim")
        yield []


def all_calls(calls: Sequence[Call], lesson: Lesson, page: Page) -> Iterator[Line]:
    """All calls of a step, and, if they make something, where the same is shown as code."""
    yield from call_lines(calls, page)
    if not any(call.changes for call in calls):
        return
    width = prose_width(page)
    yield from prose(f"As a SAM template: `loh explain {lesson.number} --as sam`", width, "dim")
    yield from prose(f"For Terraform: `loh explain {lesson.number} --as terraform`", width, "dim")


def _main(calls: Sequence[Call], lesson: Lesson) -> Call | None:
    """The step's main call."""
    named = (call for call in calls if call.operation.lower().endswith(lesson.name))
    return next(named, calls[0] if calls else None)


def _hint(shown: Fitted, width: int) -> str:
    """What the key c adds, on one line: in as many words as fit."""
    names = Counter(shown.others)
    named = [f"{name} ({count} times)" if count > 1 else name for name, count in names.items()]
    count = len(shown.others)
    calls = f"{count} {'more ' if shown.blocks else ''}call{'s' if count > 1 else ''}" if count else ""
    for told in (f"{calls}: {', '.join(named)}" if calls else "", calls):
        said = f"Press c to see {_enumerated([*shown.left_out, *filter(None, [told])])}."
        if len(said) <= width:
            return said
    return "Press c to see all of it."


def _enumerated(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def answer_line(call: Call, page: Page) -> Line:
    """The call, its time, its subject, and what is new in the answer, as far as it fits on the line."""
    facts = {"error": call.error} if call.error else news(call)
    line = [
        (f"     {marks(page).arrow} {call.operation:<{OPERATION}} ", ""),
        (f"{_time(call)}  ", "dim"),
        (subject(call), ""),
    ]
    for key, value in facts.items():
        fact = [(f"  {key} ", "dim"), (value, "bold red" if call.error else "bold")]
        if call.error or length(line) + length(fact) <= page.width:
            line += fact
    return line


def _time(call: Call) -> str:
    if call.by_hand:
        return "by hand"
    if not call.attempts:
        return "answer lost"
    return f"{call.seconds:5.2f} s" + (f", try {call.attempts}" if call.attempts > 1 else "")


def part_lines(parts: Sequence[Code], page: Page) -> Iterator[Line]:
    """A step's parts of a description of the deployment, one for each language."""
    for part in parts:
        if part.text:
            yield from block_lines([part], page)
        else:
            yield from prose(f"{part.label}: nothing. This step makes nothing that stays.", prose_width(page))
            yield []


def print_explanation(
    lesson: Lesson, position: str, calls: Sequence[Call], made: bool, parts: Sequence[Code] = ()
) -> None:
    """Explain one step, with its calls as they were or as they will be, and its parts of a description."""
    screen = Screen()
    screen.write(heading(lesson, position, screen))
    screen.write(why(lesson, screen, more=True))
    if calls:
        screen.print(("The calls as they were made:" if made else "The calls it will make:", "bold"))
        screen.print()
    screen.write(call_lines(calls, screen))
    screen.write(answer_line(call, screen) for call in calls if made and news(call))
    screen.write(part_lines(parts, screen))
