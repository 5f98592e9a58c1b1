"""Somebody joins a class late, or leaves it: the class gets another roster, and loses nothing of sight."""

from tests.kit.program.support import Account, done, loh


def test_a_class_gets_another_roster_unless_who_leaves_has_something_in_the_account(
    account: Account, name: str
) -> None:
    new = ("class", "new", name)
    done(*new, "--prefix", name, "--count", "2")
    done("run", "--no-pause", "--name", f"{name}-02", "--to", "2.2")
    refused = loh(*new, "--count", "3")
    assert (refused.code, "pass --again, if somebody has joined or left" in refused.err) == (2, True)
    made = done(*new, "--count", "3", "--again", "--json").json
    assert [each["deployment"] for each in made["students"]] == [f"{name}-0{n}" for n in (1, 2, 3)]
    refused = loh(*new, "--count", "1", "--again")
    assert (refused.code, f"`loh class sweep --class {name} --only 02` removes it" in refused.err) == (
        1,
        True,
    )
    refused = loh(*new, "--prefix", f"{name}x", "--count", "3", "--again")
    assert (refused.code, "have something in the account: 02." in refused.err) == (1, True)
    shown = done("class", "status", "--class", name)
    assert "3 students, 1 has begun, 0 deployed" in shown.out
    done("class", "sweep", "--class", name, "--only", "02", "--yes")
    done(*new, "--count", "1", "--again")
    assert len(done("class", "status", "--class", name, "--json").json["students"]) == 1
    assert loh("class", "new", f"{name}-none", "--count", "1", "--again").code == 2
