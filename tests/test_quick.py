"""What the tests make quicker does the same as before: the SDK's trie of handlers, and HTTP's headers."""

import http.client
import importlib.util
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.plugins.tries import SharingTrie, Trie

EVENTS = st.sampled_from(["before-call", "before-call.dynamodb", "before-call.*.PutItem", "needs-retry"])
CHANGES = st.one_of(
    st.tuples(st.just("copy"), st.integers(0, 9), st.just("")),
    st.tuples(st.just("append"), st.integers(0, 9), EVENTS),
    st.tuples(st.just("remove"), st.integers(0, 9), EVENTS),
)


def _changed(tries: list[Any], change: tuple[str, int, str], handler: int) -> None:
    what, which, event = change
    trie = tries[which % len(tries)]
    if what == "copy":
        tries.append(trie.__copy__())
    elif what == "append":
        trie.append_item(event, handler, section=handler % 3)
    elif found := list(trie.prefix_search(event)):
        try:
            trie.remove_item(event, found[0])
        except ValueError:
            return


def _found(tries: list[Any]) -> list[list[int]]:
    asked = ("before-call.dynamodb.PutItem", "needs-retry.iam")
    return [list(each.prefix_search(event)) for each in tries for event in asked]


@given(changes=st.lists(CHANGES, max_size=20))
def test_each_copy_finds_what_the_sdks_own_would(changes: list[tuple[str, int, str]]) -> None:
    theirs, ours = [Trie()], [SharingTrie()]
    for handler, change in enumerate(changes):
        _changed(theirs, change, handler)
        _changed(ours, change, handler)
    assert _found(ours) == _found(theirs)


LETTERS = st.characters(max_codepoint=255)
LINES = st.one_of(
    st.builds("{}: {}".format, st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=30)),
    st.sampled_from(["X-A:b", "x-a:  b \t", "text: caf\xe9; charset=latin-1", " folded", "\tfolded", ":"]),
)


@pytest.fixture(scope="module")
def as_ever() -> Any:
    """The function that reads headers, as Python has it."""
    found: Any = importlib.util.find_spec("http.client")
    another: Any = importlib.util.module_from_spec(found)
    found.loader.exec_module(another)
    return another.parse_headers


@given(lines=st.lists(LINES, max_size=6), end=st.sampled_from(["\r\n", "\n"]))
def test_headers_are_read_as_ever(as_ever: Any, lines: list[str], end: str) -> None:
    sent = "".join(line + end for line in [*lines, ""]).encode("latin-1")
    read, expected = (parse(io.BytesIO(sent)) for parse in (http.client.parse_headers, as_ever))
    assert read.items() == expected.items()
