"""Both functions answer as function/README.md says: its table is sent, row by row, to each."""

import json
import re
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import Binary

from lambda_over_https.sandbox.client.record import Sandbox
from lambda_over_https.sandbox.model.functions import Credentials, Function, InvocationResult
from tests.kit.sandbox.lambda_fixtures import Opener, open_lab_fixture, sdk_fixture  # noqa: F401
from tests.kit.sandbox.lambda_lab import NODEJS, NOWHERE, PYTHON, Lab, needs_node

FOLDER = Path(__file__).parents[1] / "function"
FILES = {PYTHON: "LambdaFunctionOverHttps.py", NODEJS: "LambdaFunctionOverHttps.js"}
ROW = re.compile(r"^\| (?P<what>.+?) \| `(?P<event>.+?)` \| `(?P<answer>.+?)` \|$", re.MULTILINE)
BOTH = [pytest.param(PYTHON, id="Python"), pytest.param(NODEJS, id="Node.js", marks=needs_node)]


class Subject:
    """One of the two functions, with a table of its own and another that somebody else has filled."""

    def __init__(self, lab: Lab, runtime: str, dynamodb: Any) -> None:
        self._lab = lab
        self._runtime = runtime
        self._names = {
            name: f"{name}-{runtime}-{secrets.token_hex(4)}" for name in ("LambdaTable", "OtherTable")
        }
        for name in self._names.values():
            _create_table(dynamodb, name)
        dynamodb.Table(self._names["OtherTable"]).put_item(
            Item={
                "Id": "1",
                "big": Decimal(12345678901234567890123456789012345678),
                "pi": Decimal("3.1415926535897932384626433832795028841"),
                "names": {"Ünal", "Bob", "Al"},
                "numbers": {Decimal(10), Decimal("2.5"), Decimal(-1)},
                "bytes": Binary(b"\0\xff"),
                "blobs": {Binary(b"\2"), Binary(b"\1")},
            }
        )
        self.function = self.variant(TABLE_NAME=self._names["LambdaTable"])

    def variant(self, **environment: str) -> Function:
        """The function with another environment."""
        source = (FOLDER / FILES[self._runtime]).read_text()
        return self._lab.write(
            {FILES[self._runtime]: source},
            self._runtime,
            handler="LambdaFunctionOverHttps.handler",
            environment=environment,
            timeout=20,
        )

    def answer(self, event: str, function: Function | None = None) -> str:
        """The result as JSON, or the error's message."""
        outcome = self._send(event, function or self.function)
        text = outcome.payload.decode()
        if outcome.error is not None:
            text = str(json.loads(text)["errorMessage"])
        for name, own in self._names.items():
            text = text.replace(own, name)
        return text

    def logged(self) -> str:
        """All that the functions have logged."""
        return self._lab.state.text

    def _send(self, event: str, function: Function) -> InvocationResult:
        for name, own in self._names.items():
            event = event.replace(name, own)
        return self._lab.do(self._lab.functions.invoke(function, event.encode()))


def _create_table(dynamodb: Any, name: str) -> None:
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


@pytest.fixture(scope="module", params=BOTH)
def subject(request: pytest.FixtureRequest, sandbox: Sandbox, open_lab: Opener) -> Subject:
    """Each of the two functions in turn."""
    if request.param == NODEJS:
        request.getfixturevalue("sdk")
    make: Any = boto3.resource
    dynamodb = make(
        "dynamodb",
        endpoint_url=sandbox.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=sandbox.access_key_id,
        aws_secret_access_key=sandbox.secret_access_key,
    )
    keys = Credentials(sandbox.access_key_id, sandbox.secret_access_key, "")
    return Subject(open_lab(sandbox.endpoint_url, keys), request.param, dynamodb)


def _value(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def _agrees(answer: str, expected: str) -> bool:
    if expected.startswith("["):
        pattern = re.escape(expected).replace("…", "(.|\n)+")
        return re.fullmatch(pattern, answer) is not None
    return not answer.startswith("[") and bool(_value(answer) == _value(expected))


def test_each_row_of_the_table_is_true(subject: Subject) -> None:
    rows = [match.groupdict() for match in ROW.finditer((FOLDER / "README.md").read_text())]
    answers = [(row["what"], row["answer"], subject.answer(row["event"])) for row in rows]
    wrong = [entry for entry in answers if not _agrees(entry[2], entry[1])]
    assert wrong == []
    assert len(rows) > 40, "the table was not found"


def test_a_missing_table_of_the_functions_own_choice_is_not_the_callers_fault(subject: Subject) -> None:
    function = subject.variant(TABLE_NAME="Missing")
    assert re.fullmatch(
        r"\[InternalError\] The function's log says more about request [0-9a-f-]{36}",
        subject.answer('{"operation":"list"}', function),
    )


def test_without_any_table_name_the_caller_is_told(subject: Subject) -> None:
    function = subject.variant()
    assert subject.answer('{"operation":"list"}', function) == (
        '[BadRequest] "tableName" must be the name of a table'
    )


def test_what_went_wrong_inside_is_in_the_log_only(subject: Subject) -> None:
    function = subject.variant(AWS_ENDPOINT_URL=NOWHERE, AWS_MAX_ATTEMPTS="1", TABLE_NAME="Any")
    assert subject.answer('{"operation":"list"}', function).startswith("[InternalError] ")
    logged = subject.logged()
    assert "ECONNREFUSED" in logged or "Could not connect to the endpoint" in logged
