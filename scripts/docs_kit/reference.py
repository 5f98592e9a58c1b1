"""The command reference, from the program's own definitions."""

from collections.abc import Iterator
from typing import Any

import typer

from lambda_over_https.cli.app import app
from lambda_over_https.cli.help import examples, panel_of, prose
from lambda_over_https.cli.options import WHAT, WHERE

SHARED: dict[str, str] = {
    name: annotation.__metadata__[0].help for name, annotation in (WHERE | WHAT).items()
}
HEAD = """# Command reference

`scripts/docs` generates this file from the program; `loh COMMAND --help` says the same.
`lambda-over-https` is the long name of `loh`.
"""
ENVIRONMENT = """Each can also be set in the environment, as `LAMBDA_OVER_HTTPS_` and its name in capitals;
`loh status --settings` shows each value and where it came from.
"""


def reference() -> str:
    """The whole reference as Markdown."""
    group: Any = typer.main.get_command(app)
    return "\n".join(_reference(group)).rstrip("\n") + "\n"


def _reference(group: Any) -> Iterator[str]:
    yield HEAD
    panel = ""
    for name, command in group.commands.items():
        found = panel_of(command)
        if found != panel:
            panel = found
            yield f"## {panel}\n"
        for each, full in _leaves(name, command):
            yield from _command(full, each)
    yield "## Options of all commands on a deployment\n"
    yield ENVIRONMENT
    run = group.commands["run"]
    yield from _options([each for each in run.params if _is_shared(each)])
    yield "\n## Options of the program, before the command\n"
    yield from _options(group.params)


def _leaves(name: str, command: Any) -> Iterator[tuple[Any, str]]:
    if hasattr(command, "commands"):
        for inner, each in command.commands.items():
            yield from _leaves(f"{name} {inner}", each)
    else:
        yield command, name


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    usage = " ".join([f"loh {name}", *(_usage(each) for each in arguments)])
    yield f"### `{usage}`\n"
    for paragraph in prose(command.help or "").split("\n\n"):
        yield f"{' '.join(paragraph.split())}\n"
    own = [each for each in command.params if each.param_type_name == "option" and not _is_shared(each)]
    if own:
        yield from _options(own)
        yield ""
    found = list(examples(command.help or ""))
    if found:
        yield "```sh\n" + "\n".join(found) + "\n```\n"


def _is_shared(option: Any) -> bool:
    return SHARED.get(option.name) == option.help


def _usage(argument: Any) -> str:
    name = (argument.metavar or argument.name or "").upper().strip("[]")
    return name if argument.required else f"[{name}]"


def _options(params: list[Any]) -> Iterator[str]:
    for each in params:
        if each.name == "help":
            continue
        flags = ", ".join(f"`{flag}`" for flag in [*each.opts, *each.secondary_opts])
        default = (
            f" Default: `{each.default}`."
            if isinstance(each.default, str | int) and each.default not in (False, "", True)
            else ""
        )
        variable = f" Environment: `{each.envvar}`." if each.envvar and not _is_shared(each) else ""
        yield f"- {flags}: {each.help}{default}{variable}"
