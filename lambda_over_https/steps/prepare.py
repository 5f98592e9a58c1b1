"""Step 1: know who and where we are, before anything is changed."""

from lambda_over_https.events import Note
from lambda_over_https.settings import SANDBOX
from lambda_over_https.stack import Stack
from lambda_over_https.steps.step import Step


def prepare(stack: Stack) -> None:
    """Say the identity and the region; fetch what the sandbox needs to run the chosen runtime.

    That no foreign thing stands in the way was checked by the engine, with the same looks as every step.
    """
    place, caller = stack.place, stack.cloud.sts.get_caller_identity()["Arn"]
    stack.pauses.emit(Note("1", f"{caller} in {place.region} ({place.target})"))
    if place.target == SANDBOX and stack.choices.runtime == "nodejs":
        from lambda_over_https.sandbox import nodejs

        nodejs.ensure_node()
        nodejs.ensure_sdk(stack.cache, lambda text: stack.pauses.emit(Note("1", text)))


STEP = Step(
    number="1",
    name="prepare",
    title="Prepare",
    why=(
        "Every ARN holds an account and a region, so we ask AWS who we are first. That also tells wrong "
        "or expired credentials from everything else, and nothing has been changed yet."
    ),
    costs="Nothing.",
    act=prepare,
)
