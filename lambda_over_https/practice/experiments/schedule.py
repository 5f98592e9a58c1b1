"""Schedule: an asynchronous call by hand, and runs that the clock has started."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.practice.experiments.experiment import Experiment, Seen, is_exact
from lambda_over_https.practice.runs import PERIOD, Clock, Run
from lambda_over_https.tutorial import logs
from lambda_over_https.tutorial.chapters.schedule.group import SCHEDULE_NAME
from lambda_over_https.tutorial.chapters.schedule.schedule import INPUT
from lambda_over_https.words import counted

RUNS = 2
ACCEPTED = 202
"""What Lambda says to an asynchronous call: it has the event; what the function does, its log says."""


class Told(StrEnum):
    """Who is told of a run: nobody but the log, as it should be, or somebody; and whether it failed."""

    BY_THE_LOG = "by the log"
    OTHERWISE = "otherwise"
    FAILED = "failed"


LATE = 2.0
"""Seconds by which the sandbox's clock may be late."""


def experiment(stack: Stack, *, on: bool) -> Experiment[Told]:
    """The experiment, while the chapter is on or before."""
    if not on:
        return _by_hand()
    on_time = _is_on_time if is_exact(stack) else _ran
    return _by_the_clock(
        f"We send nothing, and watch the function's log until the clock has run it {RUNS} times.",
        partial(_play, fast=False),
        on_time,
        fast=_by_the_clock(
            f"In place of waiting for the minute we fire the schedule ourselves, {RUNS} times, and watch the "
            "function's log.",
            partial(_play, fast=True),
            _ran,
        ),
    )


def _by_hand() -> Experiment[Told]:
    return Experiment(
        title="A call that nobody waits for",
        story=f"We call the function with the event {INPUT} as a schedule does: asynchronously (Invoke with "
        'the type Event). It answers "pong".',
        question="What does the caller get?",
        choices=('200 and "pong"', "202 and nothing", '202, and "pong" a moment later'),
        right=1,
        why="Lambda puts the event into a queue, says 202 Accepted, and runs the function afterwards. What "
        "the function returns goes nowhere, and so does its error: look into the log. Without a schedule "
        "somebody has to make this call each time.",
        play=_play_by_hand,
        foretold=lambda seen: (seen[0].status, seen[0].value) == (ACCEPTED, Told.BY_THE_LOG),
        summary=lambda seen: f"{seen[0].status}, and nothing else: what ran is in the function's log alone.",
    )


def _by_the_clock(
    story: str,
    play: Callable[[Stack], Iterator[Seen[Told]]],
    foretold: Callable[[Sequence[Seen[Told]]], bool],
    fast: Experiment[Told] | None = None,
) -> Experiment[Told]:
    return Experiment(
        title="Runs without a client",
        story=story,
        question="What does the function get as its event?",
        choices=("nothing", "our Input and nothing more", "our Input, inside an event of Scheduler's"),
        right=1,
        why=f"With an Input the event is exactly that, {INPUT}: the handler understands it, and cannot "
        "tell that a clock has sent it. Scheduler assumed its role, Lambda checked that the role may invoke "
        "the function, and said 202. A rate begins at once, when the schedule is made; after that AWS is "
        "precise to the minute.",
        play=play,
        foretold=foretold,
        summary=_summary,
        fast=fast,
    )


def _play_by_hand(stack: Stack) -> Iterator[Seen[Told]]:
    began, begin = time.monotonic(), logs.moment()
    answer: Any = stack.cloud.lambda_.invoke(
        FunctionName=stack.names.function, InvocationType="Event", Payload=INPUT.encode()
    )
    milliseconds = round((time.monotonic() - began) * 1000, 1)
    body = answer["Payload"].read().decode(errors="replace")
    ran = logs.wait_for_request(stack, begin, logs.moment(), answer["ResponseMetadata"]["RequestId"])
    told, note = Told.BY_THE_LOG, "no answer; the log has the run"
    if body or not ran:
        told, note = Told.OTHERWISE, f"{body or 'no answer'}; {counted(len(ran), 'line')} in the log"
    yield Seen("Invoke, asynchronous", answer["StatusCode"], milliseconds, note, value=told)


def _play(stack: Stack, *, fast: bool) -> Iterator[Seen[Told]]:
    clock, begin = Clock(stack, fast=fast), logs.moment()
    for _ in range(RUNS):
        run = clock.next()
        if run is None:
            return
        gap = None if fast else clock.gap(run)
        at = round((run.at - begin) / 1000, 3)
        told = Told.FAILED if run.failed else Told.BY_THE_LOG
        yield Seen(SCHEDULE_NAME, ACCEPTED, run.milliseconds, _note(run, gap), at, told)


def _note(run: Run, gap: float | None) -> str:
    at = datetime.fromtimestamp(run.at / 1000, UTC).strftime("%H:%M:%S UTC")
    after = f", {gap:.1f} s after the last" if gap is not None else ""
    return f"{at}{after}" + (", failed: see its log" if run.failed else "")


def _ran(seen: Sequence[Seen[Told]]) -> bool:
    return [each.value for each in seen] == [Told.BY_THE_LOG] * RUNS


def _is_on_time(seen: Sequence[Seen[Told]]) -> bool:
    return _ran(seen) and abs(seen[1].at - seen[0].at - PERIOD) < LATE


def _summary(seen: Sequence[Seen[Told]]) -> str:
    failed = sum(each.value is Told.FAILED for each in seen)
    if len(seen) < RUNS:
        return f"Only {len(seen)} of {RUNS} runs were seen. `loh doctor` looks for what is missing."
    if failed:
        return f"{failed} of {counted(len(seen), 'run')} failed; nobody was told."
    return f"{counted(len(seen), 'run')} without a client. Their answers went nowhere; the log has them."
