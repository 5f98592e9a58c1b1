"""The commands, one module for each group; a module is loaded when one of its commands is used."""

import functools
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.main import get_group

from lambda_over_https.cli.help import Entry, first_sentence, panel_of, show_examples

MODULES = {
    "tutorial": ("run", "next", "undo", "steps", "explain", "plan"),
    "drill": ("drill",),
    "chapter": ("chapter",),
    "classes": ("class",),
    "calling": ("call", "logs"),
    "clients": ("url", "snippets"),
    "watching": ("watch", "new-handler"),
    "looking": ("status", "verify", "list"),
    "board": ("board",),
    "report": ("report",),
    "recorded": ("history", "export"),
    "care": ("teardown", "recover", "doctor"),
    "policy": ("policy",),
    "sandbox": ("sandbox",),
}
"""The commands of each module, in the order of the help."""


class OnDemand(Mapping[str, Any]):
    """The commands by name; looking one up loads its module, listing the names loads nothing."""

    def __init__(self) -> None:
        self._homes = {name: module for module, names in MODULES.items() for name in names}

    def __getitem__(self, name: str) -> Any:
        return commands_of(self._homes[name])[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)


@functools.cache
def commands_of(module: str) -> Mapping[str, Any]:
    """The commands that a module of this package defines, by name."""
    app = typer.Typer(rich_markup_mode=None)
    own = _app(module)
    app.add_typer(own, rich_help_panel=own.rich_help_panel)
    show_examples(app)
    return dict(get_group(app).commands)


def overview() -> Iterator[Entry]:
    """The entries of the list of commands."""
    for module, (first, *_) in MODULES.items():
        app = _app(module)
        if app.info.name == first:
            yield Entry(first, panel_of(app), first_sentence(str(app.info.help)))
            continue
        for command in app.registered_commands:
            function: Any = command.callback
            name = command.name or function.__name__
            yield Entry(name, panel_of(command), first_sentence(function.__doc__))


def _app(module: str) -> typer.Typer:
    app: typer.Typer = import_module(f"{__name__}.{module}").app
    return app
