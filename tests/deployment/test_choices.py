"""What the user chose is remembered, and what a newer version remembers is not guessed at."""

from dataclasses import fields
from pathlib import Path

import pytest

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.journal import JournalError


def test_what_is_remembered_is_as_it_was_chosen() -> None:
    assert Choices.remembered({}) == Choices()
    remembered = Choices.remembered({"runtime": "nodejs", "chapters": "cors throttle"})
    assert (remembered.runtime, remembered.chapters) == ("nodejs", ("cors", "throttle"))
    chosen = Choices("nodejs", "arn:role", "arn:policy", Path("/my.js"), True, ("cors", "keys"), True)
    for choices in (Choices(), chosen):
        assert Choices.remembered(choices.to_remember) == choices
        assert choices.to_remember.keys() == {each.name for each in fields(Choices)}


def test_a_choice_of_a_newer_version_is_named() -> None:
    with pytest.raises(JournalError, match="it remembers colour, size") as told:
        Choices.remembered({"size": "1", "runtime": "nodejs", "colour": "red"})
    assert told.value.hint == "Use the version that wrote it."
