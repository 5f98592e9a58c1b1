"""The pages of the walk and of ``explain``: a step, its calls, what AWS answered."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lambda_over_https.calls.answers import news, thing
from lambda_over_https.history import Call
from lambda_over_https.lessons import Lesson
from lambda_over_https.show.code import print_block
from lambda_over_https.show.console import code_width, console, marks, print_prose, prose_width
from lambda_over_https.show.fitting import Fitted, both_ways, fitted

if TYPE_CHECKING:
    from rich.console import Console

OPERATION = 22
"""Columns for a call's name."""


def print_heading(lesson: Lesson, position: str, out: "Console") -> None:
    """The step's number and title across the page, and where we are."""
    from rich.rule import Rule
    from rich.text import Text

    width, sign = prose_width(out), marks(out).line
    out.print()
    out.print(Rule(Text(position, "dim"), characters=sign, style="dim", align="right"), width=width)
    out.print(Text.assemble((f"{lesson.number}  ", "bold cyan"), (lesson.title, "bold")), width=width)
    out.print()


def print_why(lesson: Lesson, out: "Console", *, more: bool = False) -> None:
    """Why the step is there and what it costs; with ``more`` all that there is to say."""
    print_prose(lesson.why, out)
    if more:
        print_prose(lesson.more, out)
    print_prose(f"Costs: {lesson.costs}", out, "dim")
    out.print()


def rows_of_why(lesson: Lesson, out: "Console") -> int:
    """How many lines ``print_why`` takes for a step."""
    width = prose_width(out)
    return 1 + sum(len(textwrap.wrap(text, width)) for text in (lesson.why, f"Costs: {lesson.costs}"))


def print_calls(calls: Sequence[Call], lesson: Lesson, out: "Console", rows: int | None = None) -> None:
    """The calls as code, both ways; with ``rows`` only what fits there, and what the key c would add."""
    width = code_width(out)
    if rows is None:
        shown = Fitted(tuple(both_ways(call, width) for call in calls))
    else:
        shown = fitted(calls, _main(calls, lesson), rows, width)
    for block in shown.blocks:
        print_block(block, out)
    if shown.left_out:
        print_prose(_hint(shown.left_out, prose_width(out)), out, "dim")
        out.print()


def _main(calls: Sequence[Call], lesson: Lesson) -> Call | None:
    """The call that the step is about."""
    named = (call for call in calls if call.operation.lower().endswith(lesson.name))
    return next(named, calls[0] if calls else None)


def _hint(left_out: Sequence[str], width: int) -> str:
    """What the key c shows, on one line."""
    said = "c shows " + " and ".join([", ".join(left_out[:-1]), left_out[-1]] if left_out[1:] else left_out)
    return said if len(said) <= width else "c shows all of it"


def print_answer(call: Call, out: "Console") -> None:
    """The call, its time, what it is about, and of the answer what is new, as far as the line has room."""
    from rich.text import Text

    facts = {"error": call.error} if call.error else news(call)
    again = f", try {call.attempts}" if call.attempts > 1 else ""
    line = Text.assemble(
        f"     {marks(out).arrow} {call.operation:<{OPERATION}} ",
        (f"{call.seconds:5.2f} s{again}  ", "dim"),
        thing(call),
    )
    for key, value in facts.items():
        fact = Text.assemble((f"  {key} ", "dim"), (value, "bold red" if call.error else "bold"))
        if call.error or len(line) + len(fact) <= out.width:
            line.append_text(fact)
    out.print(line, soft_wrap=True)


def print_explanation(lesson: Lesson, position: str, calls: Sequence[Call], made: bool) -> None:
    """One step explained, with its calls as they were or as they will be."""
    out = console()
    print_heading(lesson, position, out)
    print_why(lesson, out, more=True)
    if calls:
        out.print("The calls as they were made:" if made else "The calls it will make:", style="bold")
        out.print()
    print_calls(calls, lesson, out)
    for call in calls if made else ():
        if news(call):
            print_answer(call, out)
