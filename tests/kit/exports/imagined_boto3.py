"""A ``boto3`` for exported programs: it writes down the calls, and answers what a ``Run`` was answered."""

import io
import runpy
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from tests.kit.exports.recorded_calls import Run

if TYPE_CHECKING:
    from lambda_over_https.deployment.recorded.call import Call

TESTED: dict[str, Any] = {"status": 200, "body": "tested"}


@dataclass
class ImaginedBoto3:
    """An account as a program sees it; ``refuse`` names the code of the error with which a call ends."""

    run: Run
    made: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    waited: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    region: str = ""
    refuse: Callable[[str], str] = lambda _: ""
    tested: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._answers: dict[str, list[Call]] = {}
        for call in self.run.calls():
            self._answers.setdefault(xform_name(call.operation), []).append(call)

    def names(self) -> list[str]:
        """The methods that were called, in order."""
        return [name for _, name, _ in self.made]

    def start(self, script: Path, patch: pytest.MonkeyPatch, *arguments: str) -> int | str:
        """Run a program in its folder as the main one; with what it ends: 0, or a message."""
        module = ModuleType("boto3")
        vars(module)["Session"] = self._session
        patch.setitem(sys.modules, "boto3", module)
        patch.setitem(sys.modules, "time", ModuleType("time"))
        vars(sys.modules["time"])["sleep"] = self.slept.append
        patch.setattr(sys, "argv", [str(script), *arguments])
        patch.chdir(script.parent)
        try:
            runpy.run_path(str(script), run_name="__main__")
        except SystemExit as ended:
            return ended.code or 0
        return 0

    def _session(self, region_name: str = "") -> Any:
        self.region = region_name
        return SimpleNamespace(region_name=self.run.region, client=lambda service: _Client(self, service))

    def take(self, service: str, name: str, parameters: dict[str, Any]) -> Any:
        """One call."""
        if service == "sts":
            return {"Account": self.run.account}
        self.made.append((service, name, parameters))
        if code := self.refuse(name):
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, name)
        if name == "invoke":
            return {"Payload": io.BytesIO(b"invoked")}
        if name == "test_invoke_method":
            return self.tested.pop(0) if self.tested else TESTED
        return self._answers[name].pop(0).answer if name in self._answers else {}


@dataclass
class _Client:
    boto3: ImaginedBoto3
    service: str

    def get_waiter(self, waiter: str) -> Any:
        """A waiter that writes down what it was to wait for."""
        return SimpleNamespace(wait=lambda **given: self.boto3.waited.append((waiter, given)))

    def __getattr__(self, name: str) -> Any:
        return lambda **parameters: self.boto3.take(self.service, name, parameters)
