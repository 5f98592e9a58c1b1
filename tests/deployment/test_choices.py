"""What the user chose is remembered, and what a newer version remembers is not guessed at."""

import pytest

from lambda_over_https.deployment.journal import JournalError
from lambda_over_https.deployment.stack import Choices


def test_what_is_remembered_is_as_it_was_chosen() -> None:
    assert Choices.remembered({}) == Choices()
    remembered = Choices.remembered({"runtime": "nodejs", "chapters": "cors throttle"})
    assert (remembered.runtime, remembered.chapters_on) == ("nodejs", ("cors", "throttle"))


def test_a_choice_of_a_newer_version_is_named() -> None:
    with pytest.raises(JournalError, match="it remembers colour, size") as told:
        Choices.remembered({"size": "1", "runtime": "nodejs", "colour": "red"})
    assert told.value.hint == "Use the version that wrote it."
