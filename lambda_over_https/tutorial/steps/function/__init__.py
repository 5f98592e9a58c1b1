"""Step 2.3: the function and its log group; then it is tried by hand."""

from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.events import Note
from lambda_over_https.tutorial.checks import ECHO
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.own_handler import check_start, what_is_left_out, what_is_wrong
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.request import as_text
from lambda_over_https.tutorial.steps.function.function import FUNCTION
from lambda_over_https.tutorial.steps.function.log_group import LOG_GROUP
from lambda_over_https.tutorial.ways import Reply


def try_by_hand(stack: Stack) -> None:
    """One synchronous echo, as the tutorial does with ``aws lambda invoke``.

    Raises LohError if it fails. A handler of the user's own needs only be there to be called.
    """
    answer: Any = stack.cloud.lambda_.invoke(
        FunctionName=stack.names.function, Payload=as_text(ECHO.event(stack.names.table, "")).encode()
    )
    body = answer["Payload"].read().decode(errors="replace")
    reply = Reply(answer["StatusCode"], body, 0.0, "FunctionError" in answer)
    check_start(reply)
    if ECHO.accepts(reply, ""):
        stack.run.emit(Note("2.3", f"echo answered {reply.body}"))
    elif stack.choices.source:
        stack.run.emit(Note("2.3", what_is_left_out(reply)))
    else:
        raise LohError(what_is_wrong(reply), "Fix its source; `loh logs` shows what it printed.")


STEP = Step(
    lesson("2.3"),
    needs=("2.1", "2.2"),
    parts=lambda _: (LOG_GROUP, FUNCTION),
    act=try_by_hand,
    rehearse=(try_by_hand,),
)
