"""The journal is a cache: lost or damaged, it is rebuilt from what AWS holds; nothing is changed there."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lambda_over_https.deployment.handler.sources import bundled_source
from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.lock import locked
from lambda_over_https.kinds import Kind
from lambda_over_https.names import TAG_DEPLOYMENT, TAG_NAME, Names, names_for
from lambda_over_https.tutorial.chapters.protect.concurrency import RESERVED
from tests.kit.account import decoys
from tests.kit.account.census import census, difference
from tests.kit.program.support import Account, loh


@pytest.fixture
def journal(world: Path, name: str) -> Path:
    return world / "deployments" / "sandbox" / name / "journal.json"


def _run(name: str, *options: str) -> None:
    done = loh("run", "--no-pause", "--yes", "--name", name, *options)
    assert done.code == 0, done.err


def _resources(name: str) -> list[tuple[str, str, str, str]]:
    resources = loh("status", "--json", "--name", name).json["resources"]
    return sorted((each["kind"], each["name"], each["id"], each["state"]) for each in resources)


def _actions(name: str) -> set[str]:
    return {each["action"] for each in loh("plan", "--json", "--name", name).json["steps"]}


@pytest.mark.parametrize("to", ["2.1", "2.2", "2.3", "3.1", "3.4", "3.6"])
def test_a_lost_journal_is_rebuilt_as_it_was_and_nothing_is_changed(
    own: Account, name: str, journal: Path, to: str
) -> None:
    _run(name, "--to", to)
    known, before = _resources(name), census(own)
    journal.unlink()
    recovered = loh("recover", "--json", "--name", name)
    assert recovered.code == 0, recovered.err
    assert recovered.json["backup"] is None
    assert {each["sure"] for each in recovered.json["found"]} == {"certain"}
    assert _resources(name) == known
    assert difference(before, census(own)) == []
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert census(own) == {}


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "truncated": lambda data: data[: len(data) // 2],
    "not-json": lambda _: b"\xff\xfe nothing of the kind",
    "another-document": lambda _: b'{"version": 1}',
    "edited": lambda data: data.replace(b'"made"', b'"intended"', 1),
    "newer": lambda data: json.dumps(json.loads(data) | {"version": 99}).encode(),
    "id-edited": lambda data: data.replace(b"-", b"-0", 1),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_bad_journal_is_recognised_kept_and_has_a_way_out(
    own: Account, name: str, journal: Path, damage: str
) -> None:
    _run(name, "--to", "3.1")
    before = census(own)
    spoilt = DAMAGES[damage](journal.read_bytes())
    journal.write_bytes(spoilt)
    for command in (("status",), ("run", "--no-pause", "--yes"), ("teardown", "--yes")):
        refused = loh(*command, "--name", name)
        assert refused.code == 1, command
        assert "loh recover" in refused.err
        assert journal.read_bytes() == spoilt
    recovered = loh("recover", "--json", "--name", name)
    assert recovered.code == 0, recovered.err
    assert Path(recovered.json["backup"]).read_bytes() == spoilt
    assert difference(before, census(own)) == []
    _run(name, "--to", "3.1")
    assert difference(before, census(own)) == []
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert census(own) == {}


@pytest.mark.parametrize(
    "elsewhere", [{"account": "999999999999"}, {"region": "eu-west-1"}], ids=["account", "region"]
)
def test_a_journal_of_another_account_or_region_is_not_obeyed_and_says_where_it_belongs(
    own: Account, name: str, journal: Path, elsewhere: dict[str, str]
) -> None:
    _run(name, "--to", "2.2")
    before, ours = census(own), journal.read_bytes()
    held = journals.load(journal)
    assert held is not None
    state = replace(held.state, deployment=replace(held.deployment, **elsewhere))
    journals.Journal(journal, state).save()
    theirs = journal.read_bytes()
    for command in (("run", "--no-pause", "--yes"), ("undo",), ("teardown", "--yes"), ("verify",)):
        refused = loh(*command, "--name", name)
        assert refused.code == 1, command
        assert state.deployment.account in refused.err
        assert f"--region {state.deployment.region}" in refused.err
    assert journal.read_bytes() == theirs
    assert difference(before, census(own)) == []
    journal.write_bytes(ours)
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_a_run_without_its_journal_is_told_of_recover(own: Account, name: str, journal: Path) -> None:
    _run(name, "--to", "2.4")
    journal.unlink()
    refused = loh("run", "--no-pause", "--yes", "--name", name)
    assert refused.code == 1
    assert "loh recover" in refused.err
    assert loh("recover", "--name", name).code == 0
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert census(own) == {}


def test_what_was_chosen_is_found_again(own: Account, name: str, journal: Path) -> None:
    _run(name, "--tutorial-policy")
    journal.unlink()
    assert loh("recover", "--name", name).code == 0
    before = census(own)
    _run(name)
    assert difference(before, census(own)) == []
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_a_source_of_ones_own_cannot_be_found_again_and_is_asked_for(
    own: Account, name: str, journal: Path, tmp_path: Path
) -> None:
    source = tmp_path / "mine.py"
    source.write_text(f"{bundled_source('python').read_text()}\n# mine\n")
    _run(name, "--to", "2.3", "--source", str(source))
    journal.unlink()
    recovered = loh("recover", "--name", name)
    assert f"`loh run --source YOUR_FILE --name {name}`" in recovered.err
    assert loh("recover", "--json", "--name", name).json["own_source"] is True
    before = census(own)
    _run(name, "--to", "2.3", "--source", str(source))
    assert difference(before, census(own)) == []
    _run(name, "--to", "2.3", "--source", str(bundled_source("python")))
    journal.unlink()
    assert loh("recover", "--json", "--name", name).json["own_source"] is False
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_a_lent_role_is_found_again_as_lent(own: Account, name: str, journal: Path) -> None:
    decoys.plant(own, "role", "LabRole", {})
    arn = own.client("iam").get_role(RoleName="LabRole")["Role"]["Arn"]
    before = census(own)
    _run(name, "--role-arn", arn, "--to", "3.1")
    journal.unlink()
    assert loh("recover", "--name", name).code == 0
    assert ("iam:role", "LabRole", "adopted") in {(*each[:2], each[3]) for each in _resources(name)}
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert difference(before, census(own)) == []


def test_what_only_looks_like_ours_is_named_and_left_alone(own: Account, name: str, journal: Path) -> None:
    _run(name, "--to", "2.3")
    table = names_for(name).table
    decoys.plant(own, "table", table, {})
    before = census(own)
    journal.unlink()
    recovered = loh("recover", "--json", "--name", name)
    assert ("not ours", table) in {(each["sure"], each["name"]) for each in recovered.json["found"]}
    assert table not in {each[1] for each in _resources(name)}
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert set(census(own)) <= set(before)
    assert f"table {table}" in census(own)


def test_a_log_group_that_lambda_made_is_likely_ours(own: Account, name: str, journal: Path) -> None:
    _run(name, "--to", "2.3")
    group = names_for(name).log_group
    own.client("logs").untag_log_group(logGroupName=group, tags=[TAG_DEPLOYMENT, TAG_NAME])
    journal.unlink()
    recovered = loh("recover", "--json", "--name", name)
    assert ("likely", group) in {(each["sure"], each["name"]) for each in recovered.json["found"]}
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert census(own) == {}


def _cap(account: Account, names: Names, runs: int) -> None:
    account.client("lambda").put_function_concurrency(
        FunctionName=names.function, ReservedConcurrentExecutions=runs
    )


def _slow_down(account: Account, api: str) -> None:
    rate = {"op": "replace", "path": "/~1DynamoDBManager/POST/throttling/rateLimit", "value": "500"}
    account.client("apigateway").update_stage(restApiId=api, stageName="prod", patchOperations=[rate])


def _allow_all(account: Account, api: str) -> None:
    who_and_what = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **who_and_what}]})
    patch = {"op": "replace", "path": "/policy", "value": policy}
    account.client("apigateway").update_rest_api(restApiId=api, patchOperations=[patch])


def test_what_somebody_set_by_hand_is_not_taken_for_a_chapter_and_stays(
    own: Account, name: str, journal: Path
) -> None:
    """Of the runs at once even the number is ours: a number alone shows nothing."""
    _run(name)
    known, api = _resources(name), _id(name, Kind.REST_API)
    _cap(own, names_for(name), RESERVED)
    _slow_down(own, api)
    _allow_all(own, api)
    before = census(own)
    journal.unlink()
    recovered = loh("recover", "--json", "--name", name)
    assert recovered.code == 0, recovered.err
    theirs = {each["kind"]: each["reason"] for each in recovered.json["found"] if each["sure"] == "not ours"}
    assert theirs == {
        Kind.CONCURRENCY: "the chapter protect is off, so somebody else has set it: left alone",
        Kind.API_POLICY: "the chapter protect is off, so somebody else has set it: left alone",
        Kind.METHOD_SETTINGS: "the chapter throttle is off, so somebody else has set it: left alone",
    }
    assert _resources(name) == known
    assert _on(name) == []
    _run(name)
    assert _actions(name) == {"keep"}
    assert difference(before, census(own)) == []
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert census(own) == {}


def _on(name: str) -> list[str]:
    """The chapters that are on."""
    chapters = loh("chapter", "list", "--json", "--name", name).json["chapters"]
    return [each["name"] for each in chapters if each["on"]]


def _id(name: str, kind: str) -> str:
    resources = loh("status", "--json", "--name", name).json["resources"]
    return next(str(each["id"]) for each in resources if each["kind"] == kind)


def test_a_chapter_is_found_again_although_somebody_changed_a_number_of_it(
    own: Account, name: str, journal: Path
) -> None:
    _run(name)
    assert loh("chapter", "on", "protect", "--yes", "--name", name).code == 0
    _cap(own, names_for(name), RESERVED + 1)
    journal.unlink()
    assert loh("recover", "--name", name).code == 0
    assert _on(name) == ["protect"]
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert census(own) == {}


def test_of_two_deployments_of_one_name_the_user_says_which(own: Account, name: str, journal: Path) -> None:
    _run(name, "--to", "3.1")
    journal.unlink()
    other = decoys.like_ours(name)
    decoys.plant(own, "api", names_for(name).api, other)
    unsure = loh("recover", "--name", name)
    assert unsure.code == 2
    assert "--id" in unsure.err
    assert not journal.exists()
    chosen = loh("recover", "--name", name, "--id", other[TAG_DEPLOYMENT])
    assert chosen.code == 0, chosen.err
    assert "iam:role" not in {each[0] for each in _resources(name)}
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert len([each for each in census(own) if each.startswith("api ")]) == 1


def test_where_nothing_is_there_is_no_journal(own: Account, name: str, journal: Path) -> None:
    nothing = loh("recover", "--name", name)
    assert nothing.code == 0
    assert "Nothing" in nothing.err
    assert not journal.exists()


def test_recover_does_not_disturb_a_run_under_way(own: Account, name: str, journal: Path) -> None:
    with locked(journal):
        assert loh("recover", "--name", name).code == 4
