"""JSON as it never was: one value of a document is another one, or gone."""

import copy
from typing import Any

from hypothesis import strategies as st

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
"""Any value that JSON can have."""


@st.composite
def damaged(draw: st.DrawFn, whole: Any) -> Any:
    """The document with one of its values, at any depth, replaced or removed; or another document."""
    document = {"it": copy.deepcopy(whole)}
    holder, key = draw(st.sampled_from(list(_places(document, "it"))))
    if draw(st.booleans()) and holder is not document:
        del holder[key]
    else:
        holder[key] = draw(ANYTHING)
    return document["it"]


def _places(holder: Any, key: Any) -> Any:
    """Each value of a document, as what holds it and its key there."""
    yield holder, key
    value = holder[key]
    if isinstance(value, dict):
        for each in value:
            yield from _places(value, each)
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from _places(value, index)
