"""What happens only on real AWS, with the sandbox in AWS's place under the names of AWS's own hosts."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from lambda_over_https.names import names_for
from tests.kit.account.between import Between, in_aws_place
from tests.kit.account.census import Census, census, difference
from tests.kit.program.forks import Zygote
from tests.kit.program.support import Account, Ran, loh


def test_the_whole_tutorial_is_done_checked_and_removed(
    on_aws: Between, account: Account, before: Census, name: str
) -> None:
    where = ("--target", "aws", "--name", name)
    ran = loh("run", "--no-pause", "--yes", *where)
    assert ran.code == 0, ran.err
    [api] = [value["api"] for key, value in census(account).items() if names_for(name).api in key]
    assert api["endpointConfiguration"]["types"] == ["REGIONAL"], "others may be made twice a minute only"
    report = loh("status", "--json", *where).json
    url = f"https://{api['id']}.execute-api.us-east-1.amazonaws.com/prod/DynamoDBManager"
    assert report["invoke_url"] == url
    assert loh("verify", "--json", *where).json["passed"]
    assert loh("doctor", *where).code == 0
    assert loh("teardown", "--yes", *where).code == 0
    assert difference(before, census(account)) == []


# --- the question before the first change ---


@dataclass
class Deployed:
    """A complete deployment on AWS, and the program for it."""

    zygote: Zygote
    between: Between
    environment: dict[str, str]

    def loh(self, *command: str, typed: str | None = None) -> Ran:
        """Run a command; at a terminal if something is ``typed`` there."""
        words = (*command, "--target", "aws", "--name", "asked")
        if typed is None:
            return self.zygote.loh(*words, **self.environment)
        return self.zygote.typed(typed, *words, **self.environment)

    def changes(self) -> list[str]:
        """What was changed since this was last asked."""
        made = [call.name for call in self.between.calls if call.mutates]
        self.between.calls.clear()
        return made


@pytest.fixture(scope="module")
def deployed(
    zygote: Zygote, whole_account: Account, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    with in_aws_place(whole_account.sandbox, tmp_path_factory.mktemp("aws")) as (between, environment):
        deployed = Deployed(zygote, between, environment)
        made = deployed.loh("run", "--no-pause", "--yes")
        assert made.code == 0, made.err
        assert len(deployed.changes()) > 20
        yield deployed
        assert deployed.loh("teardown", "--yes").code == 0


ASKING = (
    ("run", "--no-pause"),
    ("run", "--pause"),
    ("run", "--no-pause", "--to", "2.2"),
    ("next",),
    ("teardown",),
    ("drill", "permission", "--predict", "a"),
)
"""Every command that changes something, but for ``undo``, which removes what one step made."""


@pytest.mark.parametrize("command", ASKING, ids=" ".join)
def test_nothing_is_changed_where_nobody_can_answer_the_question(
    deployed: Deployed, command: tuple[str, ...]
) -> None:
    ran = deployed.loh(*command)
    assert ran.code == 2, ran.err
    assert "not a terminal" in ran.err
    assert "--yes" in ran.err
    assert deployed.changes() == []


@pytest.mark.parametrize("answer", ["n", ""], ids=["no", "return"])
@pytest.mark.parametrize("command", ASKING, ids=" ".join)
def test_only_a_yes_goes_on_and_the_question_says_who_would_change_what(
    deployed: Deployed, command: tuple[str, ...], answer: str
) -> None:
    ran = deployed.loh(*command, typed=f"{answer}\n")
    assert ran.code == 130, ran.err
    assert "Nothing was changed" in ran.err
    assert deployed.changes() == []
    for part in ("us-east-1", "arn:aws:iam::123456789012:user/operator", "[y/N]"):
        assert part in ran.err


def test_after_a_yes_it_is_done(deployed: Deployed) -> None:
    ran = deployed.loh("drill", "permission", "--predict", "a", typed="y\n")
    assert ran.code == 0, ran.err
    assert "account 123456789012" in ran.err
    assert "lambda:RemovePermission" in deployed.changes()


@pytest.mark.parametrize("command", [("run", "--no-pause", "--to", "2.1"), ("next",)], ids=" ".join)
def test_on_the_sandbox_nobody_is_asked(account: Account, name: str, command: tuple[str, ...]) -> None:
    ran = loh(*command, "--name", name)
    assert ran.code == 0, ran.err
    assert "will change account" not in ran.err
    assert loh("teardown", "--yes", "--name", name).code == 0
