"""The class, kept beside the deployments: its students, and where it takes place. No AWS call is made."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lambda_over_https.aws.place import on_this_machine
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.files import private_folder, read_regular, write_private
from lambda_over_https.names import names_for
from lambda_over_https.settings import AWS
from lambda_over_https.shapes import as_record

VERSION = 1
LARGEST = 10_000_000
FILE = "class.json"


@dataclass(frozen=True, slots=True)
class Class:
    """A class: ``prefix`` is put before the students' names, and a hyphen between."""

    name: str
    prefix: str
    target: str
    partition: str
    account: str
    region: str
    endpoint_url: str
    created: str
    students: tuple[Student, ...]

    @property
    def shared(self) -> bool:
        """Whether all use one account; on the sandbox each student has their own."""
        return self.target == AWS or bool(self.endpoint_url)

    @property
    def on_this_machine(self) -> bool:
        """Whether nobody can be charged for what the class makes."""
        return on_this_machine(self.target, self.endpoint_url)

    @property
    def where(self) -> tuple[str, str, str, str]:
        """What tells its place from another one."""
        return self.target, self.account, self.region, self.endpoint_url

    def student(self, name: str) -> Student:
        """The student of that name, also with the prefix; raises UsageError if there is none."""
        for each in self.students:
            if name in (each.name, each.deployment):
                return each
        raise UsageError(
            f"There is no student {name!r} in the class {self.name}.",
            f"`loh class status --class {self.name}` lists them.",
        )

    def only(self, names: list[str]) -> tuple[Student, ...]:
        """The students of those names; all if there are no names."""
        return tuple(self.student(name) for name in names) if names else self.students


def folder_of(home: Path, name: str) -> Path:
    """Where a class keeps its files."""
    return home / "classes" / name


def known_classes(home: Path) -> Iterator[str]:
    """The names of all classes of this machine."""
    folder = home / "classes"
    if folder.is_dir():
        yield from sorted(each.name for each in folder.iterdir() if _has_class(each))


def _has_class(folder: Path) -> bool:
    """Whether a class is kept there; one in a folder that may not be looked into is among them."""
    try:
        return (folder / FILE).is_file()
    except PermissionError:
        return True


def save(home: Path, taught: Class) -> Path:
    """Keep the class; its folder is the user's alone."""
    path = private_folder(folder_of(home, taught.name)) / FILE
    write_private(path, json.dumps({"version": VERSION, **asdict(taught)}, indent=1).encode())
    return path


def load(home: Path, name: str | None) -> Class:
    """The class of that name, or the only one there is; raises UsageError if it is not clear which."""
    known = list(known_classes(home))
    if name is None and len(known) == 1:
        name = known[0]
    if name is None:
        if not known:
            raise UsageError("There is no class yet.", "`loh class new NAME --count 30` makes one.")
        raise UsageError(f"There are several classes: {', '.join(known)}.", "Say which with --class.")
    if name not in known:
        there = f" There is {', '.join(known)}." if known else ""
        raise UsageError(f"There is no class {name!r}.{there}", "`loh class new NAME --count 30` makes one.")
    path = folder_of(home, name) / FILE
    try:
        return _decoded(json.loads(read_regular(path, LARGEST)))
    except (OSError, ValueError, RecursionError) as error:
        raise LohError(
            f"The class in {path} cannot be read: {error}.",
            f"Move {path.parent} elsewhere, and make the class again with `loh class new {name}`.",
        ) from error


def check_alone(home: Path, taught: Class) -> list[str]:
    """Raises UsageError if another class of this machine has a deployment of the same name in this place.

    Each class's sweep would remove the other's. Gives a sentence for each class that cannot be read.
    """
    own = {each.deployment for each in taught.students}
    unread = list[str]()
    for name in known_classes(home):
        if name == taught.name:
            continue
        try:
            other = load(home, name)
        except LohError as error:
            unread.append(f"{error.message} So nobody knows whether it has deployments of the same names.")
            continue
        shared = sorted(own & {each.deployment for each in other.students})
        if shared and other.where == taught.where:
            raise UsageError(
                f"The class {name} has deployments of the same names in this account:"
                f" {', '.join(shared[:3])}.",
                "Choose another --prefix.",
            )
    return unread


def check_name(name: str) -> None:
    """Raises UsageError for what cannot be the name of a class, or its prefix."""
    try:
        names_for(name)
    except UsageError as error:
        raise UsageError(
            f"{name!r} cannot be the name of a class or its prefix.",
            "Use lower-case letters, digits, - and _, beginning with a letter or digit.",
        ) from error


def _decoded(data: Any) -> Class:
    taught = as_record(data, Class)
    if taught is None:
        raise ValueError("it is not a class")
    if data.get("version") != VERSION:
        raise ValueError("a newer version has written it")
    return taught
