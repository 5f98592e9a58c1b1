"""The report that a learner hands in: also after the teardown, as Markdown and as JSON."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from lambda_over_https.cli import app as cli
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, done, loh


def test_the_report_tells_what_was_done_and_what_proves_it(
    account: Account, name: str, tmp_path: Path
) -> None:
    done("run", "--no-pause", "--name", name)
    done("drill", "path", "--predict", "a", "--name", name)
    done("drill", "path", "--yes", "--name", name)
    done("teardown", "--yes", "--name", name)
    assert "DeleteFunction" in done("history", "--step", "4", "--name", name).out
    report = done("report", "--name", name, "--json").json
    assert {each["by"] for each in report["steps"]} == {"program"}
    assert all(each["done"] for each in report["steps"])
    (predicted,) = report["predictions"]  # who was not asked has predicted nothing
    assert (predicted["name"], predicted["said"], predicted["truth"]) == ("path", "a", "b")
    assert not predicted["right"]
    assert report["verify"]["passed"] == report["verify"]["checks"] == 18
    assert report["teardown"]["left"] == 0
    assert report["teardown"]["deleted"] > 10
    assert not report["exists"]
    made = {each["operation"]: each["request_id"] for each in report["calls"]}
    assert made["CreateFunction"]
    page, document = tmp_path / "report.md", tmp_path / "report.json"
    page.write_text("Dear Bob")
    assert loh("report", "--name", name, "-o", str(page)).code == 2
    assert page.read_text() == "Dear Bob"
    done("report", "--name", name, "-o", str(page), "--force")
    done("report", "--name", name, "-o", str(document))
    assert json.loads(document.read_text()) == report
    text = page.read_text()
    assert "18 of 18 checks passed" in text
    assert "nothing is left, verified by looking" in text
    assert "drill path: said a, the right choice is b" in text


def test_the_report_has_no_path_or_name_of_this_machine(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.3", "--name", name)
    for form in ((), ("--json",)):
        said = done("report", "--name", name, *form).out
        assert str(Path.home()) not in said
        assert "/tmp" not in said
    done("teardown", "--yes", "--name", name)


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_screen_the_report_ends_with_how_to_hand_it_in(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "1", "--name", name)
    assert done("report", "--name", name).err == ""  # piped, it is the report alone
    monkeypatch.setattr(sys, "argv", ["loh", "report", "--name", name])
    err = io.StringIO()
    with redirect_stdout(_Screen()) as out, redirect_stderr(err), pytest.raises(SystemExit):
        cli.run()
    assert "To hand it in" not in out.getvalue()
    assert f"To hand it in, write it to a file: loh report -o report.md --name {name}" in err.getvalue()
    done("teardown", "--yes", "--name", name)


@pytest.mark.parametrize("columns", [60, 80])
def test_on_a_terminal_no_word_of_the_report_is_cut(
    account: Account, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    name = finished()
    words = {word for word in done("report", "--name", name).out.split() if word.strip("|-")}
    for key, value in (("FORCE_COLOR", "1"), ("COLUMNS", str(columns)), ("TERM", "dumb")):
        monkeypatch.setenv(key, value)
    said = done("report", "--name", name).out
    assert max(map(len, said.splitlines())) <= columns
    assert "|" not in said
    assert words <= set(said.split())


def test_of_an_unknown_deployment_there_is_no_report(account: Account, name: str) -> None:
    ran = loh("report", "--name", name)
    assert ran.code == 1
    assert f"Nothing is known of {name} yet." in ran.err
