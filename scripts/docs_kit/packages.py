"""The map of the packages: each with the first sentence of its docstring, as a tree."""

import ast
import textwrap
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "lambda_over_https"
WIDTH = 120
COLUMN = 20
"""Where the sentences begin."""


def package_map(root: Path) -> str:
    """The tree as a Markdown block: packages and their subpackages, then the modules beside them."""
    return "\n".join(["```", *_tree(root / PACKAGE), "```"]) + "\n"


def _tree(folder: Path) -> Iterator[str]:
    yield f"{PACKAGE}/"
    yield from _packages(folder, "  ")
    for module in sorted(folder.glob("*.py")):
        if module.stem not in ("__init__", "__main__"):
            yield from _entry(f"  {module.name}", module)


def _packages(folder: Path, indent: str) -> Iterator[str]:
    for package in sorted(each.parent for each in folder.glob("*/__init__.py")):
        yield from _entry(f"{indent}{package.name}/", package / "__init__.py")
        yield from _packages(package, indent + "  ")


def _entry(name: str, module: Path) -> Iterator[str]:
    """One line, or more if the sentence is long; raises ValueError if there is no docstring."""
    first, *others = textwrap.wrap(_sentence(module), WIDTH - COLUMN)
    yield f"{name:<{COLUMN - 1}} {first}"
    for line in others:
        yield f"{'':<{COLUMN}}{line}"


def _sentence(module: Path) -> str:
    docstring = ast.get_docstring(ast.parse(module.read_text()))
    if not docstring:
        raise ValueError(f"{module} has no docstring")
    return docstring.splitlines()[0].replace("``", "").rstrip(".")
