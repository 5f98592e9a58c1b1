"""What the doctor says of this machine, word for word, and what it advises."""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.doctor import Finding, examine
from lambda_over_https.doctor.before import Before, taken_port, usual_port
from tests.kit.in_memory.memory import Desk
from tests.kit.in_memory.patient import told

pytestmark = pytest.mark.usefixtures("alice_on_aws")

RUN = "loh run --target aws --name alice"


def machine(
    folder: Path, ends: datetime | None = None, aws_says: datetime | None = None, **place: Any
) -> Before:
    """The examination of this machine: when the credentials end, and what time AWS says it is."""
    headers = {"date": format_datetime(aws_says, usegmt=True)} if aws_says else {}
    sts = SimpleNamespace(get_caller_identity=lambda: {"ResponseMetadata": {"HTTPHeaders": headers}})
    stack = Desk(folder).stack()
    clients: Any = SimpleNamespace(run=stack.run, sts=sts, credentials_end=lambda: ends)
    choices = Choices(runtime=place.pop("runtime", "python"))
    return Before(
        replace(stack, cloud=clients, place=replace(stack.place, **place), choices=choices), [], folder
    )


def on_machine(before: Before) -> dict[str, Finding]:
    return {each.name: each for each in examine(before.place())}


def test_a_machine_that_is_well_is_told_in_a_few_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", {tmp_path: SimpleNamespace(free=2_340_000_000)}.get)
    found = on_machine(machine(tmp_path, target="aws"))
    assert {name: each.what for name, each in found.items()} == {
        "identity": "arn:aws:iam::123456789012:user/x, account 123456789012, Region us-east-1",
        "credentials": "they do not expire (or AWS does not say when)",
        "clock": "the endpoint sends no date",
        "state folder": str(tmp_path),
        "disk": "2.3 GB free",
    }
    assert all(each.ok for each in found.values())


def test_a_disk_without_room_is_told_in_megabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=12_000_000))
    disk = on_machine(machine(tmp_path))["disk"]
    assert told(disk) == (False, "only 12 MB are free", "make room on this disk")


def test_credentials_are_told_with_the_minutes_that_they_hold(tmp_path: Path) -> None:
    def in_minutes(minutes: float) -> Finding:
        ends = datetime.now(UTC) + timedelta(minutes=minutes)
        return on_machine(machine(tmp_path, ends))["credentials"]

    assert told(in_minutes(60.3)) == (True, "good for 60 minutes", "")
    assert told(in_minutes(5.3)) == (False, "they end in 5 minutes", "aws sso login, or copy them again")
    assert told(in_minutes(-5)) == (False, "they end in 0 minutes", "aws sso login, or copy them again")


@pytest.mark.parametrize(("off", "word"), [(1000, "behind"), (-1000, "ahead of")])
def test_a_wrong_clock_is_told_with_the_command_that_sets_it(tmp_path: Path, off: int, word: str) -> None:
    clock = on_machine(machine(tmp_path, aws_says=datetime.now(UTC) + timedelta(seconds=off)))["clock"]
    assert clock.what.startswith("it is ")
    assert clock.what.endswith(f" seconds {word} AWS's: signatures are refused")
    assert abs(int(clock.what.split()[2]) - 1000) < 100
    assert clock.fix == "set this machine's clock, for example: sudo timedatectl set-ntp true"


def test_what_is_the_sandboxs_is_looked_at_there_alone(tmp_path: Path) -> None:
    sandbox: dict[str, Any] = {
        "boot_id": "b",
        "endpoint_url": "http://127.0.0.1:9",
        "web_url": "https://127.0.0.1:10",
    }
    probes = {each.name: each for each in machine(tmp_path, **sandbox, runtime="nodejs").place()}
    assert {"sandbox", "port", "Node.js"} <= set(probes)
    assert probes["sandbox"].look() == "http://127.0.0.1:9 and https://127.0.0.1:10"
    assert probes["port"].look().startswith("9, ")
    assert "Node.js" not in {each.name for each in machine(tmp_path, **sandbox).place()}
    on_aws = {each.name for each in machine(tmp_path, target="aws", runtime="nodejs").place()}
    assert on_aws.isdisjoint({"sandbox", "port", "Node.js"})


def test_a_usual_port_is_told_as_such_and_as_free() -> None:
    """Port 0, which stands for any free one, is never taken."""
    assert usual_port(9, 9) == "9, as usual"
    assert usual_port(1, 0) == "1, as it was started; the usual 0 is free"


@pytest.mark.parametrize(("uid", "whose"), [(os.getuid(), ""), (None, " if it is yours")])
def test_who_has_the_usual_port_is_told_with_the_way_to_get_it(uid: int | None, whose: str) -> None:
    assert taken_port(9, 8, "process 5 (x)", uid) == (
        "9, because the usual 8 is taken by process 5 (x); all works here too. To have the usual one: end"
        f" that{whose}, then `loh sandbox stop` (what the sandbox holds is gone then), `{RUN}`"
    )


def test_a_port_of_another_user_is_told_with_the_users_name_or_number() -> None:
    said = "9, because another user ({}) has the usual 8; all works here too"
    assert taken_port(9, 8, "another process", 2**31 - 7) == said.format(2**31 - 7)
    user, name = (0, "root") if os.getuid() else (1, "daemon")
    assert taken_port(9, 8, "another process", user) == said.format(name)
