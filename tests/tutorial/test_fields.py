"""Requests in a few words: fields become the payload that the operation needs."""

import pytest

from lambda_over_https.errors import UsageError
from lambda_over_https.tutorial.fields import payload_of

BOB = ["Id=1", "name=Bob", "n:=1.5"]


def test_to_create_the_fields_are_the_item() -> None:
    assert payload_of("create", BOB) == {"Item": {"Id": "1", "name": "Bob", "n": 1.5}}


@pytest.mark.parametrize("operation", ["read", "delete"])
def test_to_read_or_delete_they_are_the_key(operation: str) -> None:
    assert payload_of(operation, ["Id=1"]) == {"Key": {"Id": "1"}}


def test_to_update_they_are_the_key_and_what_to_set_reserved_words_too() -> None:
    assert payload_of("update", BOB) == {
        "Key": {"Id": "1"},
        "UpdateExpression": "SET #n0 = :v0, #n1 = :v1",
        "ExpressionAttributeNames": {"#n0": "name", "#n1": "n"},
        "ExpressionAttributeValues": {":v0": "Bob", ":v1": 1.5},
    }


def test_elsewhere_they_are_the_payload_itself() -> None:
    assert payload_of("list", ["Limit:=5"]) == {"Limit": 5}
    assert payload_of("echo", ["a=b=c"]) == {"a": "b=c"}
    assert payload_of("create", []) == {}


@pytest.mark.parametrize("fields", [["Id"], ["=1"], ["Id=1", "n:=one"], ["name=Bob"]])
def test_what_is_no_field_is_refused(fields: list[str]) -> None:
    with pytest.raises(UsageError):
        payload_of("read", fields)


def test_a_field_that_is_given_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="The field Id is given twice"):
        payload_of("create", ["Id=1", "name=Bob", "Id=2"])
