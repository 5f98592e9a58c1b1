"""Cache: an item is read, read again, changed, read stale, and read fresh when the cache was emptied."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, STAGE, TABLE_KEY
from lambda_over_https.practice.experiments.experiment import Experiment, Seen, is_exact
from lambda_over_https.practice.experiments.requests import Sender
from lambda_over_https.practice.runs import runs
from lambda_over_https.tutorial import logs
from lambda_over_https.tutorial.chapters.cache import READ, TTL
from lambda_over_https.tutorial.parts.reading import read_stage
from lambda_over_https.tutorial.request import as_text, request_event
from lambda_over_https.words import counted

FLUSH, LOG = "FlushStageCache", "the function's log"
GOOD = range(200, 300)

EMPTIED_WITHIN = 300.0
"""Seconds within which API Gateway empties a cache."""


class Read(StrEnum):
    """What a read is, and so where it comes from."""

    KEPT = "the same: from the cache"
    STALE = "number 1: old, from the cache"
    FRESH = "number 2: new, from the function"


@dataclass(frozen=True, slots=True)
class Runs:
    """How often the function ran; ``shared``: a schedule runs it too, and nobody can tell whose they are."""

    number: int
    shared: bool

    def are(self, expected: int) -> bool:
        """Whether they can be so many."""
        return self.shared or self.number == expected


Shown = Read | Runs
"""What a line of the experiment shows."""


def experiment(stack: Stack, *, on: bool) -> Experiment[Shown]:
    """The experiment, while the chapter is on or before."""
    return _with_a_cache(exact=is_exact(stack)) if on else _without_a_cache(exact=is_exact(stack))


def _without_a_cache(*, exact: bool) -> Experiment[Shown]:
    return Experiment(
        title="The same read, twice",
        story="We create an item, read it twice, and delete it. Then we count in the function's log.",
        question="How often did the function run for the two reads?",
        choices=("once: nothing had changed", "twice", "not at all: API Gateway answers"),
        right=1,
        why="API Gateway keeps nothing unless it is told to. Each read runs the function and asks the table, "
        "and each is paid for, though the answer is the same.",
        play=_play_without_a_cache,
        foretold=_runs_for_each if exact else _all_answered,
        summary=lambda seen: f"{seen[-1].note}: each read is a run.",
    )


def _with_a_cache(*, exact: bool) -> Experiment[Shown]:
    return Experiment(
        title="Reads from the cache",
        story=f"We create an item with number 1 and read it twice by {READ}. Then we change the number to 2 "
        "and read again, empty the cache (FlushStageCache), and read once more. Every answer has a clock in "
        "it, which the response template put there.",
        question="What do we read after the change, before the cache is emptied?",
        choices=("number 2", "number 1", "404: the entry is not valid any more"),
        right=1,
        why="API Gateway does not know that the item has changed: the cache sees neither POST "
        f"nor the table. It gives the kept answer, clock and all, for up to {TTL} seconds, and the function "
        "does not run. Once the cache is emptied, the next read asks the function; so does a read with "
        "Cache-Control: max-age=0, from a client that has the permission. Cache what may be old, and choose "
        "the TTL by how old it may be.",
        play=_play,
        foretold=_is_exact if exact else _is_plausible,
        summary=_summary,
    )


class _Item:
    """An item of the table's, changed by POST and read by GET."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self._sender = stack, Sender(stack)
        self.id = f"cache-{secrets.token_hex(4)}"
        self.sent = 0
        """How many requests were sent."""
        self.said: dict[str, Any] = {}
        """The last answer to a GET."""

    def post(self, operation: str, payload: dict[str, Any], note: str = "") -> Seen[Shown]:
        """Change or read it by POST."""
        self.sent += 1
        event = as_text(request_event(operation, self._stack.names.table, payload))
        return replace(self._sender.send(METHOD, {}, event), request=f"{METHOD} {operation}", note=note)

    def create(self, number: int) -> Seen[Shown]:
        """Create it, or replace it."""
        item = {TABLE_KEY: self.id, "number": number}
        return self.post("create", {"Item": item}, f"number {number}")

    def delete(self) -> Seen[Shown]:
        """Delete it."""
        return self.post("delete", {"Key": {TABLE_KEY: self.id}})

    def get(self) -> Seen[Shown]:
        """Read it by GET; the note tells what the answer says, and the clock in it."""
        self.sent += 1
        seen = self._sender.send(READ, {}, path=f"?{urlencode({TABLE_KEY: self.id})}")
        try:
            self.said = json.loads(self._sender.answer.body)
            item = self.said["answer"].get("Item", {})
            clock = datetime.fromtimestamp(self.said["answeredAt"] / 1000, UTC)
            note = f"number {item.get('number', 'none')}, of {clock:%H:%M:%S.%f}"[:-3]
        except (ValueError, KeyError, TypeError, AttributeError):
            note = self._sender.answer.body.decode(errors="replace")[:80]
        return replace(seen, request=f"{READ} by {TABLE_KEY}", note=note)

    def counted(self, since: int, expected: int) -> Seen[Shown]:
        """What the log has of it: how often the function ran."""
        began = time.monotonic()
        found = self._stack.run.repeat_until(
            lambda: runs(self._stack, since),
            lambda known: len(known) >= expected,
            "CloudWatch Logs is storing the lines",
            logs.SETTLE,
        )
        milliseconds = round((time.monotonic() - began) * 1000, 1)
        note = f"{counted(len(found), 'run')} for {counted(self.sent, 'request')}"
        shared = self._stack.record(Kind.SCHEDULE) is not None
        if shared:
            note += ", the schedule's among them"
        ran = Runs(len(found), shared)
        return Seen(LOG, 200, milliseconds, note, round(self._sender.elapsed, 4), ran)


def _play_without_a_cache(stack: Stack) -> Iterator[Seen[Shown]]:
    item, begin = _Item(stack), logs.moment()
    yield item.create(1)
    try:
        for _ in range(2):
            yield item.post("read", {"Key": {TABLE_KEY: item.id}}, "asks the function")
    finally:
        deleted = item.delete()
    yield deleted
    yield item.counted(begin, 4)


def _play(stack: Stack) -> Iterator[Seen[Shown]]:
    item, begin = _Item(stack), logs.moment()
    yield item.create(1)
    try:
        yield item.get()
        first = item.said
        again = item.get()
        yield _showing(again, Read.KEPT) if item.said == first else again
        yield item.create(2)
        stale = item.get()
        yield _showing(stale, Read.STALE) if item.said == first else stale
        yield _flush(stack, stale.at)
        fresh = item.get()
        yield _showing(fresh, Read.FRESH) if _number(item.said) == 2 else fresh
    finally:
        deleted = item.delete()
    yield deleted
    yield item.counted(begin, 5)


def _showing(seen: Seen[Shown], read: Read) -> Seen[Shown]:
    return replace(seen, note=read, value=read)


def _number(said: Any) -> Any:
    return said.get("answer", {}).get("Item", {}).get("number")


def _flush(stack: Stack, at: float) -> Seen[Shown]:
    began, apigateway = time.monotonic(), stack.cloud.apigateway
    answer = apigateway.flush_stage_cache(restApiId=stack.id_of(Kind.REST_API), stageName=STAGE)
    milliseconds = round((time.monotonic() - began) * 1000, 1)
    stack.run.wait_until(
        lambda: read_stage(stack).get("cacheClusterStatus") != "FLUSH_IN_PROGRESS",
        "API Gateway is emptying the cache",
        EMPTIED_WITHIN,
    )
    return Seen(FLUSH, answer["ResponseMetadata"]["HTTPStatusCode"], milliseconds, "empty", at)


def _all_answered(seen: Sequence[Seen[Shown]]) -> bool:
    return all(each.status in GOOD for each in seen)


def _runs_for_each(seen: Sequence[Seen[Shown]]) -> bool:
    return _all_answered(seen) and _ran(seen, 4)


def _ran(seen: Sequence[Seen[Shown]], expected: int) -> bool:
    last = seen[-1].value
    return isinstance(last, Runs) and last.are(expected)


def _is_exact(seen: Sequence[Seen[Shown]]) -> bool:
    shown = {each.value for each in seen}
    return _all_answered(seen) and set(Read) <= shown and _ran(seen, 5)


def _is_plausible(seen: Sequence[Seen[Shown]]) -> bool:
    """On AWS a cache is best effort: it may forget an answer early."""
    return _all_answered(seen) and any(each.value is Read.FRESH for each in seen)


def _summary(seen: Sequence[Seen[Shown]]) -> str:
    from_cache = sum(each.value in (Read.KEPT, Read.STALE) for each in seen)
    return f"{from_cache} of 4 reads came from the cache. {seen[-1].note}."
