"""The command reference, from the program's own definitions."""

from collections.abc import Iterator
from typing import Any

import typer

from lambda_over_https.cli.app import app
from lambda_over_https.cli.help import examples, prose
from lambda_over_https.cli.options import WHAT, WHERE

SHARED = {*WHERE, *WHAT}


def commands() -> str:
    """The whole reference as Markdown."""
    group: Any = typer.main.get_command(app)
    return "\n".join(_reference(group)).rstrip("\n") + "\n"


def _reference(group: Any) -> Iterator[str]:
    panel = ""
    for name, command in group.commands.items():
        found = getattr(command, "rich_help_panel", None)
        heading = found if isinstance(found, str) else "The sandbox"
        if heading != panel:
            panel = heading
            yield f"### {panel}\n"
        for each, full in _leaves(name, command):
            yield from _command(full, each)
    yield "### Options of all commands on a deployment\n"
    yield "Each can be set in the environment too, as `LAMBDA_OVER_HTTPS_` and its name in capitals;"
    yield "`loh status --settings` shows each value and where it came from.\n"
    run = group.commands["run"]
    yield from _options([each for each in run.params if each.name in SHARED])
    yield ""


def _leaves(name: str, command: Any) -> Iterator[tuple[Any, str]]:
    if hasattr(command, "commands"):
        for inner, each in command.commands.items():
            yield from _leaves(f"{name} {inner}", each)
    else:
        yield command, name


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    usage = " ".join([f"loh {name}", *(_usage(each) for each in arguments)])
    yield f"#### `{usage}`\n"
    yield f"{' '.join(prose(command.help or '').split())}\n"
    own = [
        each
        for each in command.params
        if each.param_type_name == "option"
        and each.name not in SHARED
        and each.name not in ("help", "as_json")
    ]
    yield from _options(own)
    if any(each.name == "as_json" for each in command.params):
        yield "- `--json`: one JSON document on standard output."
    yield ""
    found = list(examples(command.help or ""))
    if found:
        yield "```sh\n" + "\n".join(found) + "\n```\n"


def _usage(argument: Any) -> str:
    name = (argument.metavar or argument.name or "").upper().strip("[]")
    return name if argument.required else f"[{name}]"


def _options(params: list[Any]) -> Iterator[str]:
    for each in params:
        flags = ", ".join(f"`{flag}`" for flag in [*each.opts, *each.secondary_opts])
        default = (
            f" Default: `{each.default}`."
            if isinstance(each.default, str | int) and each.default not in (False, "", True)
            else ""
        )
        yield f"- {flags}: {each.help}{default}"
