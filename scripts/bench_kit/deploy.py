"""``scripts/bench deploy``: one run and teardown, beside other ways to make the same."""

import json
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bench_kit import classic, straight
from bench_kit.chalice_way import Chalice
from bench_kit.counting import counting
from bench_kit.figures import Figures, Ran, timed
from bench_kit.peers import ROOT, AbsentPeerError, python_peer
from bench_kit.report import Section
from bench_kit.world import LOH, World, world
from lambda_over_https.sandbox.layers.timing import Delays

SOURCE = ROOT / "function" / "LambdaFunctionOverHttps.py"
SCRIPT = "boto3, a straight script"
CHAIN = "longest chain of AWS's waits"
FLOOR = "  and a start of boto3 with one call"
CLI = "aws CLI, the classic commands"
CHALICE = "chalice deploy, chalice delete"
OURS = "loh run --no-pause, loh teardown"
ROUNDS = 3
DELAYS = Delays()


class Way(Protocol):
    """A way to make and delete the tutorial's resources at an endpoint; both return what they took."""

    def up(self, endpoint_url: str) -> list[Ran]:
        """Make everything, and test it."""

    def down(self, endpoint_url: str) -> list[Ran]:
        """Delete everything."""


Builder = Callable[[World, str], Way]
"""Makes a way for a world and its sandbox's endpoint."""


@dataclass(frozen=True)
class Ours:
    """The program itself; when calls are counted, it uses the counter's endpoint and not its sandbox's."""

    world: World
    own_endpoint: str

    def up(self, endpoint_url: str) -> list[Ran]:
        """Make everything."""
        return [self._loh(endpoint_url, "run", "--no-pause", "--yes")]

    def down(self, endpoint_url: str) -> list[Ran]:
        """Delete everything."""
        return [self._loh(endpoint_url, "teardown", "--yes")]

    def _loh(self, endpoint_url: str, *arguments: str) -> Ran:
        if endpoint_url == self.own_endpoint:
            return self.world.loh(*arguments)
        environment = self.world.aws_environment(endpoint_url)
        return timed([LOH, *arguments, "--endpoint-url", endpoint_url], environment)


@dataclass(frozen=True)
class Straight:
    """The straight boto3 script."""

    world: World

    def up(self, endpoint_url: str) -> list[Ran]:
        """Make everything."""
        return [self._run(endpoint_url, "up", str(SOURCE))]

    def down(self, endpoint_url: str) -> list[Ran]:
        """Delete everything."""
        return [self._run(endpoint_url, "down")]

    def _run(self, endpoint_url: str, *arguments: str) -> Ran:
        environment = self.world.aws_environment(endpoint_url)
        return timed([sys.executable, straight.__file__, *arguments], environment, self.world.home)


class Classic:
    """The tutorial's commands through the ``aws`` command line."""

    def __init__(self, own: World, aws: Path) -> None:
        self._world, self._aws, self._api_id = own, aws, ""
        self._archive = own.home / "classic.zip"
        with zipfile.ZipFile(self._archive, "w") as package:
            package.write(SOURCE, SOURCE.name)

    def up(self, endpoint_url: str) -> list[Ran]:
        """Make everything."""
        ran: list[Ran] = []
        self._api_id = classic.up(self._command(endpoint_url, ran), self._archive)
        return ran

    def down(self, endpoint_url: str) -> list[Ran]:
        """Delete everything."""
        ran: list[Ran] = []
        classic.down(self._command(endpoint_url, ran), self._api_id)
        return ran

    def _command(self, endpoint_url: str, ran: list[Ran]) -> classic.Aws:
        environment = {**self._world.aws_environment(endpoint_url), "AWS_DEFAULT_OUTPUT": "json"}

        def aws(*arguments: str) -> Any:
            ran.append(timed([self._aws, *arguments], environment))
            return json.loads(ran[-1].output or "null")

        return aws


def measure(peers: bool, say: Callable[[str], None]) -> Iterator[Section]:
    """With no delays, several rounds; then once with AWS's timing, beside the longest chain of waits."""
    yield _without_delays(peers, say)
    yield _with_timing(peers, say)


def _builders(peers: bool, section: Section, say: Callable[[str], None]) -> dict[str, Builder]:
    builders: dict[str, Builder] = {OURS: Ours, SCRIPT: lambda own, _: Straight(own)}
    for name, peer, way in ((CLI, "aws", Classic), (CHALICE, "chalice", Chalice)) if peers else ():
        try:
            builders[name] = _built(way, python_peer(peer, say))
        except AbsentPeerError as absent:
            section.notes.append(f"{name}: left out: {absent}.")
    if CHALICE in builders:
        section.notes.append("Chalice makes no table, and leaves the function's log group behind.")
    return builders


def _built(way: Callable[[World, Path], Way], command: Path) -> Builder:
    return lambda own, _: way(own, command)


def _without_delays(peers: bool, say: Callable[[str], None]) -> Section:
    section = Section(f"Up and down with no delays (middle of {ROUNDS} rounds; processes' start included)")
    with world() as own:
        own.start()
        endpoint = own.sandbox()["endpoint_url"]
        ways = {name: build(own, endpoint) for name, build in _builders(peers, section, say).items()}
        rounds: dict[str, list[Figures]] = {name: [] for name in ways}
        for number in range(ROUNDS):
            for name, way in ways.items():
                say(f"{name}, round {number + 1} …")
                rounds[name].append(_once(way, endpoint))
        for name, each in rounds.items():
            middle = sorted(each, key=lambda figures: float(figures["up_s"] or 0))[ROUNDS // 2]
            section.add(name, {**middle, **_counted(ways[name], endpoint)})
    for name in section.rows:
        section.compare(name, "up_s", SCRIPT, "up ÷ script")
        section.compare(name, "down_s", SCRIPT, "down ÷ script")
    section.notes.append("The script checks nothing first; run calls the function 19 times to test it.")
    return section


def _once(way: Way, endpoint: str) -> Figures:
    up, down = way.up(endpoint), way.down(endpoint)
    return {
        "up_s": round(sum(each.seconds for each in up), 2),
        "down_s": round(sum(each.seconds for each in down), 2),
        "processor_s": round(sum(each.processor_seconds for each in [*up, *down]), 2),
        "peak_mib": round(max(each.peak_mib for each in [*up, *down]), 1),
    }


def _counted(way: Way, endpoint: str) -> Figures:
    with counting(endpoint) as counter:
        way.up(counter.url)
        up = counter.calls
        way.down(counter.url)
        return {"up_calls": up, "down_calls": counter.calls - up}


def _with_timing(peers: bool, say: Callable[[str], None]) -> Section:
    section = Section("Up and down with AWS's timing")
    for name, build in _builders(peers, section, say).items():
        with _slow_world() as (own, endpoint):
            if not section.rows:
                section.add(CHAIN, {"up_s": longest(UP), "down_s": longest(DOWN)})
                start = _start_of_boto3(own, endpoint)
                section.add(FLOOR, {"up_s": longest(UP) + start, "down_s": longest(DOWN) + start})
            say(f"{name}, with AWS's timing …")
            taken = _once(build(own, endpoint), endpoint)
        with _slow_world() as (own, endpoint):
            say(f"{name}, once more to count its calls …")
            section.add(name, {**taken, **_counted(build(own, endpoint), endpoint)})
        for figure in ("up_s", "down_s"):
            section.compare(name, figure, CHAIN, f"{figure.removesuffix('_s')} ÷ chain")
            section.compare(name, figure, FLOOR, f"{figure.removesuffix('_s')} ÷ floor")
    waits = ", ".join(f"{name} {seconds:g} s" for name, seconds in _named_waits().items())
    section.notes.append(f"The sandbox waits as AWS typically does: {waits}.")
    return section


@contextmanager
def _slow_world() -> Iterator[tuple[World, str]]:
    """A sandbox with AWS's timing, and its endpoint; a new one each time.

    (It takes one DeleteRestApi in 30 s: the next teardown would wait for the one before.)
    """
    with world() as own:
        own.start("--timing", "aws")
        yield own, own.sandbox()["endpoint_url"]


def _start_of_boto3(own: World, endpoint: str) -> float:
    """The least that any program with boto3 takes besides its waits: to start and to make one call."""
    program = "import boto3; boto3.client('sts').get_caller_identity()"
    command = [sys.executable, "-c", program]
    environment = own.aws_environment(endpoint)
    return round(sorted(timed(command, environment).seconds for _ in range(ROUNDS))[ROUNDS // 2], 2)


def _named_waits() -> Mapping[str, float]:
    return {name: getattr(DELAYS, name) for name in DELAYS.__slots__}


# What must wait for what: the chains are AWS's, whoever makes the calls.
UP = {
    "role": (DELAYS.role, ()),
    "function": (DELAYS.function, ("role",)),
    "table": (DELAYS.table, ()),
    "deployment": (DELAYS.deployment, ()),
    "permission": (DELAYS.permission, ("function",)),
}
DOWN: Mapping[str, tuple[float, tuple[str, ...]]] = {"table": (DELAYS.table_deletion, ())}


def longest(waits: Mapping[str, tuple[float, tuple[str, ...]]]) -> float:
    """The length of the longest chain, in seconds."""
    ends: dict[str, float] = {}
    for name, (seconds, after) in waits.items():
        ends[name] = seconds + max((ends[each] for each in after), default=0.0)
    return max(ends.values())
