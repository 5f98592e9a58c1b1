"""``scripts/bench class``: many deployments side by side in one account, under AWS's published rates."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from bench_kit.deploy import DOWN, UP, longest
from bench_kit.figures import Figures, Ran
from bench_kit.report import Section
from bench_kit.world import World, world
from lambda_over_https.sandbox.layers.throttles import RATES

SIZES = (1, 5, 30)

REFUSED = re.compile(r"AWS limits \w+ for the whole account$", re.MULTILINE)
"""What a run prints when a call was refused and is repeated; while it waits for its turn it prints more."""


def measure(largest: int, factor: float, say: Callable[[str], None]) -> Iterator[Section]:
    """Every learner's ``run``, all at once, a process each; then every ``teardown``.

    ``factor`` shortens AWS's waits and rates alike, so that the shape is AWS's and the time is not.
    """
    section = Section(f"1 to {largest} deployments under AWS's rates, with {factor:g} of AWS's time")
    for size in [*(each for each in SIZES if each < largest), largest]:
        say(f"{size} deployments side by side …")
        section.add(str(size), _class(size, factor))
    section.notes.append(
        "The bound: API Gateway takes one CreateDeployment in 5 s and one DeleteRestApi in 30 s from an "
        "account; the last of them ends with the longest chain of waits after it."
    )
    section.notes.append("refused: calls that AWS answered 429 and that were made again, unseen by a user.")
    section.notes.append(
        "up_s ÷ bound and down_s ÷ bound count the start of all processes on this machine too."
    )
    yield section


def _class(size: int, factor: float) -> Figures:
    names = [f"learner{number}" for number in range(1, size + 1)]
    with world() as own:
        own.start("--timing", "aws", "--timing-factor", str(factor))
        up_s, ups = _all_at_once(own, names, "run", "--no-pause")
        down_s, downs = _all_at_once(own, names, "teardown")
    refused = sum(len(REFUSED.findall(each.output)) for each in [*ups, *downs])
    up_bound = _bound("CreateDeployment", size, UP, factor)
    down_bound = _bound("DeleteRestApi", size, DOWN, factor)
    return {
        "up_s": round(up_s, 1),
        "up bound_s": round(up_bound, 1),
        "up ÷ bound": round(up_s / up_bound, 2),
        "down_s": round(down_s, 1),
        "down bound_s": round(down_bound, 1),
        "down ÷ bound": round(down_s / down_bound, 2),
        "refused": refused,
        "processor_s": round(sum(each.processor_seconds for each in [*ups, *downs]), 1),
        "peak_mib of one": round(max(each.peak_mib for each in [*ups, *downs]), 1),
    }


def _all_at_once(own: World, names: Sequence[str], *command: str) -> tuple[float, list[Ran]]:
    began = time.perf_counter()
    with ThreadPoolExecutor(len(names)) as pool:
        ran = list(pool.map(lambda name: own.loh(*command, "--name", name, "--yes"), names))
    return time.perf_counter() - began, ran


def _bound(
    operation: str, size: int, waits: Mapping[str, tuple[float, tuple[str, ...]]], factor: float
) -> float:
    """Seconds until the last call has its turn, or until the longest chain has ended, whichever is later."""
    rate = RATES["apigateway", operation]
    turn = (size - rate.burst) * rate.seconds / rate.calls
    after = {"CreateDeployment": UP["deployment"][0]}.get(operation, 0.0)
    return factor * max(turn + after, longest(waits))
