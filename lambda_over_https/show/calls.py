"""The recorded calls, as a table or as code."""

from collections.abc import Sequence

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.show.canvas.page import plain
from lambda_over_https.show.canvas.screen import Screen
from lambda_over_https.show.code import code_lines
from lambda_over_https.transcript.answers import news, subject
from lambda_over_https.transcript.aws_cli import aws_command
from lambda_over_https.transcript.python import python_call

SHORT = 32
"""The longest value of an answer that a table shows: ids and states fit, ARNs do not."""


BY_HAND = "by hand"
"""In the place of a call's seconds: the learner made it, outside the program."""


def print_calls_as(calls: Sequence[Call], form: str) -> None:
    """Show the calls as ``table``, ``boto3`` or ``aws-cli``."""
    if form == "table":
        _print_table(calls)
        return
    screen = Screen()
    render, language = (python_call, "python") if form == "boto3" else (aws_command, "bash")
    for call in calls:
        screen.print((f"# {call.whose or '-'}  {call.at[11:19]}  {call.error or 'ok'}", "dim"))
        screen.write(code_lines(render(call), language, screen))
        screen.print()


def _print_table(calls: Sequence[Call]) -> None:
    rows = [
        [
            *plain(call.at[11:19], call.whose, f"{call.service} {call.operation}"),
            *plain(BY_HAND if call.by_hand else f"{call.seconds:.2f}", str(call.attempts), subject(call)),
            (call.error, "bold red") if call.error else (_short_news(call), ""),
        ]
        for call in calls
    ]
    Screen().table(rows, ("time", "step", "call", "seconds", "tries", "about", "answer"), gap=1)


def _short_news(call: Call) -> str:
    return "  ".join(value for value in news(call).values() if len(value) <= SHORT)
