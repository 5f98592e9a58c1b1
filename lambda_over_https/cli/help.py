"""Help that is easy to scan and quick to print: commands in groups, one example a line, plain text."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple

from typer.core import TyperCommand, TyperGroup

_EXAMPLES = ("Example:", "Examples:")
_BETWEEN = "·"

HELP = "help"
"""Before a command, it means the command's ``--help``."""

THE_SANDBOX = "The sandbox"
"""The group of commands that name no other."""


class Entry(NamedTuple):
    """A command in the list of commands: its name, its group's name, and one sentence on what it does."""

    name: str
    panel: str
    summary: str


class Grouped(TyperGroup):
    """Lists commands under the names of their groups, in the order in which they were added."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take ``loh help run`` for what it means: ``loh run --help``."""
        if args[:1] == [HELP]:
            args = [*(each for each in args[1:] if each != HELP), "--help"]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is asked for; the usage error for an unknown one suggests ``help`` too."""
        if args[0] not in self.commands and get_close_matches(args[0], [*self.commands, HELP], 1) == [HELP]:
            ctx.fail(f"No such command {args[0]!r}. Did you mean {HELP!r}?")
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands in the order in which they were added, not in alphabetical order."""
        del ctx
        return list(self.commands)

    def overview(self) -> Iterator[Entry]:
        """The entries of the list of commands."""
        for name, command in self.commands.items():
            yield Entry(name, panel_of(command), first_sentence(command.help or ""))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write one section for each group."""
        del ctx
        entries = list(self.overview())
        width = max(len(entry.name) for entry in entries)
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, panel, summary in entries:
            groups.setdefault(panel, []).append((name.ljust(width), summary))
        for group, rows in groups.items():
            with formatter.section(group):
                formatter.write_dl(rows)


class WithExamples(TyperCommand):
    """Writes the examples of a command's docstring after its options, one a line."""

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write everything but the examples."""
        del ctx
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(prose(self.help or ""))

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples."""
        del ctx
        found = list(examples(self.help or ""))
        if found:
            with formatter.section("Examples"):
                for example in found:
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


def show_examples(app: Any) -> None:
    """Make every command of a Typer application, and of the groups in it, show its examples."""
    for command in app.registered_commands:
        command.cls = WithExamples
    for group in app.registered_groups:
        show_examples(group.typer_instance)


def panel_of(command: Any) -> str:
    """The name of the group that a command says it belongs to."""
    panel = getattr(command, "rich_help_panel", None)
    return panel if isinstance(panel, str) else THE_SANDBOX


def first_sentence(text: str) -> str:
    """The first sentence of a docstring."""
    return " ".join(text.partition("\n\n")[0].split()).partition(". ")[0].rstrip(".") + "."


def prose(text: str) -> str:
    """A docstring without its examples."""
    return "\n\n".join(part for part in text.split("\n\n") if not part.strip().startswith(_EXAMPLES))


def examples(text: str) -> Iterator[str]:
    """The examples of a docstring: the text after ``Examples:``, split at the middle dots."""
    for part in text.split("\n\n"):
        if part.strip().startswith(_EXAMPLES):
            for example in " ".join(part.split()).partition(":")[2].split(_BETWEEN):
                yield example.strip()
