"""The report: sections of rows, as JSON and as tables that a person can read."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench_kit.figures import Figures


@dataclass
class Section:
    """A table: ``rows`` by name; ``notes`` say how it was measured and what was left out."""

    title: str
    notes: list[str] = field(default_factory=list)
    rows: dict[str, Figures] = field(default_factory=dict)

    def add(self, name: str, figures: Figures) -> None:
        """Add a row of figures."""
        self.rows[name] = figures

    def compare(self, name: str, figure: str, base: str, column: str) -> None:
        """Add to row ``name`` the ratio of its figure to the ``base`` row's."""
        mine, other = self.rows.get(name, {}).get(figure), self.rows.get(base, {}).get(figure)
        if isinstance(mine, int | float) and isinstance(other, int | float) and other:
            self.rows[name][column] = round(mine / other, 2)


def as_json(sections: Sequence[Section]) -> str:
    """The whole report as one document."""
    document = [{"title": each.title, "notes": each.notes, "rows": each.rows} for each in sections]
    return json.dumps({"sections": document}, indent=2, ensure_ascii=False)


def as_text(section: Section) -> str:
    """One section as a table in plain text."""
    columns = list(dict.fromkeys(name for row in section.rows.values() for name in row))
    table = [["", *columns]]
    table += [[name, *(_cell(row.get(column)) for column in columns)] for name, row in section.rows.items()]
    widths = [max(len(line[index]) for line in table) for index in range(len(columns) + 1)]
    lines = [_line(line, widths) for line in table]
    notes = [f"  {note}" for note in section.notes]
    return "\n".join([section.title, "=" * len(section.title), *lines, *notes, ""])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if index == 0 else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([first, *others]).rstrip()


def _cell(value: float | int | str | None) -> str:
    return "–" if value is None else f"{value:,}" if isinstance(value, int | float) else value


def say(text: str) -> None:
    """Report progress on standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def tell(text: str) -> None:
    """Write the answer to standard output."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
