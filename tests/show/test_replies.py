"""What belongs to an answer: on a terminal no word of it is cut, and into a pipe it goes as it is."""

import pytest

from lambda_over_https.show.replies import print_log

REPORT = "REPORT RequestId: 6b1f  Duration: 40.81 ms  Billed Duration: 41 ms  Memory Size: 128 MB"


def test_on_a_narrow_terminal_log_lines_are_wrapped_between_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("FORCE_COLOR", "1"), ("COLUMNS", "60"), ("TERM", "dumb")):
        monkeypatch.setenv(name, value)
    print_log(
        "The function's log for request 6b1f (the answer does not name it: we found it by the time)", [REPORT]
    )
    lines = capsys.readouterr().err.splitlines()
    assert max(map(len, lines)) <= 60
    assert REPORT.split() == [word for line in lines if line.startswith("  ") for word in line.split()]


def test_into_a_pipe_log_lines_go_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    print_log("The function's log", [REPORT * 3])
    assert capsys.readouterr().err.splitlines()[2:] == [f"  {REPORT * 3}"]
