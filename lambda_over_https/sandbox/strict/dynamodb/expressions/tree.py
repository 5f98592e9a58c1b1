"""What DynamoDB's expressions are read into."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Resolved = tuple[str | int, ...]
"""A document path with its attributes' own names; numbers are indexes of lists."""


@dataclass(frozen=True, slots=True)
class Path:
    """A document path. Its names may be placeholders, ``#n``."""

    parts: Resolved

    def resolved(self, names: Mapping[str, str]) -> Resolved:
        """The path with its placeholders' names; KeyError if one is not defined."""
        return tuple(
            names[part] if isinstance(part, str) and part.startswith("#") else part for part in self.parts
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Its parts but for the indexes of lists."""
        return tuple(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True, slots=True)
class Value:
    """A value's placeholder, ``:v``."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its operands, or a sum or difference: its name is then ``+`` or ``-``."""

    name: str
    operands: tuple["Operand", ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An operand compared with others: ``=``, ``<>``, ``<``, ``<=``, ``>``, ``>=``, ``BETWEEN`` or ``IN``."""

    operator: str
    operands: tuple["Operand", ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Two conditions with AND or OR between them."""

    word: str
    conditions: tuple["Condition", "Condition"]


@dataclass(frozen=True, slots=True)
class Negated:
    """A condition after NOT."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Update:
    """An update: what each clause sets, removes, adds and deletes."""

    sets: tuple[tuple[Path, "Operand"], ...] = ()
    removes: tuple[Path, ...] = ()
    adds: tuple[tuple[Path, Value], ...] = ()
    deletes: tuple[tuple[Path, Value], ...] = ()

    @property
    def targets(self) -> tuple[Path, ...]:
        """The paths that it changes."""
        changed = (path for clause in (self.sets, self.adds, self.deletes) for path, _ in clause)
        return (*changed, *self.removes)

    @property
    def operands(self) -> Iterator["Operand | Condition"]:
        """All operands in it, the paths that it changes too."""
        yield from self.targets
        for clause in (self.sets, self.adds, self.deletes):
            for _, operand in clause:
                yield from within(operand)


Operand = Path | Value | Call
Condition = Comparison | Joined | Negated | Call


def within(node: Operand | Condition) -> Iterator[Operand | Condition]:
    """A condition or operand, and all that is in it."""
    yield node
    match node:
        case Joined(conditions=parts):
            yield from (each for part in parts for each in within(part))
        case Negated(condition=part):
            yield from within(part)
        case Comparison(operands=operands) | Call(operands=operands):
            yield from (each for operand in operands for each in within(operand))
        case _:
            return
