"""EVENTS.md describes what is sent."""

import re
from importlib.resources import files

from lambda_over_https.board.vocabulary import VERSION, Event
from tests.kit.board.boards import board
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account

TEXT = (files("lambda_over_https.board") / "EVENTS.md").read_text()


def described(kind: str) -> set[str]:
    """The members that the section of an event names."""
    _, _, section = TEXT.partition(f"## `{kind}`\n")
    section, _, _ = section.partition("\n## ")
    return set(re.findall(r"`([a-z0-9_]+)`", section))


def test_every_event_has_its_section_and_no_section_is_about_another() -> None:
    assert set(re.findall(r"^## `(.*)`$", TEXT, re.MULTILINE)) == {str(event) for event in Event}
    assert f"`version` in the snapshot is {VERSION}." in TEXT


def test_every_member_that_is_sent_is_described(account: Account) -> None:
    with board(finished()) as running:
        snapshot = running.stream().next().data
    assert {
        "version",
        "at",
        "calls",
        "requests",
        "tally",
        "schedules",
        "exercise",
        "sandbox_runs",
    } <= described("snapshot")
    for kind in ("deployment", "call"):
        sent = snapshot["calls"][-1] if kind == "call" else snapshot
        assert set(sent) <= described(kind) | described("snapshot")
    for member in ("deployment", "parts", "steps"):
        one = snapshot[member] if member == "deployment" else snapshot[member][0]
        assert set(one) <= described("deployment")
