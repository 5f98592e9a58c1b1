"""The pages of the walk and of ``explain``: a step, its calls, what AWS answered."""

import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lambda_over_https.calls.answers import news
from lambda_over_https.calls.aws_cli import aws_command
from lambda_over_https.calls.python import python_call
from lambda_over_https.history import Call
from lambda_over_https.show.code import print_call
from lambda_over_https.show.console import code_width, console, marks, print_prose, prose_width
from lambda_over_https.steps.step import Step

if TYPE_CHECKING:
    from rich.console import Console


def print_heading(step: Step, position: str, out: "Console") -> None:
    """The step's number and title across the page, and where we are."""
    from rich.rule import Rule
    from rich.text import Text

    width, sign = prose_width(out), marks(out).line
    out.print()
    out.print(Rule(Text(position, "dim"), characters=sign, style="dim", align="right"), width=width)
    out.print(Text.assemble((f"{step.number}  ", "bold cyan"), (step.title, "bold")), width=width)
    out.print()


def print_why(step: Step, out: "Console", more: str = "") -> None:
    """Why the step is there and what it costs; ``more`` is what else there is to say."""
    for text in (step.why, more):
        if text:
            print_prose(text, out)
    print_prose(f"Costs: {step.costs}", out, "dim")
    out.print()


def rows_of_why(step: Step, out: "Console") -> int:
    """How many lines ``print_why`` takes for a step."""
    width = prose_width(out)
    return 1 + sum(len(textwrap.wrap(text, width)) for text in (step.why, f"Costs: {step.costs}"))


def print_calls(calls: Sequence[Call], step: Step, out: "Console", rows: int | None = None) -> None:
    """The calls as code; with ``rows`` the main one and what else fits there, the rest by name."""
    shown = calls if rows is None else _fitting(calls, step, rows, code_width(out))
    for call in shown:
        print_call(call, out)
        out.print()
    rest = [call.operation for call in calls]
    for call in shown:
        rest.remove(call.operation)
    if rest:
        print_prose(f"and {_names(rest)} (c shows all)", out, "dim")
        out.print()


def _names(operations: Sequence[str]) -> str:
    counted = Counter(operations)
    return ", ".join(f"{name} {count} times" if count > 1 else name for name, count in counted.items())


def _fitting(calls: Sequence[Call], step: Step, rows: int, width: int) -> list[Call]:
    """The step's main call, abridged if need be, and those of the others that there is room for."""
    main = next((call for call in calls if call.operation.lower().endswith(step.name)), None)
    chosen = [main or call for call in calls[:1]]
    left = rows - sum(_height(call, width) for call in chosen)
    if left < 0:
        return [_abridged(call) for call in chosen]
    for call in calls:
        if call not in chosen and (left := left - _height(call, width)) >= 0:
            chosen.append(call)
    return [call for call in calls if call in chosen]


def _abridged(call: Call) -> Call:
    """The call with tags and description left out, and marked so."""
    aside = ("tags", "description")
    return replace(
        call, parameters={key: ... if key.lower() in aside else each for key, each in call.parameters.items()}
    )


def _height(call: Call, width: int) -> int:
    return 5 + python_call(call, width=width).count("\n") + aws_command(call, width=width).count("\n")


def print_answer(call: Call, out: "Console") -> None:
    """What AWS answered, reduced to what we did not know before."""
    from rich.text import Text

    facts = news(call)
    if call.error:
        facts = {"error": call.error}
    again = f", try {call.attempts}" if call.attempts > 1 else ""
    line = Text(f"     {marks(out).arrow} {call.operation} ", "")
    line.append(f"{call.seconds:.2f} s{again} ", "dim")
    for key, value in facts.items():
        line.append(f" {key} ", "dim")
        line.append(value, "bold")
    if out.is_terminal:
        out.print(line, no_wrap=True, overflow="ellipsis")
    else:
        out.print(line, soft_wrap=True)


def print_explanation(step: Step, position: str, more: str, calls: Sequence[Call], made: bool) -> None:
    """One step explained, with its calls as they were or as they will be."""
    out = console()
    print_heading(step, position, out)
    print_why(step, out, more)
    if calls:
        out.print("The calls as they were made:" if made else "The calls it will make:", style="bold")
        out.print()
    print_calls(calls, step, out)
    for call in calls if made else ():
        if news(call):
            print_answer(call, out)
