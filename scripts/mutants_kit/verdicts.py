"""What became of each fault: noticed, explained, in a sentence, or not noticed by anybody."""

import ast
import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutants_kit.workshop import UNNOTICED

EXPLAINED = Path(__file__).with_name("explained.toml")


@dataclass(frozen=True)
class Fault:
    """One that nobody noticed: the lines that it took, and those that it put there."""

    module: str
    name: str
    was: str
    becomes: str

    @property
    def wording(self) -> bool:
        """Whether it only spoils a sentence that people read: nothing but texts with a blank differ."""
        was, becomes = _texts(self.was), _texts(self.becomes)
        return was is not None and becomes is not None and was[0] == becomes[0] and was[1] != becomes[1]


def _texts(source: str) -> tuple[str, list[str]] | None:
    """The source with each sentence taken out, and the sentences; None if it is no code by itself."""
    for attempt in (source, f"({source}\n)", f"f({source}\n)", f"{{{source}\n}}", f"def f():\n {source}"):
        try:
            tree = ast.parse(attempt)
        except SyntaxError:
            continue
        sentences = []
        for each in ast.walk(tree):
            if isinstance(each, ast.Constant) and _is_a_sentence(each.value):
                sentences.append(str(each.value))
                each.value = ""
        return ast.dump(tree), sentences
    return None


def _is_a_sentence(value: object) -> bool:
    return isinstance(value, str) and " " in value.strip("X")


class Explained:
    """The checked-in list of faults that change nothing which could be noticed, each with its reason."""

    def __init__(self) -> None:
        entries = tomllib.loads(EXPLAINED.read_text())["fault"]
        self._entries = {(each["module"], each["was"], each["becomes"]) for each in entries}
        self.used: set[tuple[str, str, str]] = set()

    def has(self, fault: Fault) -> bool:
        """Whether the fault is in the list."""
        key = (fault.module, fault.was, fault.becomes)
        self.used |= {key} & self._entries
        return key in self._entries


def unnoticed(workshop: Path, counts: Counter[str]) -> Iterator[Fault]:
    """Every fault that nobody noticed; all that there are go into ``counts``, by module."""
    for results in sorted(workshop.glob("mutants/lambda_over_https/**/*.meta")):
        module = str(results.relative_to(workshop / "mutants").with_suffix(""))
        codes = json.loads(results.read_text())["exit_code_by_key"]
        counts[module] += len(codes)
        for name, code in codes.items():
            if code in UNNOTICED:
                yield Fault(module, name, *_difference(workshop, name))


def _difference(workshop: Path, name: str) -> tuple[str, str]:
    command = [Path(sys.executable).with_name("mutmut"), "show", name]
    shown = subprocess.run(command, cwd=workshop, capture_output=True, text=True, check=True).stdout
    lines = [line for line in shown.splitlines() if not line.startswith(("---", "+++"))]
    taken, put = ("\n".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+")
    return taken, put
