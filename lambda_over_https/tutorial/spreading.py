"""A new deployment of the API reaches clients some seconds after it is made: wait for it."""

from collections.abc import Callable, Mapping

from lambda_over_https.aws.http import Answer
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.tutorial.checks import SETTLE, is_held_back
from lambda_over_https.tutorial.ways import ask, backing_off


def wait_until_served(
    stack: Stack, verb: str, headers: Mapping[str, str], shows: Callable[[Answer], bool]
) -> None:
    """Send a request until its answer ``shows`` that clients get the API as it was deployed last.

    No call of AWS tells when that is so. What a firewall of the deployment's own answers shows nothing
    either way, and ends the waiting. Raises LohError if it takes longer than AWS needs.
    """

    def seen(answer: Answer) -> bool:
        return shows(answer) or is_held_back(stack, answer.status, answer.body.decode(errors="replace"))

    answer = stack.run.repeat_until(
        lambda: backing_off(stack, lambda: ask(stack, verb, "", headers, "")),
        seen,
        "API Gateway is spreading the new deployment",
        SETTLE,
    )
    if not seen(answer):
        raise LohError(
            f"After {SETTLE} seconds clients still get the API as it was before: {verb} answers "
            f"{answer.status}.",
            "`loh doctor` looks for the cause; `loh run` tries again.",
        )
