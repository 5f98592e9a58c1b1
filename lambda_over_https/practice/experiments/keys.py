"""Keys: without one, with a wrong one, with one until its quota is used up, and with another that goes on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.practice.experiments.experiment import Experiment, Seen, is_exact
from lambda_over_https.practice.experiments.requests import Sender
from lambda_over_https.tutorial.chapters.keys.usage_plan import QUOTA
from lambda_over_https.tutorial.ways import API_KEY, key_header

LEFT = 3
"""Requests to which the first key's quota is shortened for the experiment."""


class Brought(StrEnum):
    """Which key a request brings."""

    NONE = "no key"
    WRONG = "a wrong key"
    FIRST = "key 1"
    SECOND = "key 2"


@dataclass(frozen=True, slots=True)
class Use:
    """The use of a key: ``used_up`` is whether API Gateway said that its quota is."""

    key: Brought
    used_up: bool = False


PASSED, FORBIDDEN, LIMITED = 200, 403, 429


def experiment(stack: Stack, *, on: bool) -> Experiment[Use]:
    """The experiment, while the chapter is on or before."""
    return _with_keys(exact=is_exact(stack)) if on else _without_keys()


def _without_keys() -> Experiment[Use]:
    return Experiment(
        title="A request without a key",
        story="We send a request as anyone can who knows the URL.",
        question="What do we get, and who is counted?",
        choices=("200, and nobody is counted", "200, counted by our address", "403 Forbidden"),
        right=0,
        why="POST asks for nothing, so everyone gets an answer. API Gateway counts requests, but not whose "
        "they are: it cannot limit one client without limiting all.",
        play=_play_without_keys,
        foretold=lambda seen: [each.status for each in seen] == [PASSED],
        summary=lambda seen: f"{seen[0].status} without a key: everybody may call, and nobody is told apart.",
    )


def _with_keys(*, exact: bool) -> Experiment[Use]:
    return Experiment(
        title="The quota of a key",
        story=f"Each key has a quota of {QUOTA:,} requests a day. For the experiment we leave the first "
        f"key {LEFT} of them (UpdateUsage). Then we send requests without a key, with a wrong one, "
        f"{LEFT + 1} with the first key, and one with the second.",
        question="What does the first key get when its quota is used up?",
        choices=("403 Forbidden", "429 Limit Exceeded", "200, and a bill"),
        right=1,
        why="Without a key, or with one that no usage plan of this stage has, the answer is 403 Forbidden. "
        "A key whose quota is used up gets 429 Limit Exceeded until the next day; other keys go on. Note the "
        "two kinds of 429: Too Many Requests passes in a moment, Limit Exceeded does not. Keys count and "
        "limit clients. They do not prove who somebody is: for that use IAM, Cognito or a Lambda authorizer.",
        play=_play,
        foretold=_is_exact if exact else _is_plausible,
        summary=_summary,
    )


def _play_without_keys(stack: Stack) -> Iterator[Seen[Use]]:
    yield _with(Brought.NONE, Sender(stack).echo())


def _play(stack: Stack) -> Iterator[Seen[Use]]:
    sender = Sender(stack)
    yield _with(Brought.NONE, sender.echo({API_KEY: ""}))
    yield _with(Brought.WRONG, sender.echo({API_KEY: "not-a-key-of-this-plan"}))
    first, second = (key_header(stack, name) for name in stack.names.api_keys)
    before = _usage(stack, 0)[1]
    _set_remaining(stack, LEFT)
    try:
        for _ in range(LEFT + 1):
            seen = sender.echo(first)
            yield _with(Brought.FIRST, seen, used_up=_used_up(sender))
    finally:
        _set_remaining(stack, max(0, before - LEFT))
    seen = _with(Brought.SECOND, sender.echo(second))
    yield replace(seen, note=f"{seen.note}, {_usage(stack, 1)[1]} left")


def _with(key: Brought, seen: Seen[Any], *, used_up: bool = False) -> Seen[Use]:
    return replace(seen, note=f"{key}, used up" if used_up else key, value=Use(key, used_up))


def _used_up(sender: Sender) -> bool:
    """Whether API Gateway said that the quota is used up."""
    return b"Limit Exceeded" in sender.answer.body


def _usage(stack: Stack, key: int) -> tuple[int, int]:
    """How many requests of the key's quota are used today, and how many are left (GetUsage)."""
    today = datetime.now(UTC).date().isoformat()
    key_id = stack.id_of(Kind.API_KEY, stack.names.api_keys[key])
    report: Mapping[str, Any] = stack.cloud.apigateway.get_usage(
        usagePlanId=stack.id_of(Kind.USAGE_PLAN), keyId=key_id, startDate=today, endDate=today
    )
    days = report.get("items", {}).get(key_id) or [[0, QUOTA]]
    return days[-1][0], days[-1][1]


def _set_remaining(stack: Stack, requests: int) -> None:
    """Set what is left of the first key's quota, for today."""
    stack.cloud.apigateway.update_usage(
        usagePlanId=stack.id_of(Kind.USAGE_PLAN),
        keyId=stack.id_of(Kind.API_KEY, stack.names.api_keys[0]),
        patchOperations=[{"op": "replace", "path": "/remaining", "value": str(requests)}],
    )


def _is_exact(seen: Sequence[Seen[Use]]) -> bool:
    wanted = [FORBIDDEN, FORBIDDEN, *([PASSED] * LEFT), LIMITED, PASSED]
    return [each.status for each in seen] == wanted and seen[-2].value == Use(Brought.FIRST, used_up=True)


def _is_plausible(seen: Sequence[Seen[Use]]) -> bool:
    """On AWS a quota is a target, and a change of it takes a while to spread."""
    first = {each.status for each in seen[2:-1]}
    refused = [each.status for each in seen[:2]]
    return refused == [FORBIDDEN, FORBIDDEN] and first <= {PASSED, LIMITED} and seen[-1].status == PASSED


def _summary(seen: Sequence[Seen[Use]]) -> str:
    first = [each.status for each in seen if each.value and each.value.key is Brought.FIRST]
    ended = "then 429 Limit Exceeded" if LIMITED in first else "and its quota is not used up yet"
    return (
        f"{seen[0].status} without a key. The first key got {first.count(PASSED)} answers, {ended}. The "
        f"second got {seen[-1].status}."
    )
