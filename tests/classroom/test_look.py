"""What a look at a class costs, and that it is true: on an account in memory that pages as AWS does."""

from collections import Counter

from lambda_over_https.classroom.account import Listed, at_a_glance, resources_of
from lambda_over_https.classroom.roll.roster import Student, numbered
from lambda_over_https.kinds import Kind
from tests.kit.in_memory.listed import ListedAccount

IDENTITY = 1
"""The call that says which account this is; it comes before a look."""


def taught(count: int) -> tuple[list[Student], ListedAccount]:
    """A class that has done the tutorial, in an account of its own."""
    students = numbered(count, "class")
    account = ListedAccount()
    account.has(each.deployment for each in students)
    return students, account


def kinds(listed: Listed) -> Counter[str]:
    return Counter(each.kind for each in listed.resources)


def test_a_look_at_three_hundred_students_takes_half_again_the_calls_of_one_at_thirty() -> None:
    calls = {}
    for count in (30, 300):
        students, account = taught(count)
        seen = at_a_glance(account.cloud(), students)
        assert set(kinds(seen).values()) == {count}
        calls[count] = IDENTITY + len(account.calls)
    assert calls == {30: 11, 300: 16}
    assert calls[300] <= 1.5 * calls[30]


def test_a_large_class_is_listed_fifty_functions_and_a_hundred_tables_at_a_time() -> None:
    students, account = taught(300)
    at_a_glance(account.cloud(), students)
    assert Counter(account.calls) == {
        "GetResources": 1,
        "ListRoles": 1,
        "ListFunctions": 6,
        "ListTables": 3,
        "GetRestApis": 1,
        "ListLogGroups": 1,
        "GetUsagePlans": 1,
        "GetApiKeys": 1,
    }


def test_a_chapter_of_one_student_is_seen_among_three_hundred() -> None:
    students, account = taught(300)
    account.has_a_schedule(students[7].deployment)
    account.has_a_firewall(students[200].deployment)
    seen = at_a_glance(account.cloud(), students)
    shown = {(each.student, each.kind) for each in seen.resources}
    assert {
        (students[7].name, Kind.SCHEDULE_GROUP),
        (students[200].name, Kind.WEB_ACL),
        (students[200].name, Kind.IP_SET),
    } < shown
    assert account.calls.count("GetResources") == 1


def test_what_tags_still_name_after_it_is_gone_is_not_shown() -> None:
    students, account = taught(300)
    account.has_a_firewall(students[0].deployment)
    for operation in ("ListWebACLs", "ListIPSets"):
        account.items[operation].clear()
    seen = at_a_glance(account.cloud(), students)
    assert not {Kind.WEB_ACL, Kind.IP_SET} & set(kinds(seen))
    assert "ListWebACLs" in account.calls


def test_without_the_right_to_read_tags_every_kind_is_listed() -> None:
    students, account = taught(300)
    account.refused = ("GetResources",)
    account.has_a_firewall(students[0].deployment)
    seen = at_a_glance(account.cloud(), students)
    assert kinds(seen)[Kind.WEB_ACL] == 1
    assert not seen.unseen


def test_a_proof_lists_every_kind_also_where_no_tag_shows_it() -> None:
    students, account = taught(300)
    account.has_a_firewall(students[0].deployment)
    account.items["GetResources"].clear()
    seen = resources_of(account.cloud(), students)
    assert kinds(seen)[Kind.WEB_ACL] == 1
    assert "GetResources" not in account.calls
