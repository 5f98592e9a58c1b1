"""Try it: one real request at this point of the tutorial, how far it came, and why no further."""

from dataclasses import dataclass

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.practice.drills.drill import echo_event, list_event
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.request import as_text, request_event
from lambda_over_https.tutorial.ways import TOO_MANY, Reply, sent, way

HOPS = ("client", "API Gateway", "Lambda", "DynamoDB")
REFUSED = (
    "Lambda does not let API Gateway call the function: that is what step 3.6 grants. So the function did"
    " not run."
)
FAILED = (
    "API Gateway could not call the function, or not read its answer, although step 3.6 is done:"
    " `loh doctor` says why."
)
DIRECT = ("you, with AWS keys", "Lambda", "DynamoDB")
INSIDE = (
    "The request went directly to Lambda, signed with AWS keys, because {}. From step 3.5 on, t sends"
    " it over HTTPS, as any client would."
)
NO_API, NO_STAGE = "there is no API yet", "the API has no stage yet, and so no URL"


@dataclass(frozen=True, slots=True)
class Tried:
    """What was sent, what came back, the stations on the way, how many it reached, and why it stopped."""

    request: str
    reply: Reply
    hops: tuple[str, ...]
    reached: int
    why: str


def can_try(stack: Stack) -> bool:
    """Whether there is a function to ask, directly or over HTTPS."""
    return _made(stack, Kind.FUNCTION)


def try_it(stack: Stack) -> Tried:
    """Send one request: over HTTPS if the API is deployed, else directly to Lambda."""
    stored = _made(stack, Kind.TABLE)
    event = list_event(stack) if stored else echo_event(stack)
    via, hops = ("https", HOPS) if _made(stack, Kind.STAGE) else ("invoke", DIRECT)
    with way(stack, via) as chosen:
        reply = chosen.send(event)
    request = f"POST {stack.invoke_url}" if via == "https" else f"invoke {stack.names.function}"
    stations = tuple(hops if stored else hops[:-1])
    reached, why = _how_far(reply, stations, granted=_made(stack, Kind.PERMISSION))
    if via == "invoke":
        why = f"{why} {INSIDE.format(NO_STAGE if _made(stack, Kind.REST_API) else NO_API)}"
    return Tried(f"{request}  {event}", reply, stations, reached, why)


def _made(stack: Stack, kind: Kind) -> bool:
    record = stack.record(kind)
    return record is not None and record.state is not RecordState.INTENDED


def _how_far(reply: Reply, hops: tuple[str, ...], *, granted: bool) -> tuple[int, str]:
    """How many stations the request reached, and what the answer says of the one where it stopped."""
    at_lambda = hops.index("Lambda") + 1
    if reply.ok:
        return len(hops), f"{hops[-1]} has answered."
    if reply.status in (403, 429):
        return at_lambda - 1, f"API Gateway answers by itself: {_refusal(reply)}."
    if "Internal server error" in reply.body:
        return at_lambda - 1, FAILED if granted else REFUSED
    return at_lambda, "The function ran and failed: its log says why (`loh logs`)."


def _refusal(reply: Reply) -> str:
    """Why API Gateway refuses a request: many refusals are 403, and only some have their own message."""
    if reply.status == TOO_MANY:
        return "a limit is reached"
    if "Missing Authentication Token" in reply.body:
        return "no such path or method is deployed"
    if "is not authorized to perform" in reply.body:
        return "the API's resource policy refuses this caller"
    return "no such stage, no valid API key, or the firewall blocks it"


def try_a_mistake(stack: Stack) -> tuple[str, Reply]:
    """Send over HTTPS what a client may send by mistake, an item without its key; event and answer."""
    event = as_text(request_event("create", stack.names.table, {"Item": {"name": "Bob"}}))
    with way(stack, "https") as chosen:
        return event, sent(stack, chosen, event)
