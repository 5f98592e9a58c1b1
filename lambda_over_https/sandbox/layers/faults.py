"""Makes the faults happen that an instructor has switched on."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_over_https.files import private_folder
from lambda_over_https.sandbox.client import faults
from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Layer
from lambda_over_https.sandbox.control.moto_state import find_function, lambda_regions
from lambda_over_https.sandbox.control.refusals import expired_token, role_not_assumable, too_many_requests
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Function

_BROKEN = {
    (faults.ERROR, "python"): 'def {name}(event, context):\n    raise KeyError("tableNam")\n',
    (
        faults.ERROR,
        "nodejs",
    ): 'exports.{name} = async (event) => {{ throw new Error("tableNam is not defined"); }};\n',
    (faults.SLOW, "python"): "import time\n\n\ndef {name}(event, context):\n    time.sleep(1000)\n",
    (faults.SLOW, "nodejs"): "exports.{name} = () => new Promise((done) => setTimeout(done, 1000000));\n",
}

Statement = dict[str, Any]


class Faults(Layer):
    """The switches, and what each fault does to calls, to functions and to functions' policies."""

    services = frozenset({"apigateway", "lambda"})

    def __init__(self, workdir: Path) -> None:
        self._folder = workdir / "faults"
        self._on: dict[str, str] = {}
        self._broken: dict[tuple[str, str], tuple[str, str]] = {}

    def is_on(self, name: str) -> bool:
        """Whether the fault is switched on."""
        return name in self._on

    def switch(self, name: str, *, on: bool) -> None:
        """Switch a fault, in the control thread. AwsError if there is no fault of that name."""
        if name not in faults.NAMES:
            known = ", ".join(faults.NAMES)
            raise AwsError("NoSuchFault", f"There is no fault {name!r}, only: {known}", 404)
        if on == self.is_on(name):
            return
        if on:
            self._on[name] = secrets.token_hex(4)
        else:
            del self._on[name]
        if name == faults.SOURCE_ARN:
            self._break_all() if on else self._repair_all()

    # Calls

    def before(self, call: AwsCall) -> None:
        """Refuse the calls that a fault makes fail."""
        if self.is_on(faults.ROLE) and call.service == "lambda" and "Role" in call.parameters:
            raise role_not_assumable()
        if (
            self.is_on(faults.CREATES)
            and call.service == "apigateway"
            and call.operation.startswith(("Create", "Import"))
        ):
            raise too_many_requests("apigateway")

    def check_token(self, call: AwsCall) -> None:
        """Refuse the operator's keys while the fault makes them count as expired."""
        if self.is_on(faults.TOKEN):
            raise expired_token(call.service)

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Break a new statement the first time it is added; once removed and added again, it stays right."""
        del response
        if call.operation == "AddPermission" and self.is_on(faults.SOURCE_ARN):
            function = find_function(call.region, call.parameters["FunctionName"])
            self._break(function.function_arn, function.policy.statements[-1])

    # Functions

    def apply_to(self, function: Function) -> Function:
        """The function, with broken code if a fault asks for it; its new revision makes workers restart."""
        name = next((name for name in (faults.ERROR, faults.SLOW) if self.is_on(name)), None)
        family = re.match("python|nodejs", function.runtime)
        if name is None or family is None:
            return function
        module, _, handler = function.handler.rpartition(".")
        suffix = {"python": ".py", "nodejs": ".js"}[family[0]]
        file = (self._folder / name / function.name / module).with_suffix(suffix)
        if not file.exists():
            private_folder(file.parent)
            file.write_text(_BROKEN[name, family[0]].format(name=handler))
        folder = self._folder / name / function.name
        return replace(function, code=folder, revision=f"{function.revision} {name} {self._on[name]}")

    # Functions' policies

    def _break_all(self) -> None:
        for arn, statement in _statements():
            self._break(arn, statement)

    def _break(self, arn: str, statement: Statement) -> None:
        key, source = (arn, statement["Sid"]), _source(statement)
        if key in self._broken or source is None:
            return
        wrong = _wrong_path(source)
        self._broken[key] = (source, wrong)
        _store(statement, wrong)

    def _repair_all(self) -> None:
        for arn, statement in _statements():
            right, wrong = self._broken.get((arn, statement["Sid"]), (None, None))
            if right is not None and _source(statement) == wrong:
                _store(statement, right)
        self._broken.clear()


def _statements() -> Iterator[tuple[str, Statement]]:
    for backend in lambda_regions():
        for function in list(backend.list_functions()):
            for statement in function.policy.statements:
                yield function.function_arn, statement


def _source(statement: Statement) -> str | None:
    source: str | None = statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn")
    return source


def _wrong_path(source: str) -> str:
    """The ARN with the resource's path in another case: ``…:api/*/POST/dynamodbmanager``."""
    *head, path = source.split("/", 3)
    return "/".join([*head, path.lower() if path != path.lower() else path.swapcase()])


def _store(statement: Statement, source: str) -> None:
    statement["Condition"]["ArnLike"]["AWS:SourceArn"] = source
