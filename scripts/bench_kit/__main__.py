"""The command line of ``scripts/bench``."""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

from bench_kit import deploy, growth, sandbox, startup
from bench_kit.report import Section, as_json, as_text, say, tell

Bench = Callable[[argparse.Namespace], Iterable[Section]]

BENCHES: dict[str, Bench] = {
    "startup": lambda options: startup.measure(options.peers, say),
    "deploy": lambda options: deploy.measure(options.peers, say),
    "class": lambda options: growth.measure(options.deployments, options.factor, say),
    "sandbox": lambda options: sandbox.measure(options.seconds, options.peers, say),
}


def main() -> None:
    """Measure what was asked for; write tables to standard output, and JSON to a file if one was named."""
    options = _options()
    sections: list[Section] = []
    for name in BENCHES if options.what == "all" else (options.what,):
        for section in BENCHES[name](options):
            sections.append(section)
            tell(as_text(section))
            if options.json:
                options.json.write_text(as_json(sections) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measure the program beside its peers."
    )
    parser.add_argument("what", nargs="?", default="all", choices=["all", *BENCHES])
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="also write the report to this file as JSON"
    )
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="measure the program alone")
    parser.add_argument(
        "--seconds", type=float, default=3, help="how long each load of requests lasts (default: 3)"
    )
    parser.add_argument(
        "--deployments", type=int, default=30, help="the most deployments side by side (default: 30)"
    )
    parser.add_argument(
        "--factor",
        type=float,
        default=1,
        help="scale AWS's waits and rates for them (default: 1, which takes 20 minutes)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
