"""Who is in a class: read from a CSV file, or numbered.

The file has a heading with ``name`` and, if wanted, ``email`` and ``display``. The name becomes part of the
names of resources; e-mail addresses and displayed names never leave the instructor's machine.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_over_https.errors import UsageError
from lambda_over_https.files import read_regular
from lambda_over_https.names import names_for

COLUMNS = ("name", "email", "display")
LARGEST = 1_000_000
"""Bytes of a roster."""

MOST = 600
"""Students: an account and Region may have so many REST APIs."""

SHOWN = 20
"""Mistakes that one message names."""


@dataclass(frozen=True, slots=True)
class Student:
    """One student: ``deployment`` is what theirs is called, ``display`` how people call them."""

    name: str
    deployment: str
    email: str = ""
    display: str = ""

    @property
    def called(self) -> str:
        """What to write where people read it."""
        return self.display or self.name


def numbered(count: int, prefix: str) -> list[Student]:
    """Students without names: 01, 02, and so on. Raises UsageError if there are too many, or none."""
    width = max(2, len(str(count)))
    return _checked(
        [Student(f"{number:0{width}}", f"{prefix}-{number:0{width}}") for number in range(1, count + 1)]
    )


def read_roster(path: Path, prefix: str) -> list[Student]:
    """The students in a CSV file; raises UsageError that names every mistake with its line."""
    try:
        text = read_regular(path, LARGEST).decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"The roster {path} cannot be read: {error.strerror}.", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The roster {path} is not UTF-8.", "Save it as CSV in UTF-8.") from error
    return _checked(parse_roster(text, prefix, str(path)))


def parse_roster(text: str, prefix: str, where: str) -> list[Student]:
    """The students in the text of a CSV file called ``where``; raises UsageError."""
    blank, text = _without_blank_lines(text)
    reader = csv.DictReader(
        io.StringIO(text, newline=""), skipinitialspace=True, strict=True, delimiter=_delimiter(text)
    )
    columns = _columns(reader, where)
    _check_columns(columns, where)
    reader.fieldnames = columns
    students, mistakes, seen = list[Student](), list[str](), dict[str, int]()
    try:
        for row in reader:
            if not any(each if isinstance(each, str) else "x" for each in row.values() if each):
                continue
            line = blank + reader.line_num
            student, mistake = _read(row, prefix, seen, line)
            mistakes += [f"line {line}: {each}" for each in mistake]
            students.append(student)
    except csv.Error as error:
        mistakes.append(f"line {blank + reader.line_num + 1}: {_in_words(error)}")
    if mistakes:
        raise _wrong(where, mistakes)
    return students


def _in_words(error: csv.Error) -> str:
    return {"unexpected end of data": "a quotation mark is not closed"}.get(str(error), str(error))


def _columns(reader: "csv.DictReader[str]", where: str) -> list[str]:
    try:
        return [(each or "").strip().lower() for each in reader.fieldnames or ()]
    except csv.Error as error:
        raise UsageError(
            f"{where}, line 1: {_in_words(error)}.", "Its heading is name,email,display."
        ) from error


def _without_blank_lines(text: str) -> tuple[int, str]:
    """How many blank lines there are before the heading, and the text without them."""
    rest = text.lstrip("\r\n")
    return text[: len(text) - len(rest)].count("\n"), rest


def _delimiter(text: str) -> str:
    """What stands between the columns of the heading: spreadsheets write a semicolon in many countries."""
    heading = text.partition("\n")[0]
    return max(",;\t", key=heading.count)


def _read(
    row: dict[str | None, str | list[str] | None], prefix: str, seen: dict[str, int], line: int
) -> tuple[Student, Sequence[str]]:
    """One line as a student, and what is wrong with it."""
    values = {column: str(row.get(column) or "").strip() for column in COLUMNS}
    name = values["name"]
    student = Student(name, f"{prefix}-{name}", values["email"], values["display"])
    mistakes = ["it has more values than columns"] if None in row else []
    if any("\n" in value for value in values.values()):
        mistakes.append("a value goes over several lines: is a quotation mark missing?")
    if not name:
        return student, [*mistakes, "the name is missing"]
    mistakes += _name_mistakes(name, student.deployment)
    if name in seen:
        mistakes.append(f"{name!r} is in line {seen[name]} already")
    seen.setdefault(name, line)
    return student, mistakes


def _name_mistakes(name: str, deployment: str) -> Iterator[str]:
    try:
        names_for(deployment)
    except UsageError:
        if len(deployment) > LONGEST:
            most, has = LONGEST, len(deployment)
            yield f"{name!r} is too long: {deployment!r} has {has} characters, and {most} are allowed"
        else:
            yield f"{name!r} has characters other than lower-case letters, digits, - and _"


LONGEST = 34
"""Characters of a deployment's name."""


def _check_columns(columns: Sequence[str], where: str) -> None:
    unknown = [each for each in columns if each not in COLUMNS]
    if unknown:
        names = ", ".join(repr(each) for each in unknown)
        raise UsageError(
            f"{where}, line 1: unknown columns: {names}.", "A roster has the columns name, email and display."
        )
    if "name" not in columns:
        raise UsageError(f"{where}, line 1: there is no column name.", "Its heading is name,email,display.")
    if len(set(columns)) < len(columns):
        raise UsageError(f"{where}, line 1: a column is there twice.", "Its heading is name,email,display.")


def _wrong(where: str, mistakes: Sequence[str]) -> UsageError:
    more = f"; and {len(mistakes) - SHOWN} more" if len(mistakes) > SHOWN else ""
    return UsageError(
        f"{where}: {'; '.join(mistakes[:SHOWN])}{more}.",
        "Names are short and plain (alice, bob-2); put the full one into the column display.",
    )


def _checked(students: list[Student]) -> list[Student]:
    if not students:
        raise UsageError("A class needs a student.", "Name them in a roster, or pass --count.")
    if len(students) > MOST:
        raise UsageError(
            f"A class has at most {MOST} students, and these are {len(students)}.",
            "Make several classes, in several accounts.",
        )
    for each in students:
        names_for(each.deployment)
    return students
