"""What a step is told of the deployment."""

from pathlib import Path

import pytest

from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from tests.kit.in_memory.memory import Desk


def test_an_id_that_there_is_not_yet_is_missed_in_words(tmp_path: Path) -> None:
    with pytest.raises(LohError) as missed:
        Desk(tmp_path).stack().id_of(Kind.REST_API)
    assert missed.value.message == "There is no REST API yet."
