"""The page that a learner hands in says what its lists hold, and what they do not."""

from typing import Any

import pytest

from lambda_over_https.report.learning_markdown import as_markdown

AT = "2026-11-27T03:57:04+00:00"


def _report(*, made: bool = False, repaired: bool = False) -> dict[str, Any]:
    call = {
        "at": AT,
        "step": "2.3",
        "service": "lambda",
        "operation": "CreateFunction",
        "by_hand": made,
        "request_id": "" if made else "an-id",
    }
    return {
        "deployment": {
            "name": "alice",
            "id": "alice-0123456789abcdef",
            "target": "sandbox",
            "account": "123456789012",
            "region": "us-east-1",
            "created": AT,
        },
        "steps": [],
        "predictions": [],
        "repairs": [{"at": AT, "name": "path", "by_hand": repaired, "hints": 0}],
        "verify": None,
        "teardown": None,
        "calls": [call],
    }


@pytest.mark.parametrize("by_hand", [{"made": True}, {"repaired": True}])
def test_what_was_called_by_hand_is_told_apart(by_hand: dict[str, bool]) -> None:
    page = as_markdown(_report(**by_hand))
    said = " ".join(page.split())
    assert "with the time at which the program took that in" in said
    assert "Calls by hand that corrected or removed something, in a step or in a drill, are not in" in said
    assert page.index("not in this list") < page.index("| time | step |")


def test_where_the_program_made_every_call_nothing_needs_saying() -> None:
    page = as_markdown(_report())
    assert "by hand" not in page
    assert "| 03:57:04 | 2.3 | lambda CreateFunction | an-id |" in page
