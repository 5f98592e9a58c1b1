"""The trie that the tests give the SDK finds what the SDK's own finds, and a copy's changes are its own."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tries import SharingTrie, Trie

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
