"""``scripts/bench sandbox``: requests through the sandbox, beside MiniStack and serverless-offline."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench_kit import proxied
from bench_kit.figures import Figures, processor_seconds, resident_mib
from bench_kit.load import Target, load
from bench_kit.peers import AbsentPeerError
from bench_kit.report import Section
from bench_kit.servers import Server, ministack, serverless_offline
from bench_kit.world import World, world

OPERATIONS: dict[str, dict[str, Any]] = {
    "echo": {"somekey1": "somevalue1", "somekey2": "somevalue2"},
    "create": {"Item": {"Id": "1", "name": "Bob", "number": 5}},
    "read": {"Key": {"Id": "1"}},
}
CLIENTS = (1, 8)
SERVERLESS_OFFLINE = "serverless-offline (JavaScript)"
MINISTACK = "MiniStack"
ROUNDS = 3


@dataclass(frozen=True)
class Contestant:
    """A server: its name in the report, its processes, and what to send it for each task."""

    name: str
    pids: Sequence[int]
    targets: dict[str, Target]

    def run(self, task: str, clients: int, seconds: float) -> Figures:
        """Run the load of one task."""
        before, own_before = processor_seconds(self.pids), time.process_time()
        figures = load(self.targets[task], clients, seconds)
        after, own_after = processor_seconds(self.pids), time.process_time()
        sent = int(figures.pop("sent") or 1)
        if before is not None and after is not None:
            figures["processor_ms"] = round((after - before) * 1000 / sent, 2)
        figures["client_ms"] = round((own_after - own_before) * 1000 / sent, 2)
        return figures


def measure(seconds: float, peers: bool, say: Callable[[str], None]) -> Iterator[Section]:
    """Measure requests; each load takes ``seconds`` in all."""
    section = Section("Start and memory of the sandbox")
    with world() as own, contextlib.ExitStack() as servers:
        started = own.start()
        section.add("sandbox", {"start_s": round(started.seconds, 2)})
        contestants = [_tutorial(own, "python"), _tutorial(own, "nodejs"), _proxied(own)]
        if peers:
            contestants += _peers(own, servers, section, say)
        pid = own.sandbox()["pid"]
        section.add("sandbox", {**section.rows["sandbox"], "idle_mib": resident_mib(pid)})
        section.notes.append("start_s: until the first answer; idle_mib: with all functions' workers warm;")
        section.notes.append(
            "processor_ms (below): the server's processor time for one request, its workers'"
        )
        section.notes.append("included; client_ms: that of the load generator, which runs beside it.")
        yield section
        yield from _loads(contestants, seconds, say)


def _tutorial(own: World, runtime: str) -> Contestant:
    name = {"python": "tutorial", "nodejs": "js"}[runtime]
    report = own.answer("run", "--name", name, "--runtime", runtime, "--no-pause", "--yes")
    where = own.sandbox()
    secure = report["invoke_url"]
    plain = secure.replace(where["https_url"], where["endpoint_url"])
    table = next(each["name"] for each in report["resources"] if each["kind"] == "dynamodb:table")
    targets = {}
    for scheme, url in (("HTTP", plain), ("HTTPS", secure)):
        for operation, payload in OPERATIONS.items():
            body = json.dumps({"operation": operation, "tableName": table, "payload": payload}).encode()
            targets[f"{operation} over {scheme}"] = Target(url, body, where["ca_bundle"])
    language = {"python": "Python", "nodejs": "JavaScript"}[runtime]
    return Contestant(f"sandbox ({language})", [where["pid"]], targets)


def _proxied(own: World) -> Contestant:
    where = own.sandbox()
    return _proxied_on("sandbox (Python)", where["endpoint_url"], [where["pid"]], own.keys())


def _proxied_on(
    name: str, endpoint_url: str, pids: Sequence[int], keys: tuple[str, str] = ("test", "test")
) -> Contestant:
    url = proxied.deploy(endpoint_url, keys)
    return Contestant(name, pids, {task: Target(url, body) for task, body in proxied.BODIES.items()})


def _peers(
    own: World, servers: contextlib.ExitStack, section: Section, say: Callable[[str], None]
) -> Iterator[Contestant]:
    with _optional(MINISTACK, section):
        server = servers.enter_context(ministack(own, say))
        yield _proxied_on(MINISTACK, server.url, server.pids)
        _put_down(section, MINISTACK, server)
        section.notes.append(
            "MiniStack sends the proxy event to a non-proxy integration's function, which the tutorial's "
            "function cannot read; so both servers run functions that read a proxy event."
        )
    with _optional(SERVERLESS_OFFLINE, section):
        server = servers.enter_context(serverless_offline(own, say))
        targets = {}
        for operation, payload in OPERATIONS.items():
            event = {"operation": operation, "tableName": "LambdaTable", "payload": payload}
            targets[f"{operation} over HTTP"] = Target(server.url, json.dumps(event).encode())
        yield Contestant(SERVERLESS_OFFLINE, server.pids, targets)
        _put_down(section, SERVERLESS_OFFLINE, server)
        section.notes.append("serverless-offline has no DynamoDB: dynalite runs beside it.")


@contextlib.contextmanager
def _optional(name: str, section: Section) -> Iterator[None]:
    try:
        yield
    except AbsentPeerError as absent:
        section.notes.append(f"{name} was left out: {absent}.")


def _put_down(section: Section, name: str, server: Server) -> None:
    memory = [resident_mib(pid) for pid in server.pids]
    total = None if None in memory else round(sum(each for each in memory if each is not None), 1)
    section.add(name, {"start_s": round(server.start_s, 2), "idle_mib": total})


def _loads(contestants: list[Contestant], seconds: float, say: Callable[[str], None]) -> Iterator[Section]:
    tasks = list(dict.fromkeys(task for each in contestants for task in each.targets))
    for task in tasks:
        section = Section(f"Requests: {task}")
        for clients in CLIENTS:
            say(f"{task}, {clients} at a time …")
            _race([each for each in contestants if task in each.targets], task, clients, seconds, section)
        yield section


def _race(contestants: list[Contestant], task: str, clients: int, seconds: float, section: Section) -> None:
    """Let the contestants take turns, so that a busy moment of the machine affects all of them."""
    suffix = f", {clients} at a time"
    rounds: dict[str, list[Figures]] = {each.name: [] for each in contestants}
    for contestant in contestants * ROUNDS:
        try:
            rounds[contestant.name].append(contestant.run(task, clients, seconds / ROUNDS))
        except (RuntimeError, OSError) as error:
            section.notes.append(f"{contestant.name}{suffix}: {error}")
    for name, figures in rounds.items():
        section.add(name + suffix, _middle(figures) if figures else {})
    for peer in rounds.keys() & {SERVERLESS_OFFLINE, MINISTACK}:
        for name in rounds:
            section.compare(name + suffix, "median_ms", peer + suffix, "median ÷ peer's")
            section.compare(name + suffix, "p99_ms", peer + suffix, "p99 ÷ peer's")
            section.compare(name + suffix, "per_second", peer + suffix, "rate ÷ peer's")


def _middle(rounds: list[Figures]) -> Figures:
    """The round in the middle, by its median."""
    return sorted(rounds, key=lambda each: float(each["median_ms"] or 0))[len(rounds) // 2]
