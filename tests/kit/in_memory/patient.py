"""A deployment in memory for the doctor to examine: what its journal names, and what AWS answers."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.doctor import Finding, examine
from lambda_over_https.doctor.after import After
from lambda_over_https.kinds import Kind
from lambda_over_https.names import STAGE, names_for
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.parts.step import Step
from tests.kit.in_memory.answers import Table, Ways
from tests.kit.in_memory.memory import Desk

NAMES = names_for("alice")


class GoneError(ClientError):
    """What AWS answers for something that is not there."""

    def __init__(self) -> None:
        super().__init__({"Error": {"Code": "NotFoundException", "Message": "Not there"}}, "Get")


class Aws:
    """What AWS answers to the doctor; a request for anything else than is there is refused."""

    def __init__(self) -> None:
        self.function: dict[str, Any] | None = {"Configuration": {"Runtime": "python3.13"}}
        self.role: dict[str, Any] | None = {"RoleName": NAMES.role, "RoleId": "AROA1"}
        self.role_name = NAMES.role
        self.api: dict[str, Any] = {}
        self.stage: dict[str, Any] | None = {"deploymentId": "d1"}
        self.ways = Ways(Table())

    def _function(self, **call: str) -> Any:
        return self._there(self.function, call, FunctionName=NAMES.function)

    def _role(self, **call: str) -> Any:
        return {"Role": self._there(self.role, call, RoleName=self.role_name)}

    def _api(self, **call: str) -> Any:
        return self._there(self.api, call, restApiId="api1")

    def _stage(self, **call: str) -> Any:
        return self._there(self.stage, call, restApiId="api1", stageName=STAGE)

    def _there(self, answer: Any, call: dict[str, str], **there: str) -> Any:
        assert call == there
        if answer is None:
            raise GoneError
        return answer

    def clients(self, run: Any) -> Any:
        """The clients of a stack."""
        errors = SimpleNamespace(
            NotFoundException=GoneError, ResourceNotFoundException=GoneError, NoSuchEntityException=GoneError
        )
        return SimpleNamespace(
            run=run,
            lambda_=SimpleNamespace(
                get_function=self._function, exceptions=errors, invoke=self.ways.lambda_.invoke
            ),
            iam=SimpleNamespace(get_role=self._role, exceptions=errors),
            apigateway=SimpleNamespace(
                get_rest_api=self._api,
                get_stage=self._stage,
                exceptions=errors,
                test_invoke_method=self.ways.apigateway.test_invoke_method,
            ),
            http=self.ways.http,
            dynamodb=self.ways.dynamodb,
        )


class Patient:
    """A deployment in memory, whose journal names what ``was_made``."""

    def __init__(self, folder: Path) -> None:
        self.desk, self.aws = Desk(folder), Aws()
        self.choices, self.steps = Choices(), list[Step]()

    def was_made(self, *kinds: str, **more: Any) -> None:
        """Write down resources of these kinds, with the names and ids that they have."""
        known = {
            Kind.REST_API: ("api", "api1"),
            Kind.ROLE: (NAMES.role, "AROA1"),
            Kind.FUNCTION: (NAMES.function, "f"),
        }
        for kind in kinds:
            name, id_ = known.get(Kind(kind), (kind, "id1"))
            record = Record(kind, name, "1", RecordState.MADE, id_)
            self.desk.stack().journal.made(replace(record, **more))

    def stack(self) -> Stack:
        """The stack of a new command."""
        stack = self.desk.stack()
        return replace(stack, cloud=self.aws.clients(stack.run), choices=self.choices)

    def found(self, today: date = date(2026, 1, 1)) -> dict[str, Finding]:
        """What the doctor finds on that day, by the names of its probes."""
        probes = After(self.stack(), self.steps, today).probes()
        return {each.name: each for each in examine(probes)}


def told(finding: Finding) -> tuple[bool, str, str]:
    """Whether all is well, what was seen, and the command that fixes it."""
    return finding.ok, finding.what, finding.fix
