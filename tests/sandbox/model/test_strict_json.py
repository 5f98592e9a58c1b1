"""What counts as JSON for Lambda."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.sandbox.model import strict_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(VALUES)
def test_every_json_value_passes(value: Any) -> None:
    strict_json.check(json.dumps(value).encode())


def test_numbers_of_any_length_pass() -> None:
    strict_json.check(b"9" * 5000)


@pytest.mark.parametrize(
    "document", [b"", b"{", b"NaN", b"[Infinity]", b"[-Infinity]", b"\xff", b"'a'", b"[" * 100_000]
)
def test_anything_else_is_refused_in_lambdas_words(document: bytes) -> None:
    with pytest.raises(ValueError, match=r"^Could not parse request body into json: Could not parse payload"):
        strict_json.check(document)
