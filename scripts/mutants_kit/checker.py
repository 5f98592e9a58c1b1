"""What the type checker says of each fault, as mutmut wants it: one JSON document a line.

usage: python checker.py mypy MODULE…
"""

import ast
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

MUTANT = re.compile(r"__mutmut_\d+$")
NOT_OF_A_FAULT = frozenset({"has-type", "misc", "no-redef", "unused-ignore", "var-annotated"})
"""What mypy says of the copies themselves: they stand side by side in one class."""


@cache
def mutants(file: str) -> list[range]:
    """The lines of each mutant in the file."""
    tree = ast.parse(Path(file).read_text())
    functions = (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return [range(each.lineno, (each.end_lineno or 0) + 1) for each in functions if MUTANT.search(each.name)]


def main(modules: list[str]) -> None:
    """Print the errors that are a mutant's."""
    command = [sys.executable, "-m", "mypy", "--output=json", "--no-warn-unused-ignores", *modules]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    for line in said.splitlines():
        found = json.loads(line)
        if found["code"] not in NOT_OF_A_FAULT and _is_a_mutants(found, modules):
            print(line)


def _is_a_mutants(found: dict[str, Any], modules: list[str]) -> bool:
    file = found["file"]
    return file in modules and any(found["line"] in lines for lines in mutants(file))


if __name__ == "__main__":
    main(sys.argv[2:])
