"""What is told while we work: in order, once, and with the seconds ticking on a terminal."""

import io
import re
import time

from rich.console import Console

from lambda_over_https import events
from lambda_over_https.show.moving.in_order import InOrder
from lambda_over_https.show.moving.narrator import Narrator
from lambda_over_https.show.moving.spinner import Spinner
from lambda_over_https.states import Action, Fate, StepState


def _narrator(*, terminal: bool = False) -> tuple[Narrator, io.StringIO]:
    said = io.StringIO()
    out = Console(file=said, width=100, force_terminal=terminal, highlight=False)
    return Narrator(out), said


def _tell(*told: events.Event, terminal: bool = False) -> str:
    narrator, said = _narrator(terminal=terminal)
    for event in told:
        narrator(event)
    narrator.rest()
    return said.getvalue()


def test_piped_it_is_plain_lines() -> None:
    assert _tell(
        events.StepStarted("3.1", "Create the API"),
        events.Making("3.1", "apigateway:restapi", "DynamoDBOperations", Action.CREATE),
        events.Made("3.1", "apigateway:restapi", "DynamoDBOperations", "a1b2", "arn:x", Action.CREATE),
        events.Kept("3.1", "apigateway:restapi", "DynamoDBOperations"),
        events.Removed("4", "iam:role", "r", Fate.KEPT, "it is yours"),
        events.StepEnded("3.1", "Create the API", StepState.FAILED, True, 0.1),
    ) == (
        "3.1  Create the API\n"
        "     + apigateway:restapi DynamoDBOperations created a1b2\n"
        "     = apigateway:restapi DynamoDBOperations is as it should be\n"
        "     - iam:role r kept it is yours\n"
        "     failed\n"
    )


def test_a_check_says_how_it_went_and_no_line_ends_in_a_blank() -> None:
    assert _tell(
        events.Checked("3.7", "echo", "https", True, 200, 4.2, ""),
        events.Checked("3.7", "read", "https", False, 500, 3.1, "Internal server error"),
    ) == (
        "     ok   echo    https               200      4.2 ms\n"
        "     FAIL read    https               500      3.1 ms Internal server error\n"
    )


def test_an_id_that_is_the_name_is_not_said_twice() -> None:
    assert (
        _tell(events.Made("3.3", "apigateway:method", "POST", "POST", "", Action.CREATE))
        .rstrip()
        .endswith("created")
    )


def test_piped_a_wait_is_said_once_for_each_reason() -> None:
    waits = [
        events.Waiting("2.3", "IAM is spreading the role to Lambda", seconds, 1.0) for seconds in (0, 1, 2)
    ]
    assert _tell(*waits).count("IAM is spreading the role to Lambda") == 1
    assert _tell(waits[0], events.Note("2.3", "x"), waits[1]).count("IAM is spreading") == 2


def test_on_a_terminal_the_reason_stands_beside_the_seconds_that_go_on_by_themselves() -> None:
    said = io.StringIO()
    spinner = Spinner(Console(file=said, width=100, force_terminal=True, highlight=False))
    spinner.show("DynamoDB is creating the table", elapsed=41.0)
    end = time.monotonic() + 30
    while len(set(re.findall(r"4[0-9]\.\d s", said.getvalue()))) < 2:
        assert time.monotonic() < end
        time.sleep(0.02)
    spinner.stop()
    assert "DynamoDB is creating the table" in said.getvalue()


def test_on_a_terminal_a_throttle_tells_how_long_it_has_been_and_when_it_looks_next() -> None:
    throttle = events.Waiting("4", "AWS limits DeleteRestApi for the whole account", 42.0, 30.4)
    said = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", _tell(throttle, terminal=True))
    assert re.search(r"AWS limits DeleteRestApi for the whole account, next check in 30 s +42\.\d s", said)


def test_markup_in_names_is_not_obeyed() -> None:
    assert "[red]x[/]" in _tell(events.Note("", "[red]x[/]"))
    assert "[b]" in _tell(events.Checked("3.7", "echo", "https", False, 500, 1.0, "[b] said"))


def test_steps_side_by_side_are_told_one_after_the_other() -> None:
    told: list[events.Event] = []
    ordered = InOrder(["1", "2"], told.append)
    first, second = events.StepStarted("1", "one"), events.StepStarted("2", "two")
    ended = events.StepEnded("1", "one", StepState.DONE, True, 0.0)
    for event in (second, first, events.Note("", "of no step")):
        ordered(event)
    assert told == [first, events.Note("", "of no step")]
    ordered(ended)
    assert told[2:] == [ended, second]


def test_nobody_waits_for_a_step_that_is_not_expected() -> None:
    told: list[events.Event] = []
    ordered = InOrder(["1", "cors", "cache"], told.append)
    ordered.expect(["1", "cache"])
    ended = [events.StepEnded(step, "", StepState.DONE, True, 0.0) for step in ("1", "cache", "cors")]
    for event in ended:
        ordered(event)
    assert told == ended


def test_what_was_kept_back_is_told_when_a_step_never_ends() -> None:
    told: list[events.Event] = []
    ordered = InOrder(["1", "2"], told.append)
    ordered(events.StepStarted("2", "two"))
    ordered.flush()
    assert told == [events.StepStarted("2", "two")]


def test_a_note_is_one_line_in_a_pipe_and_never_cut_inside_a_word_on_a_terminal() -> None:
    note = events.Note(
        "2.3", "Your handler does not answer echo, and step 3.7 only tests that it answers. " * 2
    )
    assert len(_tell(note).splitlines()) == 1
    lines = re.sub(r"\x1b\[[0-9;]*m", "", _tell(note, terminal=True)).splitlines()
    assert len(lines) > 1
    assert all(line.startswith("     ") and len(line) <= 100 for line in lines)
    assert " ".join(" ".join(lines).split()) == note.text.strip()
