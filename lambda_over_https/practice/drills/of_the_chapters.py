"""The drills of the chapters: each needs its chapter on, and breaks what that has made."""

import json
import secrets
from collections.abc import Iterator
from itertools import count

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, STAGE, TABLE_KEY
from lambda_over_https.practice.drills.drill import Drill, Seen, echo_event, post
from lambda_over_https.practice.runs import GRAIN, PERIOD, Clock, can_fire
from lambda_over_https.tutorial.chapters.cors import ALLOW_ORIGIN
from lambda_over_https.tutorial.chapters.protect.policy import POLICY
from lambda_over_https.tutorial.chapters.schedule.group import SCHEDULE_NAME
from lambda_over_https.tutorial.chapters.schedule.schedule import definition
from lambda_over_https.tutorial.checks import SETTLE
from lambda_over_https.tutorial.parts.reading import stage_settings_path
from lambda_over_https.tutorial.request import as_text, request_event
from lambda_over_https.tutorial.ways import PLAIN_TEXT, Invoke

SILENCE = 3.0
"""Seconds without a run that show, in the sandbox, that there is none."""

MOST_RUNS = 4
"""Runs that a change may take to spread."""

NO_RUN = "no run"


def _brake(stack: Stack) -> Iterator[Seen]:
    path = f"{stage_settings_path(METHOD)}/throttling/rateLimit"
    stack.cloud.apigateway.update_stage(
        restApiId=stack.id_of(Kind.REST_API),
        stageName=STAGE,
        patchOperations=[{"op": "replace", "path": path, "value": "0"}],
    )
    yield post(stack, echo_event(stack), lambda seen: seen.status == 429)


def _hidden(stack: Stack) -> Iterator[Seen]:
    apigateway, api_id = stack.cloud.apigateway, stack.id_of(Kind.REST_API)
    apigateway.delete_gateway_response(restApiId=api_id, responseType="DEFAULT_4XX")
    apigateway.create_deployment(restApiId=api_id, stageName=STAGE)
    sent = {"Content-Type": PLAIN_TEXT}
    yield post(stack, echo_event(stack), _is_hidden, path="s", header=ALLOW_ORIGIN, sent=sent)


def _is_hidden(seen: Seen) -> bool:
    return seen.status == 403 and f"{ALLOW_ORIGIN}: missing" in seen.body


def _unlinked(stack: Stack) -> Iterator[Seen]:
    key = stack.id_of(Kind.API_KEY, stack.names.api_keys[1])
    stack.cloud.apigateway.delete_usage_plan_key(usagePlanId=stack.id_of(Kind.USAGE_PLAN), keyId=key)
    yield post(stack, echo_event(stack), lambda seen: seen.status == 403)


def _silent(stack: Stack) -> Iterator[Seen]:
    """Without the permission nothing runs: of a missing run only time can tell."""
    iam, names = stack.cloud.iam, stack.names
    if stack.choices.role_arn:
        raise LohError(
            "This deployment uses a role of yours (--role-arn), so its policy is not ours to change.",
            "Try another drill.",
        )
    iam.delete_role_policy(RoleName=names.schedule_role, PolicyName=names.schedule_policy)
    clock = Clock(stack, fast=can_fire(stack))
    silence = SILENCE if can_fire(stack) else PERIOD + GRAIN
    run = clock.next(silence)
    while run is not None and clock.runs < MOST_RUNS:
        run = clock.next(silence)
    found = stack.cloud.scheduler.get_schedule(GroupName=names.schedule_group, Name=SCHEDULE_NAME)
    yield Seen("GetSchedule", 200, f"State: {found['State']}")
    yield Seen(f"the function's log, {silence:.0f} s later", 0, NO_RUN if run is None else "it ran")


def _eventless(stack: Stack) -> Iterator[Seen]:
    what = definition(stack)
    without = {name: value for name, value in what["Target"].items() if name != "Input"}
    stack.cloud.scheduler.update_schedule(
        GroupName=stack.names.schedule_group, Name=SCHEDULE_NAME, **{**what, "Target": without}
    )
    clock = Clock(stack, fast=can_fire(stack))
    run = clock.next()
    while run is not None and not run.failed and clock.runs < MOST_RUNS:
        run = clock.next()
    yield Seen(f"{SCHEDULE_NAME}, without Input", 202, "", run.log if run else ())


def _swallowed(stack: Stack) -> Iterator[Seen]:
    """POST is cached: the second answer is the first one's, whatever the second request asked for."""
    path, table = f"{stage_settings_path(METHOD)}/caching/enabled", stack.names.table
    stack.cloud.apigateway.update_stage(
        restApiId=stack.id_of(Kind.REST_API),
        stageName=STAGE,
        patchOperations=[{"op": "replace", "path": path, "value": "true"}],
    )
    numbers = count()

    def echo() -> str:
        return as_text(request_event("echo", table, {"number": next(numbers)}))

    first = post(stack, echo())
    yield stack.run.repeat_until(
        lambda: post(stack, echo()),
        lambda seen: seen.body == first.body,
        "AWS is spreading the change",
        SETTLE,
    )
    item = {TABLE_KEY: f"cache-{secrets.token_hex(4)}"}
    yield post(stack, as_text(request_event("create", table, {"Item": item})))
    reply = Invoke(stack).send(as_text(request_event("read", table, {"Key": item})))
    yield Seen("Invoke: read the new item", reply.status, reply.body)


def _closed(stack: Stack) -> Iterator[Seen]:
    """A policy that only denies: what it does not allow is refused, too."""
    apigateway, api_id = stack.cloud.apigateway, stack.id_of(Kind.REST_API)
    denials = [each for each in POLICY["Statement"] if each["Effect"] == "Deny"]
    only_denying = json.dumps({**POLICY, "Statement": denials})
    apigateway.update_rest_api(
        restApiId=api_id, patchOperations=[{"op": "replace", "path": "/policy", "value": only_denying}]
    )
    apigateway.create_deployment(restApiId=api_id, stageName=STAGE)
    yield post(stack, echo_event(stack), lambda seen: seen.status == 403)


CHAPTER_DRILLS = (
    Drill(
        name="closed",
        title="A policy that only denies",
        story="We take the statement with Allow out of the resource policy. It still denies addresses that "
        "nobody has. Then we deploy.",
        question="What does a client get from any other address?",
        choices=("200: nothing denies it", "403 Forbidden", "403: it is not authorized"),
        right=2,
        why="As soon as an API has a resource policy, what that does not allow is refused. The message names "
        "who may not do what, with most of the account's number hidden, and says nothing of an explicit "
        "deny: that is how you tell a missing Allow from a Deny.",
        repair="Put the statement back and deploy (the chapter protect).",
        play=_closed,
        foretold=lambda seen: (
            seen[0].status == 403
            and "is not authorized to perform: execute-api:Invoke" in seen[0].body
            and "explicit deny" not in seen[0].body
        ),
        chapter="protect",
    ),
    Drill(
        name="swallowed",
        title="A cache for POST",
        story="We let POST use the cache, echo a number, and then another one. Then we create an item.",
        question="What becomes of the new item?",
        choices=("it is created, and so is its entry", "it is not created, and the answer is 200", "403"),
        right=1,
        why="The body is never part of the cache key, so to the cache every POST is the same request: it "
        "gives them all the first one's answer, and the function does not run. The client sees 200 and takes "
        "the item for stored. If a POST that only reads must be cached, put a field of the body into a "
        "header of the integration and name that as the key; what writes must never be cached.",
        repair="Take POST out of the cache (the chapter cache).",
        play=_swallowed,
        foretold=lambda seen: (
            [each.status for each in seen] == [200, 200, 200]
            and seen[1].body == seen[0].body
            and "number" in seen[0].body
            and seen[2].body == "{}"
        ),
        chapter="cache",
    ),
    Drill(
        name="silent",
        title="A schedule that may not call the function",
        story="We delete the policy of the schedule's role. Then the minute comes.",
        question="Who says that something is wrong?",
        choices=("the schedule: its state is an error", "the function's log", "nobody"),
        right=2,
        why="Scheduler still assumes its role, Lambda refuses the call, and that is all: the schedule is "
        "ENABLED, and the log has no line, because the function did not run. Only a dead-letter queue, or an "
        "alarm on Scheduler's metric TargetErrorCount, would say so. When a schedule seems to do nothing, "
        "check what its role may do.",
        repair="Give the role its policy back (the chapter schedule).",
        play=_silent,
        foretold=lambda seen: "ENABLED" in seen[0].body and seen[1].body == NO_RUN,
        chapter="schedule",
    ),
    Drill(
        name="eventless",
        title="A schedule without an Input",
        story="We take the Input out of the schedule. Then the minute comes.",
        question="What does the function do with the event that it gets?",
        choices=("it answers pong", "it fails; the error is in its log alone", "it is not called"),
        right=1,
        why="Without an Input the event is Scheduler's own: source, time, resources, and no operation. The "
        "handler raises an error, as for any event that it cannot read, but there is no client to see it. "
        "Lambda tries twice more, after 1 and 2 minutes, with the same event. Then the event is lost, unless "
        "the function has a destination for failures or a dead-letter queue.",
        repair="Give the schedule its Input back (the chapter schedule).",
        play=_eventless,
        foretold=lambda seen: any("Unrecognized operation" in line for line in seen[0].log),
        chapter="schedule",
    ),
    Drill(
        name="unlinked",
        title="A key without a plan",
        story="We take a key out of the usage plan. It exists and is enabled, and a client sends it.",
        question="What does the client get?",
        choices=("200, without a limit", "401 Unauthorized", "403 Forbidden"),
        right=2,
        why="A key opens nothing by itself. It must be in a usage plan, and the plan must cover the stage. "
        "Otherwise the answer is 403 Forbidden, the same as without a key, and nothing says which of the "
        "three is missing: the key, its place in a plan, or the plan's stage.",
        repair="Put the key into the plan again (the chapter keys).",
        play=_unlinked,
        foretold=lambda seen: seen[0].status == 403 and "Forbidden" in seen[0].body,
        chapter="keys",
    ),
    Drill(
        name="hidden",
        title="An error that the browser hides",
        story="We delete the gateway response DEFAULT_4XX and deploy. Then a page sends plain text, which "
        "needs no preflight, to a wrong path.",
        question="What does the page's script see?",
        choices=("403 Missing Authentication Token", "a network error without a status", "404 Not Found"),
        right=1,
        why="API Gateway answers 403 by itself, and now without Access-Control-Allow-Origin. So the browser "
        "keeps status and message from the page and reports a CORS error. The same happens to 429, and to "
        "403 without an API key. When only errors look like CORS errors, check the gateway responses.",
        repair="Put the gateway response back and deploy (the chapter cors).",
        play=_hidden,
        foretold=lambda seen: _is_hidden(seen[0]),
        chapter="cors",
    ),
    Drill(
        name="brake",
        title="The emergency brake",
        story="We set the stage's rateLimit for POST to 0. We do not deploy.",
        question="What does a caller get?",
        choices=("200, until the next deployment", "429 Too Many Requests", "503 Service Unavailable"),
        right=1,
        why="A stage setting takes effect at once. With a rate of 0 no token ever flows in, so every request "
        "gets 429 and the function does not run. When something goes wrong, this stops the calls, and the "
        "costs, within seconds; the API and its URL stay as they are.",
        repair="Set the limit back (the chapter throttle).",
        play=_brake,
        foretold=lambda seen: seen[0].status == 429 and "Too Many Requests" in seen[0].body,
        chapter="throttle",
    ),
)
