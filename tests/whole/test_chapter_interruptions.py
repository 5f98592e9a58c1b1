"""Whatever moment a switch of a chapter is killed at, one command brings the deployment where it should be.

For every call of ``chapter on`` and ``chapter off`` that changes the account, a process is killed just before
the call leaves, and in another try just after it took effect. From there ``chapter on`` must complete, and
``chapter off`` must leave everything as it was before the chapter. Every twentieth point, and between all
chapters each point of the deployment; all of them with ``LOH_SWEEP=full``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import pytest

from lambda_over_https.tutorial.chapter_lessons import OUTLINES
from tests.kit.account.between import Between
from tests.kit.account.census import Census, difference
from tests.kit.account.decoys import remove_all
from tests.kit.program.chaptered import deployed_anew
from tests.kit.program.forks import Run, Zygote
from tests.kit.program.support import Account, Ran
from tests.whole.test_interruptions import FULL, Point, Sweep

SAMPLE = 20
CHAPTERS = [each.name for each in OUTLINES]
TURNS = {"cors": 0, "keys": 1, "cache": 2, "protect": 3}
"""The chapters that deploy the API again, each with the point of its deployment that is always tried: before
and after the new deployment is made, before and after the one that it replaces is deleted. When the chapter
goes off, it is the point two further on."""


class ChapterSweep(Sweep):
    """Kills ``chapter on NAME`` and ``chapter off NAME``: the commands of its points are ``on NAME``."""

    def loh(self, command: str, name: str) -> Run:
        verb, _, chapter = command.partition(" ")
        if not chapter:
            return super().loh(command, name)
        where = ("--name", name, "--endpoint-url", self.between.url)
        return self.zygote.start("chapter", verb, chapter, "--yes", "--json", *where)

    def points_of(self, command: str, name: str) -> list[Point]:
        """Every point at which the command can be killed; it is given once, to its end."""
        return self._record(command, name)

    def plan(self, name: str) -> Ran:
        return self.zygote.start("plan", "--json", "--name", name, "--endpoint-url", self.between.url).end()


@dataclass
class Deployment:
    """A finished tutorial, and how it and all the rest was before any chapter."""

    sweep: ChapterSweep
    name: str
    before: Census
    rest: Census

    def ends(self, command: str) -> None:
        ran = self.sweep.loh(command, self.name).end()
        assert ran.code == 0, f"{command}: {ran.err}"

    def assert_on(self) -> None:
        steps = self.sweep.plan(self.name).json["steps"]
        assert {step["action"] for step in steps} == {"keep"}, steps

    def assert_as_before(self) -> None:
        assert difference(self.before, deployed_anew(self.sweep.account, f"{self.name}-")) == []

    def assert_all_as_before(self) -> None:
        assert difference(self.rest, deployed_anew(self.sweep.account)) == []


@pytest.fixture(scope="module")
def deployment(zygote: Zygote, whole_account: Account) -> Iterator[Deployment]:
    with Between(whole_account.sandbox.endpoint_url) as between:
        sweep = ChapterSweep(zygote, whole_account, between, (), lambda: "chapters")
        ran = sweep.loh("run", "chapters").end()
        assert ran.code == 0, ran.err
        own, rest = (deployed_anew(whole_account, only) for only in ("chapters-", ""))
        yield Deployment(sweep, "chapters", own, rest)
    remove_all(whole_account)


def sample(chapter: str, points: Sequence[Point], further: int) -> list[Point]:
    """The points that are tried: one in so many, and one of the deployment."""
    if FULL:
        return list(points)
    others = [point for point in points if not point.deploys]
    chosen = others[len(chapter) % SAMPLE :: SAMPLE] or others[-1:]
    deploying = [point for point in points if point.deploys]
    return [*chosen, deploying[(TURNS[chapter] + further) % len(deploying)]] if deploying else chosen


@pytest.mark.long
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_after_a_kill_in_a_switch_one_command_puts_it_right(deployment: Deployment, chapter: str) -> None:
    sweep, name = deployment.sweep, deployment.name
    on, off = (sweep.points_of(f"{verb} {chapter}", name) for verb in ("on", "off"))
    assert on
    assert off
    deployment.assert_as_before()
    for begun, ended in zip_longest(sample(chapter, on, 0), sample(chapter, off, 2)):
        if begun:
            sweep.kill(name, begun)
            deployment.ends(f"off {chapter}")
            deployment.assert_as_before()
            sweep.kill(name, begun)
        deployment.ends(f"on {chapter}")
        deployment.assert_on()
        if ended:
            sweep.kill(name, ended)
        deployment.ends(f"off {chapter}")
        deployment.assert_as_before()
    deployment.assert_all_as_before()
