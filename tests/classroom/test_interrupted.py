"""^C in a command of a class: the hint names the class's own commands, not those of one deployment."""

import sys
from pathlib import Path

import pytest

from lambda_over_https.classroom.access.users import Users
from lambda_over_https.classroom.demonstration import Demonstration
from lambda_over_https.classroom.sweeping.sweep import Sweep
from lambda_over_https.errors import interrupted
from tests.kit.program.support import Account, done, loh


@pytest.mark.parametrize("end", [KeyboardInterrupt, interrupted], ids=["at once", "from a wait"])
@pytest.mark.parametrize(
    ("whose", "method", "arguments", "hint"),
    [
        (Demonstration, "make", ("run",), "`loh class sweep --class {}` removes it"),
        (Sweep, "apply", ("sweep",), "it goes on with what is left"),
        (Users, "create", ("users", "create", "keys"), "`loh class users remove --class {}` removes"),
        (Users, "remove", ("users", "remove"), "it goes on with what is left"),
    ],
)
def test_an_interrupted_command_of_a_class_names_the_class_s_commands(
    account: Account,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    end: type[BaseException],
    whose: type,
    method: str,
    arguments: tuple[str, ...],
    hint: str,
) -> None:
    def stop(*_: object) -> None:
        raise end()

    # With threads of other tests about, the program would end this process at once, as after a second ^C.
    monkeypatch.setattr("lambda_over_https.cli.app.leave", sys.exit)
    monkeypatch.chdir(tmp_path)
    done("class", "new", name, "--prefix", name, "--count", "1")
    monkeypatch.setattr(whose, method, stop)
    ran = loh("class", *arguments, "--class", name, "--yes")
    said = " ".join(ran.err.split())
    assert ran.code == 130
    assert "the same command again" in said
    assert hint.format(name) in said
    assert "`loh run" not in said


@pytest.mark.parametrize("end", [KeyboardInterrupt, interrupted], ids=["at once", "from a wait"])
def test_before_a_command_of_a_class_has_begun_nothing_was_changed(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: type[BaseException]
) -> None:
    """At a question, and while it only looks."""

    def stop(*_: object, **__: object) -> None:
        raise end()

    monkeypatch.setattr("lambda_over_https.cli.app.leave", sys.exit)
    done("class", "new", name, "--prefix", name, "--count", "1")
    for where, arguments in (
        ("classroom.sweeping.ending.resources_of", ("sweep",)),
        ("cli.shared.questions.ask", ("users", "create", str(tmp_path))),
        ("classroom.following.status.at_a_glance", ("status",)),
        ("classroom.following.looking.resources_of", ("look", "01")),
        ("classroom.account.resources_of", ("report", str(tmp_path))),
        ("classroom.forecast._quotas", ("new", f"{name}-2", "--prefix", f"{name}-2", "--count", "1")),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(f"lambda_over_https.{where}", stop)
            own = () if arguments[0] == "new" else ("--class", name)
            ran = loh("class", *arguments, *own)
        assert (ran.code, ran.err.splitlines()[-2:]) == (
            130,
            ["Error: Interrupted.", "Next: Nothing was changed."],
        ), arguments
