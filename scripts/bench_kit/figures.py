"""What is measured, as plain numbers: latencies, repeated commands, memory, counted calls."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Figures = dict[str, float | int | str | None]
"""One row of the report: names of figures with their unit at the end (``_ms``, ``_s``, ``_mib``)."""


def latencies(seconds: Sequence[float], elapsed: float) -> Figures:
    """Median, 99th percentile and worst latency in milliseconds, and requests a second over ``elapsed``."""
    ordered = sorted(seconds)
    return {
        "median_ms": round(statistics.median(ordered) * 1000, 3),
        "p99_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000, 3),
        "worst_ms": round(ordered[-1] * 1000, 3),
        "per_second": round(len(ordered) / elapsed, 1),
        "sent": len(ordered),
    }


@dataclass(frozen=True)
class Ran:
    """A process that has ended: wall-clock and processor seconds, and the most memory it held at once."""

    seconds: float
    processor_seconds: float
    peak_mib: float
    output: str

    def figures(self) -> Figures:
        """The same for the report."""
        return {
            "seconds": round(self.seconds, 3),
            "processor_s": round(self.processor_seconds, 3),
            "peak_mib": round(self.peak_mib, 1),
        }


def timed(command: Sequence[str | Path], environment: Mapping[str, str], cwd: Path | None = None) -> Ran:
    """Run ``command`` to its end; raises RuntimeError with its output if it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(each) for each in command],
        env=dict(environment),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    output = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(
            f"{' '.join(map(str, command))} ended with {process.returncode}:\n{output[-2000:]}"
        )
    return Ran(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _RSS_PER_MIB, output)


_RSS_PER_MIB = 1024**2 if os.uname().sysname == "Darwin" else 1024


def in_turns(tasks: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Do every task once in each round, so that a busy moment of the machine affects all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            taken[name].append(task())
    return taken


def resident_mib(pid: int) -> float | None:
    """Memory that the process and all that it started hold now, shared pages counted in part (Linux)."""
    try:
        return round(sum(_proportional(each) for each in [pid, *_descendants(pid)]), 1)
    except OSError:
        return None


def processor_seconds(pids: Sequence[int]) -> float | None:
    """Processor time that the processes and all they started have used (Linux)."""
    try:
        every = [each for pid in pids for each in (pid, *_descendants(pid))]
        return sum(_used(each) for each in every)
    except OSError:
        return None


def _used(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, listing.read_text().split()):
            found += [child, *_descendants(child)]
    return found
