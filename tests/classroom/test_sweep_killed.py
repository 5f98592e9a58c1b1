"""A sweep that was killed anywhere is finished by the same command; what is not ours is never touched.

In the usual run a few of the points are tried; LOH_SWEEP=full tries all of them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from lambda_over_https.names import names_for
from tests.kit.account.between import Between
from tests.kit.account.census import census, difference
from tests.kit.account.decoys import like_ours, plant_all, plant_neighbours
from tests.kit.program.forks import Run, Zygote
from tests.kit.program.killing import killed_at
from tests.kit.program.support import Account, done, use_keys
from tests.kit.sandbox.control import trust_policy

FULL = os.environ.get("LOH_SWEEP") == "full"
SAMPLE = 3
"""The usual run tries one point in so many; odd, so that both sides of the calls are among them."""


@dataclass(frozen=True)
class Point:
    """Where the sweep is killed: at which call, before it leaves or after its effect."""

    label: str
    side: str


@dataclass(frozen=True)
class Lesson:
    """A class of three through a man in the middle: one has finished, one is half-way, one has not begun."""

    name: str
    zygote: Zygote
    account: Account
    between: Between

    def teach(self) -> None:
        own = ("--class", self.name, "--yes")
        done("class", "run", *own, "--only", "01")
        done("class", "run", *own, "--only", "02", "--to", "3.2")

    def sweep(self) -> Run:
        return self.zygote.start("class", "sweep", "--class", self.name, "--yes")

    def points(self) -> list[Point]:
        """All points at which a sweep can be killed: one is swept to see its calls."""
        self.teach()
        self.between.calls.clear()
        swept = self.sweep().end()
        assert swept.code == 0, swept.err
        labels = [call.label for call in self.between.calls if call.mutates]
        return [Point(label, side) for label in labels for side in ("before", "after")]

    def kill(self, point: Point) -> None:
        """Sweep, and kill the sweep at the point."""
        self.between.calls.clear()
        ended = killed_at(
            self.between, lambda call: call.label == point.label, self.sweep, after=point.side == "after"
        )
        assert ended.code == -9, f"{point} was never reached: {ended}"


@pytest.fixture
def lesson(own: Account, zygote: Zygote, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lesson]:
    use_keys(monkeypatch, own.sandbox)
    plant_neighbours(own, names_for(f"{name}-010"))
    plant_all(own, names_for(f"{name}-03"), {})
    plant_all(own, names_for(f"{name}-01x"), like_ours(f"{name}-01x"))
    own.client("iam").create_role(RoleName=f"{name}-students", AssumeRolePolicyDocument=trust_policy())
    with Between(own.sandbox.endpoint_url) as between:
        where = ("--endpoint-url", between.url, "--region", "us-east-1")
        done("class", "new", name, "--prefix", name, "--count", "3", *where)
        yield Lesson(name, zygote, own, between)


@pytest.mark.long
def test_a_sweep_killed_anywhere_is_finished_by_the_same_command(lesson: Lesson) -> None:
    before = census(lesson.account)
    points = lesson.points()
    assert difference(before, census(lesson.account)) == []
    assert len(points) >= 20
    chosen = points if FULL else points[::SAMPLE]
    assert {point.side for point in chosen} == {"before", "after"}
    wrong = list[str]()
    for point in chosen:
        lesson.teach()
        lesson.kill(point)
        again = lesson.sweep().end()
        if again.code:
            wrong.append(f"{point}: exit code {again.code}: {again.err}")
        wrong += [f"{point}: {each}" for each in difference(before, census(lesson.account))]
    assert not wrong, "\n".join(wrong)
