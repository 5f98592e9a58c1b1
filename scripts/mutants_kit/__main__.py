"""The command: work through the groups, and print what nobody noticed."""

import argparse
import sys
import time
from collections import Counter

from mutants_kit.groups import GROUPS
from mutants_kit.verdicts import Explained, Fault, unnoticed
from mutants_kit.workshop import Workshop

LIMIT = 10
"""Per cent of the faults that may go unnoticed without a reason."""

HELP = """\
Each figure counts faults, small changes of one place: a condition reversed, an argument lost, a number off by
one. A fault is noticed if a test fails, or the type checker objects. Of those that are not noticed, some only
spoil the wording of a sentence, and some are explained in scripts/mutants_kit/explained.toml: they change
nothing that could be noticed. The rest are printed.
"""


def main() -> None:
    """Parse the command line, and do it."""
    parser = argparse.ArgumentParser("scripts/mutants", description=HELP)
    parser.add_argument("group", nargs="*", choices=[*GROUPS, []], help=", ".join(GROUPS))
    parser.add_argument("--again", action="store_true", help="only what was not noticed the last time")
    arguments = parser.parse_args()
    explained = Explained()
    totals: Counter[str] = Counter()
    for name in arguments.group or GROUPS:
        totals += _one(name, explained, again=arguments.again)
    _tell("all", totals)
    sys.exit(_share(totals) > LIMIT)


def _one(name: str, explained: Explained, *, again: bool) -> Counter[str]:
    began = time.monotonic()
    workshop = Workshop(name, GROUPS[name])
    workshop.open(again=again)
    workshop.work({})
    all_of, kinds = Counter[str](), Counter[str]()
    for fault in unnoticed(workshop.folder, all_of):
        kind = "wording" if fault.wording else "explained" if explained.has(fault) else "unnoticed"
        kinds[kind] += 1
        if kind == "unnoticed":
            _show(fault)
    kinds["faults"] = all_of.total()
    _tell(f"{name} ({time.monotonic() - began:.0f} s)", kinds)
    return kinds


def _show(fault: Fault) -> None:
    print(f"{fault.module}  {fault.name.rpartition('.')[2]}")
    for sign, lines in (("-", fault.was), ("+", fault.becomes)):
        for line in lines.splitlines():
            print(f"    {sign} {line}")


def _share(kinds: Counter[str]) -> float:
    counted = kinds["faults"] - kinds["wording"]
    return 100 * kinds["unnoticed"] / counted if counted else 0.0


def _tell(name: str, kinds: Counter[str]) -> None:
    print(
        f"{name}: {kinds['faults']} faults, {kinds['wording']} in sentences, {kinds['explained']} explained, "
        f"{kinds['unnoticed']} unnoticed ({_share(kinds):.1f} %)",
        flush=True,
    )


if __name__ == "__main__":
    main()
