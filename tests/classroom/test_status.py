"""How a class gets on: read from the account, with the same few calls however many students there are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.aws.prices import HOURLY, PRICES_OF
from lambda_over_https.classroom.account import Resource
from lambda_over_https.classroom.following.progress import rows_of
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import numbered
from lambda_over_https.kinds import Kind
from lambda_over_https.names import names_for
from lambda_over_https.show.classes import print_rows
from tests.kit.account.between import Between
from tests.kit.program.holder import Holder
from tests.kit.program.support import Account, done, loh, use_keys

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


MADE = (Kind.ROLE, Kind.FUNCTION, Kind.TABLE, Kind.REST_API)
"""What has been made at step 3.1."""


def a_class(count: int = 3) -> Class:
    students = tuple(numbered(count, "class"))
    return Class(
        "monday", "class", "sandbox", "aws", "123456789012", "us-east-1", "", NOW.isoformat(), students
    )


def had(student: str, kind: Kind, minutes: int) -> Resource:
    return Resource(student, kind, kind, kind, NOW - timedelta(minutes=minutes))


def to_the_api(student: str, minutes: int) -> list[Resource]:
    return [had(student, kind, minutes) for kind in MADE]


def test_a_row_says_the_last_step_and_how_long_nothing_has_changed() -> None:
    found = [had("01", Kind.ROLE, 20), had("01", Kind.FUNCTION, 8), had("02", Kind.ROLE, 3)]
    rows = rows_of(a_class(), found, set(), {}, NOW)
    assert [(each.student.name, each.step, each.stuck_minutes) for each in rows] == [
        ("01", "2.3", 8),
        ("02", "2.2", 3),
        ("03", "", 0),
    ]


def test_a_log_group_alone_does_not_prove_that_the_function_is_made() -> None:
    [row, *_] = rows_of(a_class(), [had("01", Kind.ROLE, 9), had("01", Kind.LOG_GROUP, 7)], set(), {}, NOW)
    assert (row.student.name, row.step, row.stuck_minutes) == ("01", "2.2", 7)


def test_a_row_says_the_step_before_the_first_gap() -> None:
    made = {"01": (Kind.ROLE, Kind.TABLE, Kind.REST_API), "02": (Kind.FUNCTION, Kind.TABLE), "03": MADE[:2]}
    found = [had(student, kind, 1) for student, kinds in made.items() for kind in kinds]
    rows = rows_of(a_class(), found, {"01"}, {"01": False}, NOW)
    assert {each.student.name: each.step for each in rows} == {"01": "2.2", "02": "2.4", "03": "2.3"}


def test_who_is_stuck_longest_comes_first_and_who_is_done_last() -> None:
    found = [
        *to_the_api("01", 30),
        *to_the_api("02", 30),
        *(had(student, Kind.ROLE, minutes) for student, minutes in (("03", 2), ("04", 12), ("05", 7))),
    ]
    rows = rows_of(a_class(6), found, {"01", "02"}, {"01": True, "02": False}, NOW)
    assert [each.student.name for each in rows] == ["02", "04", "05", "03", "06", "01"]


def test_a_row_says_what_costs_by_the_hour() -> None:
    found = [had("01", kind, 1) for kind in (Kind.REST_API, Kind.WEB_ACL, Kind.IP_SET)]
    rows = {each.student.name: each for each in rows_of(a_class(), found, {"01"}, {}, NOW)}
    assert (rows["01"].usd_per_hour, rows["01"].chapters) == (HOURLY[Kind.WEB_ACL], ("protect",))
    assert rows["02"].as_json()["usd_per_hour"] == 0


def test_a_firewall_is_seen_and_its_price_is_told(account: Account, name: str) -> None:
    done("class", "new", name, "--prefix", name, "--count", "2")
    done("run", "--no-pause", "--name", f"{name}-01")
    done("chapter", "on", "protect", "--name", f"{name}-01", "--yes", "--json")
    rows = {
        each["name"]: each for each in done("class", "status", "--class", name, "--json").json["students"]
    }
    assert (rows["01"]["chapters"], rows["01"]["usd_per_hour"]) == (["protect"], HOURLY[Kind.WEB_ACL])
    said = " ".join(loh("class", "status", "--class", name).out.split())
    assert f"on AWS firewalls cost 0.0096 USD an hour, used or not ({PRICES_OF})." in said
    assert loh("class", "sweep", "--class", name, "--yes").code == 0
    assert account.of(name) == set()


@pytest.mark.parametrize("everybody", [False, True])
def test_on_a_terminal_those_who_need_help_stay_in_view(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], everybody: bool
) -> None:
    for name, value in {"FORCE_COLOR": "1", "NO_COLOR": "1", "LINES": "30", "COLUMNS": "100"}.items():
        monkeypatch.setenv(name, value)
    taught = a_class(300)
    found = [had(each.name, Kind.ROLE, 8 if int(each.name) < 100 else 1) for each in taught.students]
    print_rows(taught, rows_of(taught, found, set(), {}, NOW), everybody=everybody)
    lines = capsys.readouterr().out.splitlines()
    if everybody:
        assert len(lines) == 302
        return
    assert len(lines) < 30
    assert "stuck for 8 minutes" in lines[2]
    assert "And 277 more, 76 of them stuck: `loh class status --class monday --all` shows all." in lines[-1]


def test_a_pipe_gets_a_line_for_everybody(capsys: pytest.CaptureFixture[str]) -> None:
    taught = a_class(300)
    print_rows(taught, rows_of(taught, [], set(), {}, NOW), everybody=False)
    assert len(capsys.readouterr().out.splitlines()) == 302


def test_who_is_done_is_not_stuck_and_who_does_not_answer_is() -> None:
    found = [each for student in ("01", "02", "03") for each in to_the_api(student, 10)]
    rows = rows_of(a_class(), found, {"01", "02"}, {"01": True, "02": False, "03": False}, NOW)
    told = {each.student.name: (each.step, each.answers, each.stuck_minutes) for each in rows}
    assert told == {"01": ("3.7", True, 0), "02": ("3.5", False, 10), "03": ("3.1", False, 10)}
    assert [each.student.name for each in rows][-1] == "01"


def test_the_account_tells_how_everybody_gets_on_without_any_journal(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done("class", "new", name, "--prefix", name, "--count", "5")
    done("run", "--no-pause", "--name", f"{name}-01")
    done("chapter", "on", "keys", "--name", f"{name}-01", "--yes", "--json")
    done("run", "--no-pause", "--name", f"{name}-02")
    account.client("lambda").remove_permission(
        FunctionName=names_for(f"{name}-02").function, StatementId="apigateway-prod-2"
    )
    account.client("lambda").remove_permission(
        FunctionName=names_for(f"{name}-02").function, StatementId="apigateway-test-2"
    )
    done("run", "--no-pause", "--name", f"{name}-03", "--to", "3.4")
    done("run", "--no-pause", "--name", f"{name}-04", "--to", "2.2")
    status = ("class", "status", "--class", name, "--json")
    rows = {each["name"]: each for each in done(*status, "--ask").json["students"]}
    assert {key: (row["step"], row["answers"]) for key, row in rows.items()} == {
        "01": ("3.7", True),  # asked with a key, which it wants now
        "02": ("3.5", False),
        "03": ("3.1", False),
        "04": ("2.2", None),
        "05": ("", None),
    }
    assert rows["01"]["chapters"] == ["keys"]
    assert loh("class", "look", "01", "--class", name).code == 0
    shown = loh("class", "status", "--class", name)
    assert (shown.code, "4 have begun" in shown.out) == (0, True)
    assert loh("class", "sweep", "--class", name, "--yes").code == 0


@pytest.fixture
def assistant(account: Account, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Holder]:
    """Somebody with rights of their own, who works at the class's endpoint."""
    with Between(account.sandbox.endpoint_url) as between:
        holder = Holder(account, between, name, monkeypatch)
        yield holder
        holder.leave()


def _may_not(*actions: str) -> Any:
    everything: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return {
        "Version": "2012-10-17",
        "Statement": [everything, {"Effect": "Deny", "Action": list(actions), "Resource": "*"}],
    }


@pytest.fixture
def watched(assistant: Holder, name: str) -> str:
    """A class of two, one of whom has begun."""
    assistant.may(_may_not("iam:ListInstanceProfiles"))
    where = ("--endpoint-url", assistant.between.url, "--region", "us-east-1")
    done("class", "new", name, "--prefix", name, "--count", "2", *where)
    done("class", "run", "--class", name, "--only", "01", "--to", "2.3", "--yes")
    return name


def test_what_may_not_be_listed_is_named_and_all_the_rest_is_shown(assistant: Holder, watched: str) -> None:
    assistant.may(_may_not("wafv2:ListWebACLs", "wafv2:ListIPSets"))
    shown = loh("class", "status", "--class", watched)
    assert shown.code == 0, shown.err
    assert "2 students, 1 has begun" in shown.out
    assert "Not seen: web ACLs (firewalls), IP sets." in shown.out
    told = done("class", "status", "--class", watched, "--json").json
    assert [each["step"] for each in told["students"] if each["name"] == "01"] == ["2.3"]
    assert told["unseen"] == ["web ACLs (firewalls)", "IP sets"]
    swept = loh("class", "sweep", "--class", watched, "--yes")
    assert swept.code == 0, swept.err
    assert "it shows nothing of these students" in swept.out
    assert "Not listed, because AWS refuses it: web ACLs (firewalls), IP sets." in swept.out


def test_without_the_right_to_list_functions_nothing_is_claimed(assistant: Holder, watched: str) -> None:
    assistant.may(_may_not("lambda:ListFunctions"))
    refused = loh("class", "status", "--class", watched)
    assert refused.code == 1
    assert "Missing: lambda:ListFunctions" in refused.err
    assistant.may(_may_not("iam:ListInstanceProfiles"))
    assert loh("class", "sweep", "--class", watched, "--yes").code == 0


def test_the_calls_do_not_grow_with_the_students(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, account.sandbox)
    counts = {}
    for count in (3, 300):
        own = f"{name}-{count}"
        with Between(account.sandbox.endpoint_url) as between:
            where = ("--endpoint-url", between.url, "--region", "us-east-1")
            done("class", "new", own, "--prefix", own, "--count", str(count), *where)
            before = len(between.calls)
            told: Any = done("class", "status", "--class", own, "--json").json
            counts[count] = len(between.calls) - before
        assert len(told["students"]) == count
    assert counts[3] == 11, "who we are, and one listing for each kind"
    assert counts[300] == 9, (
        "tags show nothing of a schedule or of AWS WAF: three listings less, and one look"
    )


def test_which_class_is_meant_is_asked_where_there_are_several(account: Account, name: str) -> None:
    for each in (f"{name}-a", f"{name}-b"):
        done("class", "new", each, "--prefix", each, "--count", "1")
    refused = loh("class", "status")
    assert refused.code == 2
    assert "Say which with --class" in refused.err
    assert loh("class", "new", f"{name}-a", "--count", "1").code == 2
