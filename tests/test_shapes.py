"""A document becomes a record only if it has its shape."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.shapes import as_record, fits
from tests.kit.in_memory.damage import damaged


@dataclass
class Book:
    title: str


@dataclass
class Shelf:
    name: str
    width: float
    books: tuple[Book, ...]
    owner: str | None
    marks: Mapping[str, int]
    note: str = ""
    more: Any = None
    labels: list[str] = field(default_factory=list)


WHOLE: dict[str, Any] = {
    "name": "a",
    "width": 1.5,
    "books": [{"title": "b"}],
    "owner": None,
    "marks": {"c": 1},
}


def test_what_was_written_fits_and_so_does_what_has_more_or_lacks_what_has_a_default() -> None:
    assert fits(json.loads(json.dumps(asdict(Shelf(**WHOLE)))), Shelf)
    assert fits(WHOLE, Shelf)
    assert fits({**WHOLE, "width": 2, "owner": "me", "unknown": 1}, Shelf)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": 1},
        {"name": None},
        {"width": "wide"},
        {"books": "b"},
        {"books": {"title": "b"}},
        {"books": ["b"]},
        {"books": [{"title": "b"}, {"title": 1}]},
        {"books": [{}]},
        {"owner": 1},
        {"marks": ["c"]},
        {"marks": {"c": "1"}},
        {"note": None},
        {"labels": [1]},
    ],
    ids=str,
)
def test_a_value_of_another_type_does_not_fit(wrong: dict[str, Any]) -> None:
    assert not fits({**WHOLE, **wrong}, Shelf)


@pytest.mark.parametrize("missing", ["name", "width", "books", "owner", "marks"])
def test_what_has_no_default_must_be_there(missing: str) -> None:
    assert not fits({name: value for name, value in WHOLE.items() if name != missing}, Shelf)


@pytest.mark.parametrize("other", [None, [], [WHOLE], "a", 1, True])
def test_what_is_no_object_does_not_fit(other: object) -> None:
    assert not fits(other, Shelf)


def test_only_what_has_a_field_goes_into_the_record() -> None:
    assert as_record({"title": "a", "unknown": 1}, Book) == Book("a")
    assert as_record({"unknown": 1}, Book) is None
    assert as_record({**WHOLE, "unknown": 1}, Shelf) == Shelf(**{**WHOLE, "books": (Book("b"),)})


@given(st.data())
def test_whatever_fits_becomes_a_record_with_values_of_its_types(data: st.DataObject) -> None:
    document = data.draw(damaged(WHOLE))
    shelf = as_record(document, Shelf)
    assert (shelf is not None) is fits(document, Shelf)
    if shelf:
        assert isinstance(shelf.name, str)
        assert [each for each in shelf.books if not isinstance(each, Book)] == []
        assert [mark for mark in shelf.marks.values() if not isinstance(mark, int)] == []
