"""What we made is found by its recorded id, else by name and tag: descriptions in memory, no AWS."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.parts.identity import by_id_or_tag
from tests.kit.in_memory.memory import OURS, THEIRS, Desk, box

THEIR_ID, OUR_ID, TAGGED_ID = "theirs", "ours", "tagged"
THERE: Mapping[str, Mapping[str, str]] = {THEIR_ID: THEIRS, OUR_ID: OURS, TAGGED_ID: OURS}


class _NotFoundError(Exception):
    """What API Gateway raises for an id that is gone."""


@pytest.mark.parametrize(
    ("recorded", "there", "blocks", "found"),
    [
        (TAGGED_ID, (THEIR_ID, OUR_ID, TAGGED_ID), True, TAGGED_ID),
        (THEIR_ID, (THEIR_ID, OUR_ID), True, THEIR_ID),
        ("gone", (THEIR_ID, OUR_ID), True, OUR_ID),
        ("", (THEIR_ID, OUR_ID), False, OUR_ID),
        ("", (THEIR_ID,), True, THEIR_ID),
        ("gone", (THEIR_ID,), False, None),
        ("", (), True, None),
    ],
    ids=["by id", "its tag is off", "gone", "not recorded", "in the way", "in nobody's way", "nothing"],
)
def test_the_recorded_one_counts_before_any_that_carries_our_tag(
    tmp_path: Path, recorded: str, there: tuple[str, ...], blocks: bool, found: str | None
) -> None:
    desk = Desk(tmp_path)
    part, stack = box(desk.cloud), desk.stack()
    exceptions = SimpleNamespace(NotFoundException=_NotFoundError)
    cast("Any", stack.cloud).apigateway = SimpleNamespace(exceptions=exceptions)
    if recorded:
        stack.journal.made(Record(part.kind, part.name(stack), "1", RecordState.MADE, recorded))

    def get(which: str) -> Mapping[str, Any]:
        if which not in there:
            raise _NotFoundError
        return {"id": which, "tags": THERE[which]}

    def named() -> Iterator[Mapping[str, Any]]:
        assert recorded not in there, "there is no need to list any"
        return (get(each) for each in there)

    seen = by_id_or_tag(stack, part, get, named, blocks=blocks)
    assert (seen["id"] if seen else None) == found
