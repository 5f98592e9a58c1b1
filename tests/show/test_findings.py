"""What the doctor found, as a terminal shows it: what is wrong comes last, and no word is cut."""

import pytest

from lambda_over_https.doctor import Finding
from lambda_over_https.show.findings import print_findings

FIX = (
    "aws apigateway update-stage --rest-api-id abc --stage-name prod"
    " --patch-operations op=replace,path=/x,value=10000"
)
WELL = [
    Finding(f"apigateway:integration-response POST /DynamoDBManager {each}", True, "well")
    for each in range(30)
]
WRONG = Finding("throttle", False, "stage prod throttles everything: every request gets 429 now", FIX)


@pytest.mark.parametrize(("columns", "rows"), [(60, 20), (80, 24)])
def test_the_last_screen_holds_what_is_wrong_and_its_fix(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int, rows: int
) -> None:
    for variable, value in (("COLUMNS", columns), ("LINES", rows), ("FORCE_COLOR", 1)):
        monkeypatch.setenv(variable, str(value))
    monkeypatch.setenv("TERM", "dumb")
    print_findings([*WELL, WRONG], everything=False)
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert max(map(len, lines)) <= columns
    assert len(lines) < rows
    assert lines[0].startswith("ok    30 more: `loh doctor --all`")
    told = " ".join(said.replace("\\\n", "").split())
    assert told.endswith(f"WRONG throttle: {WRONG.what} fix: {FIX}")


def test_in_a_pipe_each_finding_and_each_fix_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([*WELL, WRONG], everything=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == [f"WRONG throttle: {WRONG.what}", f"      fix: {FIX}"]
    assert "POST /DynamoDBManager 29" in " ".join(lines[:-2])
