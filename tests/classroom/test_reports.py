"""The students' own reports, put together: a gradebook, and what in them cannot be so."""

import json
from pathlib import Path

from tests.kit.program.support import Account, done, loh


def step(number: str, at: str, **more: object) -> dict[str, object]:
    return {"number": number, "done": True, "by": "hand", "at": at, "hints": 1, "mistakes": [{}], **more}


def a_report(name: str, **more: object) -> str:
    where = {
        "id": f"{name}-0123456789abcdef",
        "name": name,
        "target": "sandbox",
        "account": "123456789012",
        "region": "us-east-1",
    }
    report = {
        "deployment": where,
        "steps": [step("2.1", "2026-11-26T10:00:00+00:00"), step("2.2", "2026-11-26T10:12:00+00:00")],
        "predictions": [{"right": True}, {"right": False}, {"said": "", "right": False}],
        "repairs": [],
        "verify": {"passed": 18, "checks": 18},
        "teardown": {"left": 0},
        "calls": [{"request_id": f"{name}-1"}],
        **more,
    }
    return json.dumps(report)


def test_the_students_reports_become_a_gradebook(taught: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(a_report(f"{taught}-alice"))
    (tmp_path / "b.json").write_text("{}")
    (tmp_path / "c.json").write_text(a_report(f"{taught}-alice"))
    made = done("class", "report", str(tmp_path), "--class", taught, "--format", "csv")
    heading, alice, bob = made.out.splitlines()
    assert heading.startswith("name,email,display,steps_done,steps_by_hand,hints,mistakes,predictions")
    line = dict(zip(heading.split(","), alice.split(","), strict=True))
    assert (line["steps_done"], line["steps_by_hand"], line["hints"], line["minutes"]) == (
        "2",
        "2",
        "2",
        "12",
    )
    assert (line["predictions"], line["predictions_right"], line["verified"]) == ("2", "1", "yes")
    assert (line["removed"], line["left"], line["note"]) == ("yes", "0", "")
    assert bob.endswith("no report")
    assert "b.json is not a report" in made.err
    assert "c.json is left out" in made.err
    shown = done("class", "report", str(tmp_path), "--class", taught)
    assert "1 of 2 reports" in shown.out
    assert loh("class", "report", str(tmp_path), "--class", taught, "--format", "pdf").code == 2
    assert loh("class", "report", str(tmp_path / "none"), "--class", taught).code == 2


def test_a_report_that_does_not_fit_the_account_is_named(taught: str, tmp_path: Path) -> None:
    elsewhere = {"name": f"{taught}-bob", "target": "aws", "account": "999988887777", "region": "us-east-1"}
    elsewhere["id"] = f"{taught}-bob-0123456789abcdef"
    (tmp_path / "a.json").write_text(a_report(f"{taught}-alice"))
    (tmp_path / "b.json").write_text(a_report(f"{taught}-bob", deployment=elsewhere))
    done("class", "run", "--class", taught, "--only", "alice", "--to", "2.2")
    lines = done("class", "report", str(tmp_path), "--class", taught, "--format", "json").json["students"]
    notes = {each["name"]: each["note"] for each in lines}
    assert "says that all is removed, but" in notes["alice"]
    assert "from another place: aws, account 999988887777" in notes["bob"]
    assert loh("class", "sweep", "--class", taught, "--yes").code == 0


def test_a_copied_report_is_named(taught: str, tmp_path: Path) -> None:
    calls = [{"request_id": "r1"}, {"request_id": "r2"}]
    alice = json.loads(a_report(f"{taught}-alice", calls=calls))
    bob = {**alice, "deployment": {**alice["deployment"], "name": f"{taught}-bob"}}
    for file, report in (("alice.json", alice), ("BOB.JSON", bob)):
        (tmp_path / file).write_text(json.dumps(report))
    (tmp_path / "c.json").write_text(a_report("tutorial"))
    made = done("class", "report", str(tmp_path), "--class", taught, "--format", "json", "--no-look")
    notes = {each["name"]: each["note"] for each in made.json["students"]}
    assert notes["alice"] == f"shares 2 calls with {taught}-bob's report"
    assert f"the id {taught}-alice-0123456789abcdef is of a deployment of another name" in notes["bob"]
    assert f"shares 2 calls with {taught}-alice's report" in notes["bob"]
    assert "c.json is left out: it is of the deployment tutorial" in made.err


def test_what_is_not_whole_counts_as_it_is(taught: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        a_report(f"{taught}-alice", verify={"passed": 6, "checks": 18}, teardown=None)
    )
    twice = [step("2.1", "2026-11-26T10:00:00+00:00")] * 2
    (tmp_path / "b.json").write_text(a_report(f"{taught}-bob", steps=twice))
    made = done("class", "report", str(tmp_path), "--class", taught, "--format", "json")
    alice, bob = made.json["students"]
    assert (alice["verified"], alice["removed"]) == ("no", "")
    assert alice["note"] == "says that steps are done and not removed, but the account shows nothing"
    assert bob["note"] == "no report"
    assert "b.json is not a report: it names a step twice" in made.err


def test_a_spreadsheet_takes_no_cell_for_a_formula(account: Account, name: str, tmp_path: Path) -> None:
    roster = tmp_path / "r.csv"
    roster.write_text('name,display\nalice,"=HYPERLINK(1)"\n')
    done("class", "new", name, "--prefix", name, "--roster", str(roster))
    (tmp_path / "reports").mkdir()
    made = done("class", "report", str(tmp_path / "reports"), "--class", name, "--format", "csv", "--no-look")
    assert "'=HYPERLINK(1)" in made.out
