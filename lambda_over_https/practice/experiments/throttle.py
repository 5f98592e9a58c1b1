"""Throttle: a burst of requests against the account's limit, and two against one of 2 a second."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from lambda_over_https.aws.quotas import REQUESTS_A_SECOND
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.practice.experiments.experiment import Experiment, Seen, is_exact
from lambda_over_https.practice.experiments.requests import Sender
from lambda_over_https.tutorial.chapters.throttle import BURST, RATE
from lambda_over_https.words import counted

REQUESTS = 12
HALF = REQUESTS // 2

PAUSE = 1.1
"""Seconds from the last token to the second burst: at 2 a second two come in, and not yet a third."""

FULL = BURST / RATE
"""Seconds in which an empty bucket fills."""

PASSED, THROTTLED = 200, 429


def experiment(stack: Stack, *, on: bool) -> Experiment[None]:
    """The experiment, while the chapter is on or before."""
    if on:
        return _with_a_limit(exact=is_exact(stack))
    return Experiment(
        title="A burst without a limit",
        story=f"We send {REQUESTS} requests as fast as they go. No limit is set for this API yet.",
        question="How many of them are answered?",
        choices=(f"all {REQUESTS}", "about half", f"{BURST}"),
        right=0,
        why=f"Nothing but the account's limit, {REQUESTS_A_SECOND:,} requests a second by default, stands "
        "in the way. Every "
        "request reaches the function, and every one is paid for.",
        play=_play,
        foretold=lambda seen: all(each.status == PASSED for each in seen),
        summary=_summary,
    )


def _with_a_limit(*, exact: bool) -> Experiment[None]:
    note = "" if exact else " AWS's limits are targets, so the count may differ."
    return Experiment(
        title=f"A burst against {RATE} requests a second",
        story=f"We wait until the bucket is full ({BURST} tokens). Then we send {HALF} requests at once, and "
        f"after {PAUSE} seconds {HALF} more.",
        question="How many are answered?",
        choices=(f"{BURST}: the bucket's tokens", f"{BURST} and then {RATE} more", f"all {REQUESTS}"),
        right=1,
        why=f"The bucket holds {BURST} tokens, so {BURST} requests pass at once. In a second {RATE} tokens "
        f"flow in, so {RATE} requests of the second burst pass. The others get 429 Too Many Requests: API "
        "Gateway answers by itself, and the function neither runs nor costs anything."
        + ("" if exact else " AWS calls its limits targets: more may pass."),
        play=_play_with_a_limit,
        foretold=fits_the_bucket if exact else _only_known,
        summary=partial(_summary, note=note),
    )


def _play(stack: Stack) -> Iterator[Seen[None]]:
    sender = Sender(stack)
    for _ in range(REQUESTS):
        yield sender.echo()


def _play_with_a_limit(stack: Stack) -> Iterator[Seen[None]]:
    """Two bursts: the first empties the bucket, the second finds what has flowed in meanwhile."""
    stack.run.wait(FULL, "The bucket is filling")
    sender, bucket, emptied = Sender(stack, patient=False), Bucket(), 0.0
    for number in range(REQUESTS):
        if number == HALF:
            stack.run.wait(max(0.0, emptied + PAUSE - sender.elapsed), "Tokens flow in")
        seen = sender.echo()
        if number == BURST - 1:
            emptied = sender.elapsed
        bucket.take(seen)
        yield replace(seen, note=f"bucket {bucket.tokens}/{BURST}")


def _only_known(seen: Sequence[Seen[None]]) -> bool:
    return {each.status for each in seen} <= {PASSED, THROTTLED}


@dataclass(slots=True)
class Bucket:
    """A bucket that holds BURST tokens and gets RATE a second, seen from outside.

    A request is decided at some moment between its sending and its answer. So what the bucket holds is known
    within limits: at least ``least`` tokens, at most ``most``.
    """

    least: float = BURST
    most: float = BURST
    _sent: float = 0.0
    _answered: float = 0.0

    def take(self, seen: Seen[None]) -> bool:
        """Take a token for a request that passed; False if a bucket cannot have given this answer."""
        begin, end = seen.at, seen.at + seen.latency_ms / 1000
        self.most = min(BURST, self.most + RATE * (end - self._sent))
        self.least = min(BURST, self.least + RATE * max(0.0, begin - self._answered))
        self._sent, self._answered = begin, end
        if seen.status == PASSED:
            possible = self.most >= 1
            self.least, self.most = max(0.0, self.least - 1), max(0.0, self.most - 1)
            return possible
        possible = seen.status == THROTTLED and self.least < 1
        self.most = min(self.most, 1.0)
        return possible

    @property
    def tokens(self) -> int:
        """The whole tokens that are surely in it."""
        return int(self.least)


def fits_the_bucket(seen: Sequence[Seen[None]]) -> bool:
    """Whether a bucket gives these answers at these times."""
    bucket = Bucket()
    return all(bucket.take(each) for each in seen)


def _summary(seen: Sequence[Seen[None]], note: str = "") -> str:
    passed = sum(each.status == PASSED for each in seen)
    throttled = sum(each.status == THROTTLED for each in seen)
    return f"{passed} of {counted(len(seen), 'request')} passed, {throttled} got 429 Too Many Requests.{note}"
