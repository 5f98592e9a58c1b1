"""The drills of the chapters: each needs its chapter on, and breaks what that has made."""

from collections.abc import Iterator

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, STAGE
from lambda_over_https.practice.drill import Drill, Seen, echo_event, post
from lambda_over_https.tutorial.chapters.cors import ALLOW_ORIGIN
from lambda_over_https.tutorial.steps.reading import stage_settings_path


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
    yield post(stack, echo_event(stack), _is_hidden, path="s", header=ALLOW_ORIGIN)


def _is_hidden(seen: Seen) -> bool:
    return seen.status == 403 and f"{ALLOW_ORIGIN}: missing" in seen.body


def _unlinked(stack: Stack) -> Iterator[Seen]:
    key = stack.id_of(Kind.API_KEY, stack.names.api_keys[1])
    stack.cloud.apigateway.delete_usage_plan_key(usagePlanId=stack.id_of(Kind.USAGE_PLAN), keyId=key)
    yield post(stack, echo_event(stack), lambda seen: seen.status == 403)


CHAPTER_DRILLS = (
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
        repair="Put the key into the plan again: the chapter keys.",
        play=_unlinked,
        foretold=lambda seen: seen[0].status == 403 and "Forbidden" in seen[0].body,
        chapter="keys",
    ),
    Drill(
        name="hidden",
        title="An error that the browser hides",
        story="We delete the gateway response DEFAULT_4XX and deploy. Then a page asks for a wrong path.",
        question="What does the page's script see?",
        choices=("403 Missing Authentication Token", "a network error without a status", "404 Not Found"),
        right=1,
        why="API Gateway answers 403 by itself, and now without Access-Control-Allow-Origin. So the browser "
        "keeps status and message from the page and reports a CORS error. The same happens to 429, and to "
        "403 without an API key. When only errors look like CORS errors, check the gateway responses.",
        repair="Put the gateway response back and deploy: the chapter cors.",
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
        repair="Set the limit back: the chapter throttle.",
        play=_brake,
        foretold=lambda seen: seen[0].status == 429 and "Too Many Requests" in seen[0].body,
        chapter="throttle",
    ),
)
