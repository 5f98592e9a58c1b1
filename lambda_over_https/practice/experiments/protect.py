"""Protect: a flood against the open API, and what each layer stops of it; the four answers 403."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD
from lambda_over_https.practice.experiments.experiment import Experiment, Seen
from lambda_over_https.practice.experiments.flood import Flood, counted
from lambda_over_https.practice.experiments.requests import Sender
from lambda_over_https.practice.runs import can_fire, runs
from lambda_over_https.report.costs import per_thousand_requests
from lambda_over_https.tutorial import logs
from lambda_over_https.tutorial.chapters.protect.firewall.ip_set import BLOCKED
from lambda_over_https.tutorial.chapters.protect.firewall.web_acl import LIMIT
from lambda_over_https.tutorial.chapters.protect.policy import REFUSED
from lambda_over_https.tutorial.checks import ECHO
from lambda_over_https.tutorial.request import as_text
from lambda_over_https.tutorial.ways import API_KEY, client_headers

FLOODER = "127.0.0.4"
"""An address that is on no list."""

FLOOD, MORE, LISTED, GOOD = 120, 20, 30, 3
"""Requests of the flood, of what follows it, from each address on a list, and of the good client."""

PASSED, FORBIDDEN = 200, 403
WRONG_PATH, NO_KEY = "wrong path", "no key"
LOG = "the function's log"


class Layer(StrEnum):
    """Who refuses requests."""

    NONE = ""
    POLICY = "policy"
    FIREWALL = "firewall"


SAYS = {Layer.POLICY: "explicit deny", Layer.FIREWALL: "Forbidden"}
"""What is in every refusal of a layer."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to requests that were sent together: how many of each status.

    ``refused_by`` is the layer that every one of them names; ``good``: they are a good client's.
    """

    statuses: Mapping[int, int]
    refused_by: Layer = Layer.NONE
    good: bool = False


def experiment(stack: Stack, *, on: bool) -> Experiment[Answers]:
    """The experiment, while the chapter is on or before; on AWS it sends no flood."""
    if not can_fire(stack):
        return _without_a_flood()
    return _with_layers() if on else _open()


def _open() -> Experiment[Answers]:
    return Experiment(
        title="A flood against the open API",
        story=f"From one address of this machine, {FLOODER}, we send {FLOOD} requests, several at once, to "
        "the sandbox on this machine.",
        question="How many of them run the function?",
        choices=("all of them", f"{LIMIT}", "none: AWS Shield stops a flood"),
        right=0,
        why="Shield Standard stops floods of the network (packets, half-open connections), not requests that "
        "look like any other. Each runs the function, unless a throttle is on, and each is paid for.",
        play=_play_open,
        foretold=lambda seen: FORBIDDEN not in [each.status for each in seen],
        summary=lambda seen: f"{seen[-1].note} on AWS.",
    )


def _with_layers() -> Experiment[Answers]:
    return Experiment(
        title="A flood against three layers",
        story=f"A good client sends {GOOD} requests. Then {LISTED} come from {REFUSED}, which the resource "
        f"policy refuses, {LISTED} from {BLOCKED}, which the firewall blocks, and a flood of {FLOOD} from "
        f"{FLOODER}, which is on no list. {MORE} more follow, and the good client sends {GOOD} again.",
        question="How many of the flood get through the firewall?",
        choices=("none", f"{LIMIT}: the limit of its address", f"all {FLOOD}"),
        right=1,
        why=f"The firewall counts each address: {LIMIT} requests a minute pass, the rest get 403. In the "
        "sandbox that is exact; AWS estimates, and acts after seconds or minutes. "
        "Then the cap counts: at most 5 runs at once, the rest get 500. The good client has another "
        "address, so it goes on. Several refusals are 403. Two have messages of their own: the policy says "
        "who is not authorized to do what, and a wrong path gets Missing Authentication Token. The "
        "firewall, a missing API key and an unknown stage all say Forbidden.",
        play=_play_layers,
        foretold=is_stopped,
        summary=lambda seen: (
            f"{seen[-1].note} on AWS. The good client got {_good(seen)} of {2 * GOOD} answers."
        ),
    )


def _without_a_flood() -> Experiment[Answers]:
    return Experiment(
        title="The answers 403, without a flood",
        story="Here we send no flood: on AWS only partners that AWS has approved may simulate one, and not "
        "against a Regional API. We send one good request, and one to a wrong path.",
        question="What does the wrong path get?",
        choices=("404 Not Found", "403 Missing Authentication Token", "403 Forbidden"),
        right=1,
        why="API Gateway says Missing Authentication Token for a path or method that does not exist. "
        "Forbidden comes from the firewall, for a missing API key or an unknown stage; a resource policy "
        "says who is not authorized to do what. To see a flood stopped, try the chapter in the sandbox.",
        play=_play_without_a_flood,
        foretold=lambda seen: [each.status for each in seen][:2] == [PASSED, FORBIDDEN],
        summary=lambda seen: f"{seen[0].status} for a good request; {len(seen) - 1} kinds of 403.",
    )


class _Observed:
    """A flood, told a group of requests a line."""

    def __init__(self, stack: Stack) -> None:
        event = as_text(ECHO.event(stack.names.table, ""))
        self._stack, self._flood = stack, Flood(stack, client_headers(stack), event)
        self._sender, self._began, self._since = Sender(stack), time.monotonic(), logs.moment()
        self._good = 0

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    def flood(self, requests: int, address: str, layer: Layer = Layer.NONE) -> Seen[Answers]:
        """Send requests from an address, which ``layer`` should refuse; the status is the last one's."""
        at = self.elapsed
        replies = self._flood.send(requests, address)
        milliseconds = 1000 * sum(each.seconds for each in replies) / len(replies)
        by = layer if layer and all(SAYS[layer] in each.body for each in replies) else Layer.NONE
        who = "" if not layer else f"{layer}: " if by else f"not the {layer}: "
        answers = Answers(Counter(each.status for each in replies), by)
        request, status, note = f"{requests} from {address}", replies[-1].status, f"{who}{counted(replies)}"
        return Seen(request, status, round(milliseconds, 1), note, round(at, 4), answers)

    def good(self) -> Seen[Answers]:
        """What a good client gets, which sends one request after the other."""
        at = self.elapsed
        seen = [self._sender.echo() for _ in range(GOOD)]
        self._good += GOOD
        statuses = Counter(each.status for each in seen)
        slowest, note = max(each.latency_ms for each in seen), f"{statuses[PASSED]} of {GOOD} answered"
        answers = Answers(statuses, good=True)
        return Seen(f"{GOOD} good", max(statuses), slowest, note, round(at, 4), answers)

    def reached(self) -> Seen[Answers]:
        """How many runs there were, and what they would have cost on AWS."""
        began, sent = time.monotonic(), self._flood.sent + self._good
        found = logs_settled(self._stack, self._since)
        cost = found * per_thousand_requests() / 1000
        milliseconds = round((time.monotonic() - began) * 1000, 1)
        note = f"{found} of {sent} ran, {cost:.4f} USD"
        return Seen(LOG, PASSED, milliseconds, note, round(self.elapsed, 4))


def logs_settled(stack: Stack, since: int) -> int:
    """How many runs the log has, when no more come."""
    counts = [-1]

    def settled() -> bool:
        counts.append(len(runs(stack, since)))
        return counts[-1] == counts[-2]

    stack.run.wait_until(settled, "CloudWatch Logs is storing the lines", logs.SETTLE)
    return counts[-1]


def _play_open(stack: Stack) -> Iterator[Seen[Answers]]:
    observed = _Observed(stack)
    yield observed.flood(FLOOD, FLOODER)
    yield observed.good()
    yield observed.reached()


def _play_layers(stack: Stack) -> Iterator[Seen[Answers]]:
    observed = _Observed(stack)
    yield observed.good()
    yield observed.flood(LISTED, REFUSED, Layer.POLICY)
    yield observed.flood(LISTED, BLOCKED, Layer.FIREWALL)
    yield observed.flood(FLOOD, FLOODER)
    yield observed.flood(MORE, FLOODER)
    yield observed.good()
    yield from _other_403s(stack, observed.elapsed)
    yield observed.reached()


def _play_without_a_flood(stack: Stack) -> Iterator[Seen[Answers]]:
    yield Sender(stack).echo()
    yield from _other_403s(stack, 0.0)


def _other_403s(stack: Stack, since: float) -> Iterator[Seen[Answers]]:
    """What else is 403: a wrong path, and, where a key is asked for, a request without one."""
    sender = Sender(stack)
    seen = sender.send(METHOD, {}, "{}", path="s")
    yield replace(seen, request=WRONG_PATH, note=_message(sender), at=round(since + seen.at, 4))
    if stack.record(Kind.USAGE_PLAN):
        seen = sender.echo({API_KEY: ""})
        yield replace(seen, request=NO_KEY, note=_message(sender), at=round(since + seen.at, 4))


def _message(sender: Sender) -> str:
    body = sender.answer.body.decode(errors="replace")
    return body.removeprefix('{"message":"').removesuffix('"}')[:60]


def is_stopped(seen: Sequence[Seen[Answers]]) -> bool:
    """Whether each layer stops what it should, and no more: the verdict of the flood against all three."""
    _good_client, refused, blocked, flood, more, _still_good, *others, _log = seen
    return (
        _good(seen) == 2 * GOOD
        and refused.value == Answers({FORBIDDEN: LISTED}, Layer.POLICY)
        and blocked.value == Answers({FORBIDDEN: LISTED}, Layer.FIREWALL)
        and flood.value is not None
        and flood.value.statuses.get(FORBIDDEN) == FLOOD - LIMIT
        and more.value == Answers({FORBIDDEN: MORE})
        and all(each.status == FORBIDDEN for each in others)
    )


def _good(seen: Sequence[Seen[Answers]]) -> int:
    """How many requests of the good client were answered."""
    return sum(each.value.statuses.get(PASSED, 0) for each in seen if each.value and each.value.good)
