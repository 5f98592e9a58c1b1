"""What any run needs, examined before anything is made."""

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.aws.quotas import REST_APIS
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.doctor import Probe, Wrong
from lambda_over_https.doctor.ports import holder, is_taken, owner
from lambda_over_https.engine import acts
from lambda_over_https.files import private_folder, write_private
from lambda_over_https.hints import command
from lambda_over_https.sandbox.client.daemon import DEFAULT_PORT
from lambda_over_https.tutorial.parts.part import Part, Standing
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.steps.api import all_apis

CLOCK_LIMIT = 300
"""Seconds by which a signature's time may differ from AWS's (IAM guide, "Signature Version 4")."""

TIME_LIMIT = 900
"""Seconds that credentials should still hold: a run on AWS and its teardown take some minutes."""

DISK_LIMIT = 50_000_000


class Before:
    """The examination of a place where nothing has to be yet."""

    def __init__(self, stack: Stack, steps: Sequence[Step], home: Path) -> None:
        self._stack = stack
        self._steps = steps
        self._home = home

    def place(self) -> Iterator[Probe]:
        """Who and where we are, and what this machine has."""
        place = self._stack.place
        yield Probe("identity", lambda: f"{place.caller}, account {place.account}, Region {place.region}")
        yield Probe("credentials", self._credentials)
        yield Probe("clock", self._clock)
        if place.is_sandbox:
            yield Probe("sandbox", lambda: f"{place.endpoint_url} and {place.web_url}")
            yield Probe("port", lambda: usual_port(int(place.endpoint_url.rpartition(":")[2])))
        yield Probe("state folder", self._folder)
        yield Probe("disk", self._disk)
        if place.is_sandbox and self._stack.choices.runtime == "nodejs":
            yield Probe("Node.js", _node)

    def names(self) -> Iterator[Probe]:
        """Whether there is room in the account, and the names are free."""
        yield Probe("quota", self._quota)
        for part in self._owners():
            yield Probe(f"name {part.name(self._stack)}", partial(self._name, part))

    def _owners(self) -> Iterator[Part]:
        for step in self._steps:
            for part in step.parts(self._stack):
                if not part.owner and not part.local:
                    yield part

    def _credentials(self) -> str:
        ends = self._stack.cloud.credentials_end()
        if ends is None:
            return "they do not expire (or AWS does not say when)"
        left = (ends - datetime.now(UTC)).total_seconds()
        if left < TIME_LIMIT:
            raise Wrong(f"they end in {max(0, left) / 60:.0f} minutes", "aws sso login, or copy them again")
        return f"good for {left / 60:.0f} minutes"

    def _clock(self) -> str:
        with explained():
            answer: Any = self._stack.cloud.sts.get_caller_identity()
        theirs = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        if not theirs:
            return "the endpoint sends no date"
        off = (datetime.now(UTC) - parsedate_to_datetime(theirs)).total_seconds()
        if abs(off) > CLOCK_LIMIT:
            ahead = "ahead of" if off > 0 else "behind"
            raise Wrong(
                f"it is {abs(off):.0f} seconds {ahead} AWS's: signatures are refused",
                "set this machine's clock, for example: sudo timedatectl set-ntp true",
            )
        return f"{abs(off):.0f} seconds from AWS's"

    def _folder(self) -> str:
        folder = private_folder(self._home)
        probe = folder / ".doctor"
        try:
            write_private(probe, b"")
            probe.unlink()
        except OSError as error:
            raise Wrong(
                f"{folder} cannot be written: {error.strerror}",
                "set LAMBDA_OVER_HTTPS_HOME to another folder",
            ) from error
        return str(folder)

    def _disk(self) -> str:
        free = shutil.disk_usage(self._home).free
        if free < DISK_LIMIT:
            raise Wrong(f"only {free / 1e6:.0f} MB are free", "make room on this disk")
        return f"{free / 1e9:.1f} GB free"

    def _quota(self) -> str:
        with explained():
            count = sum(1 for _ in all_apis(self._stack))
        if count >= REST_APIS:
            raise Wrong(f"{count} REST APIs of {REST_APIS}", "delete REST APIs that are not needed")
        return f"{count} of {REST_APIS} REST APIs"

    def _name(self, part: Part) -> str:
        seen = acts.look(part, self._stack)
        if seen.standing is Standing.FOREIGN:
            raise Wrong(f"{part.kind}: {seen.reason}, and is not ours", command("loh run --name ANOTHER"))
        return f"{part.kind}: {'free' if seen.standing is Standing.ABSENT else 'ours'}"


def usual_port(ours: int, usual: int = DEFAULT_PORT) -> str:
    """Nothing is wrong with another port, but what was noted for the usual one does not fit it."""
    taken = [port for port in (usual, usual + 1) if port != ours and is_taken(port)]
    if ours == usual:
        return f"{usual}, as usual"
    if not taken:
        return f"{ours}, as it was started; the usual {usual} is free"
    return taken_port(ours, taken[0], holder(taken[0]), owner(taken[0]))


def taken_port(ours: int, usual: int, who: str, uid: int | None) -> str:
    """What to say of the process ``who``, of the user with the number ``uid``, that has the usual port."""
    if uid is not None and uid != os.getuid():
        return f"{ours}, because another user ({_user(uid)}) has the usual {usual}; all works here too"
    whose = "" if uid is not None else " if it is yours"
    return (
        f"{ours}, because the usual {usual} is taken by {who}; all works here too. To have"
        f" the usual one: end that{whose}, then `loh sandbox stop` (what the sandbox holds is gone then),"
        f" `{command('loh run')}`"
    )


def _user(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _node() -> str:
    from lambda_over_https.sandbox.client import nodejs

    return nodejs.ensure_node()
