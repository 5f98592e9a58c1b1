"""``scripts/bench startup``: how quickly commands start, beside a minimal Typer program and other tools."""

import functools
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path

from bench_kit.figures import Figures, in_turns, timed
from bench_kit.peers import AbsentPeerError, python_peer
from bench_kit.report import Section
from bench_kit.world import LOH, World, world

ROUNDS = 11

MINIMAL = """
import typer
def main(name: str = "you"):
    print(f"Hello {name}")
typer.run(main)
"""
LEANEST = """
import typer
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
@app.command()
def hello(name: str = "you") -> None:
    typer.echo(f"Hello {name}")
app()
"""
TYPER = "minimal Typer program, --help"
RUNNING = "minimal Typer program, greeting"
LEAN = "leanest Typer program, --help without Rich"
OURS = (
    ("--help",),
    ("--version",),
    ("steps",),
    ("steps", "--json"),
    ("explain", "3.6"),
    ("status",),
    ("status", "--json"),
)
PEERS = ("aws", "chalice", "sam")


def measure(peers: bool, say: Callable[[str], None]) -> Iterator[Section]:
    """Wall-clock and processor time from start to end: the median of several rounds."""
    section = Section(f"Start-up of commands (median of {ROUNDS} rounds)")
    with world() as own:
        own.loh("run", "--no-pause", "--yes")
        commands = _commands(own)
        if peers:
            commands |= _peers(section, say)
        say("Starting commands …")
        taken: dict[str, list[float]] = {name: [] for name in commands}

        def once(name: str) -> float:
            ran = timed(commands[name], own.environment)
            taken[name].append(ran.processor_seconds)
            return ran.seconds

        seconds = in_turns({name: functools.partial(once, name) for name in commands}, ROUNDS)
    for name, each in seconds.items():
        processor = statistics.median(taken[name])
        figures = {"median_ms": statistics.median(each) * 1000, "processor_ms": processor * 1000}
        section.add(name, {key: round(value, 1) for key, value in figures.items()})
        section.compare(name, "processor_ms", TYPER, "processor ÷ Typer's help")
        section.compare(name, "processor_ms", RUNNING, "processor ÷ Typer greeting")
        section.compare(name, "processor_ms", LEAN, "processor ÷ leanest help")
    section.notes.append(
        "Typer's own help is drawn with Rich; the greeting, the leanest help, our help and tables are not."
    )
    yield section
    yield _weight()


def _commands(own: World) -> dict[str, Sequence[str | Path]]:
    script, lean = own.home / "minimal.py", own.home / "leanest.py"
    script.write_text(MINIMAL)
    lean.write_text(LEANEST)
    commands: dict[str, Sequence[str | Path]] = {
        "python -c pass": [sys.executable, "-c", "pass"],
        TYPER: [sys.executable, script, "--help"],
        RUNNING: [sys.executable, script],
        LEAN: [sys.executable, lean, "--help"],
    }
    return commands | {f"loh {' '.join(each)}": [LOH, *each] for each in OURS}


def _peers(section: Section, say: Callable[[str], None]) -> dict[str, Sequence[str | Path]]:
    found: dict[str, Sequence[str | Path]] = {}
    for name in PEERS:
        try:
            found[f"{name} --version"] = [python_peer(name, say), "--version"]
        except AbsentPeerError as absent:
            section.notes.append(f"{name} was left out: {absent}.")
    return found


def _weight() -> Section:
    """The size of an installation of the program, with its dependencies."""
    section = Section("Installed size")
    sizes = {name: _size(name) for name in sorted(_needed("lambda-over-https"))}
    total: Figures = {"packages": len(sizes), "installed_mib": round(sum(sizes.values()), 1)}
    section.add("lambda-over-https and all it needs", total)
    for name, size in sorted(sizes.items(), key=lambda each: -each[1])[:5]:
        section.add(f"  {name}", {"installed_mib": round(size, 1)})
    return section


def _needed(name: str) -> set[str]:
    """The distribution and its dependencies on this machine, by normalized name."""
    from packaging.requirements import Requirement

    seen: set[str] = set()
    left = [name]
    while left:
        each = left.pop().lower().replace("_", "-")
        if each in seen:
            continue
        seen.add(each)
        for line in metadata.requires(each) or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                left.append(requirement.name)
    return seen


def _size(name: str) -> float:
    files = metadata.distribution(name).files or ()
    found = [Path(str(file.locate())) for file in files]
    return sum(each.stat().st_size for each in found if each.is_file()) / 1024**2
