"""A roster is read whole or not at all: every mistake is named with its line, and nothing is made."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.classroom.roll.roster import MOST, numbered, parse_roster, read_roster
from lambda_over_https.errors import UsageError

WHERE = "roster.csv"


def read(text: str) -> list[tuple[str, str, str]]:
    return [(each.deployment, each.email, each.display) for each in parse_roster(text, "class", WHERE)]


def refused(text: str) -> str:
    with pytest.raises(UsageError) as error:
        parse_roster(text, "class", WHERE)
    return error.value.message


def test_only_the_names_are_needed() -> None:
    assert read("name\nalice\nbob\n") == [("class-alice", "", ""), ("class-bob", "", "")]


@pytest.mark.parametrize(
    "text",
    [
        "name,email,display\nalice,a@example.org,Alice Ł\n",
        "display, Name ,EMAIL\nAlice Ł, alice , a@example.org\n",
        'name,email,display\r\n"alice","a@example.org","Alice Ł"\r\n\r\n',
        "name;email;display\nalice;a@example.org;Alice Ł\n",
        "\r\n\nname\temail\tdisplay\nalice\ta@example.org\tAlice Ł\n",
    ],
)
def test_columns_come_in_any_order_and_as_spreadsheets_write_them(text: str) -> None:
    assert read(text) == [("class-alice", "a@example.org", "Alice Ł")]


def test_a_byte_order_mark_is_no_part_of_a_column(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("name\nalice\n", encoding="utf-8-sig")
    assert [each.name for each in read_roster(path, "class")] == ["alice"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,phone\nalice,1\n", "line 1: unknown columns: 'phone'"),
        ("email\na@example.org\n", "line 1: there is no column name"),
        ("name,name\na,b\n", "line 1: a column is there twice"),
        ("", "line 1: there is no column name"),
        ("name\nalice\nbob\nalice\n", "line 4: 'alice' is in line 2 already"),
        ("name\nAlice\n", "line 2: 'Alice' has characters other than lower-case letters"),
        ("name\nal ice\n", "line 2: 'al ice' has characters"),
        (f"name\n{'a' * 40}\n", "is too long: 'class-aaaa"),
        ("name,email\n,a@example.org\n", "line 2: the name is missing"),
        ("name\nalice,x\n", "line 2: it has more values than columns"),
        ('name,display\nalice,"Alice\nbob,Bob\n', "line 2: a quotation mark is not closed"),
        ('name,display\nalice,"Alice\nbob,""Bob"\n', "line 3: a value goes over several lines"),
        ("\n\nname\nAlice\n", "line 4: 'Alice' has characters"),
        ("name;phone\nalice;1\n", "line 1: unknown columns: 'phone'"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, said: str) -> None:
    assert said in refused(text)


def test_all_mistakes_are_named_together() -> None:
    said = refused("name\nA\nalice\nalice\n\nB\n")
    assert all(f"line {line}:" in said for line in (2, 4, 6))


def test_what_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "r.csv"
    binary.write_bytes(b"name\n\xff\xfe\n")
    for path in (binary, tmp_path, tmp_path / "none.csv"):
        with pytest.raises(UsageError):
            read_roster(path, "class")
    empty = tmp_path / "e.csv"
    empty.write_text("name\n")
    with pytest.raises(UsageError, match="needs a student"):
        read_roster(empty, "class")


def test_students_without_names_are_numbered() -> None:
    assert [each.deployment for each in numbered(3, "class")] == ["class-01", "class-02", "class-03"]
    assert numbered(100, "class")[0].name == "001"
    with pytest.raises(UsageError, match="at most"):
        numbered(MOST + 1, "class")


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UsageError):
        students = parse_roster(text, "class", WHERE)
        assert len({each.name for each in students}) == len(students)
