"""Step 1: report the identity, the account and the region, before anything is changed."""

from dataclasses import replace

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.events import Note
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.parts.strays import strays


def prepare(stack: Stack) -> None:
    """Report the identity and the region; fetch what the sandbox needs to run the chosen runtime.

    The engine has checked that no foreign resource is in the way, with the same looks as every step.
    """
    place = stack.place
    where = place.target if place.is_sandbox or not place.endpoint_url else place.endpoint_url
    stack.run.emit(Note("1", f"{_caller(stack)} in {place.region} ({where})"))
    if place.is_sandbox and stack.choices.runtime == "nodejs":
        from lambda_over_https.sandbox.client import nodejs

        nodejs.ensure_node()
        nodejs.ensure_sdk(stack.cache, lambda text: stack.run.emit(Note("1", text)))


def _caller(stack: Stack) -> str:
    """Our identity; not asked again where reaching the place has asked for it already."""
    identified = stack.place.identified
    if identified is None:
        return stack.cloud.sts.get_caller_identity()["Arn"]
    stack.run.emit(replace(identified, step="1"))
    return stack.place.caller


def _identify(stack: Stack) -> None:
    stack.cloud.sts.get_caller_identity()


STEP = Step(lesson("1"), act=prepare, rehearse=(_identify,), surveys=True, strays=strays)
