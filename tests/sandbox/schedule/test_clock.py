"""The clock: when it fires what, and when it stops."""

import asyncio
import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from lambda_over_https.sandbox.schedule.clock import Clock
from lambda_over_https.sandbox.schedule.expressions import UTC, of_rule, of_schedule
from lambda_over_https.sandbox.schedule.triggers import Trigger

NOON = datetime.datetime(2026, 11, 26, 12, 0, 20, tzinfo=UTC)
MINUTE = datetime.timedelta(minutes=1)


def rule(text: str = "rate(1 minute)", name: str = "r") -> Trigger:
    return Trigger("rule", f"arn:rule/{name}", name, "", "us-east-1", of_rule(text), [], (object(),))


def a_schedule(text: str = "rate(1 minute)", **changes: Any) -> Trigger:
    made = Trigger(
        kind="schedule",
        arn="arn:schedule",
        name="s",
        group="default",
        region="us-east-1",
        expression=of_schedule(text),
        targets=[],
        version=(object(),),
        created=NOON,
        start=NOON,
    )
    return replace(made, **changes)


@dataclass
class Desk:
    """A clock whose time a test sets; what it fired and completed."""

    triggers: list[Trigger]
    now: datetime.datetime = NOON
    fired: list[tuple[str, datetime.datetime]] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = Clock(
            lambda: self.triggers,
            lambda trigger, due: self.fired.append((trigger.name, due)),
            lambda trigger: self.completed.append(trigger.name),
            lambda: self.now,
        )

    def look(self, after: datetime.timedelta = datetime.timedelta()) -> list[datetime.datetime]:
        """Let time pass, look, and return the times of what was fired in all."""
        self.now += after
        self.clock.look()
        return [due for _, due in self.fired]


def at_a_desk(*triggers: Trigger) -> Callable[[Callable[[Desk], None]], None]:
    """Run a test's steps on an event loop, with a clock for these triggers."""

    def run(steps: Callable[[Desk], None]) -> None:
        async def within() -> None:
            desk = Desk(list(triggers))
            try:
                steps(desk)
            finally:
                desk.clock.close()

        asyncio.run(within())

    return run


def test_a_rule_fires_one_period_after_it_was_put() -> None:
    @at_a_desk(rule())
    def steps(desk: Desk) -> None:
        assert desk.look() == []
        assert desk.look(MINUTE - datetime.timedelta(seconds=1)) == []
        assert desk.look(datetime.timedelta(seconds=1)) == [NOON + MINUTE]
        assert desk.look(MINUTE) == [NOON + MINUTE, NOON + 2 * MINUTE]


def test_a_new_rate_schedule_begins_at_once_and_goes_on_from_its_creation() -> None:
    @at_a_desk(a_schedule())
    def steps(desk: Desk) -> None:
        desk.now += datetime.timedelta(seconds=2)
        assert desk.look() == [NOON]
        assert desk.look(MINUTE) == [NOON, NOON + MINUTE]


def test_a_schedule_waits_for_its_start_and_ends_with_its_end() -> None:
    @at_a_desk(a_schedule(start=NOON + 5 * MINUTE, end=NOON + 6 * MINUTE))
    def steps(desk: Desk) -> None:
        assert desk.look() == []
        assert desk.look(5 * MINUTE) == [NOON + 5 * MINUTE]
        assert desk.look(MINUTE)[1:] == [NOON + 6 * MINUTE]
        assert desk.completed == ["s"]
        assert len(desk.look(MINUTE)) == 2


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("rate(1 minute)", NOON + datetime.timedelta(seconds=30)),
        ("cron(* * * * ? *)", NOON.replace(minute=1, second=0)),
    ],
)
def test_a_start_that_is_past_makes_nothing_due_before_the_schedule_was_made(
    text: str, due: datetime.datetime
) -> None:
    @at_a_desk(a_schedule(text, start=NOON - datetime.timedelta(seconds=150)))
    def steps(desk: Desk) -> None:
        assert desk.look() == []
        assert desk.look(MINUTE) == [due]


def test_a_schedule_that_happens_once_is_complete_after_it() -> None:
    @at_a_desk(a_schedule("at(2026-11-26T12:01:00)"))
    def steps(desk: Desk) -> None:
        assert desk.look() == []
        assert desk.look(MINUTE) == [NOON.replace(minute=1, second=0)]
        assert desk.completed == ["s"]


def test_a_cron_expression_fires_at_the_minute() -> None:
    @at_a_desk(rule("cron(0/2 * * * ? *)"))
    def steps(desk: Desk) -> None:
        assert desk.look() == []
        assert desk.look(2 * MINUTE) == [NOON.replace(minute=2, second=0)]


def test_what_was_due_while_the_machine_slept_fires_once() -> None:
    @at_a_desk(rule())
    def steps(desk: Desk) -> None:
        desk.look()
        assert desk.look(60 * MINUTE) == [NOON + MINUTE]
        assert desk.look(MINUTE) == [NOON + MINUTE, NOON + 61 * MINUTE]


def test_a_changed_schedule_does_not_begin_again() -> None:
    @at_a_desk(a_schedule())
    def steps(desk: Desk) -> None:
        assert desk.look() == [NOON]
        desk.triggers = [a_schedule("rate(2 minutes)")]
        assert desk.look(datetime.timedelta(seconds=30)) == [NOON]
        assert desk.look(2 * MINUTE) == [NOON, NOON + 2 * MINUTE]


def test_a_rule_put_again_counts_from_then() -> None:
    @at_a_desk(rule())
    def steps(desk: Desk) -> None:
        desk.look()
        desk.triggers = [rule()]
        assert desk.look(datetime.timedelta(seconds=40)) == []
        assert desk.look(datetime.timedelta(seconds=40)) == []
        assert desk.look(datetime.timedelta(seconds=20)) == [NOON + datetime.timedelta(seconds=100)]


def test_what_is_gone_fires_no_more() -> None:
    @at_a_desk(rule())
    def steps(desk: Desk) -> None:
        desk.look()
        desk.triggers = []
        assert desk.look(2 * MINUTE) == []


def test_it_wakes_by_itself() -> None:
    async def within() -> None:
        done = asyncio.Event()
        begin = datetime.datetime.now(UTC)
        soon = a_schedule(start=begin + datetime.timedelta(seconds=0.1))
        ticking = Clock(lambda: [soon], lambda *_: done.set(), lambda _: None, longest_sleep=0.01)
        ticking.look()
        await asyncio.wait_for(done.wait(), 10)
        assert datetime.datetime.now(UTC) >= begin + datetime.timedelta(seconds=0.1)
        ticking.close()

    asyncio.run(within())
