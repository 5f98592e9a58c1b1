"""What is wrong outside of this program is an error with a hint, however it is wrong; never a bug of ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.aws.answers import CheckingParsers
from lambda_over_https.aws.errors.explanations import explain_stranger, explained
from lambda_over_https.errors import CredentialsError, LohError, UncertainError
from tests.kit.account.clients import service_model
from tests.kit.account.serving import Server, serving
from tests.kit.program.support import Ran, loh


def _is_told(ran: Ran, code: int, home: Path) -> None:
    assert ran.code == code, ran.err
    assert ran.err.startswith("Error")
    assert "\nNext: " in ran.err
    assert not (home / "bugs").exists()


def test_what_is_raised_inside_botocore_is_not_ours_and_what_is_raised_in_ours_is() -> None:
    from botocore.credentials import ProcessProvider

    provider = ProcessProvider("p", lambda: {"profiles": {"p": {"credential_process": "/nonexistent"}}})
    with pytest.raises(CredentialsError), explained():
        provider.load()
    assert explain_stranger(_raised_by(lambda: dict[str, int]()["x"])) is None
    with pytest.raises(KeyError), explained():
        dict[str, int]()["x"]


def _raised_by(act: Any) -> Exception:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the test is about
        return error
    raise AssertionError("nothing was raised")


ANSWERS = {
    "a web page": (200, b"<html><body>hello &nbsp; <b>you</b></body></html>"),
    "a redirection": (302, b""),
    "nothing": (200, b""),
    "a part of a document": (200, b'{"a":'),
    "a document of its own": (200, b"<Hello><World/></Hello>"),
    "an account that is a path": (200, b"../../escaped"),
    "an account that is a tab": (200, b"a&#x9;b"),
    "a failure without words": (500, b"no"),
}


@pytest.fixture
def stranger() -> Iterator[Server]:
    with serving(Server()) as running:
        yield running


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("command", [("run", "--no-pause", "--yes"), ("doctor",), ("plan",), ("recover",)])
def test_an_address_that_is_not_aws_is_said_to_be_none(
    answer: str,
    command: tuple[str, ...],
    stranger: Server,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "test")
    stranger.status, text = ANSWERS[answer]
    identity = (
        b"<R><GetCallerIdentityResult><Arn>arn:x</Arn><Account>%s</Account></GetCallerIdentityResult></R>"
    )
    stranger.answer = identity % text if answer.startswith("an account") else text
    ran = loh(*command, "--name", name, "--region", "us-east-1", "--endpoint-url", stranger.url)
    _is_told(ran, 1, tmp_path / "home")
    assert "--endpoint-url" in ran.err
    assert not list((tmp_path / "home").glob("**/*escaped*"))


@pytest.fixture(scope="module")
def parser() -> Any:
    """Reads answers of API Gateway."""
    return CheckingParsers().create_parser("rest-json")


@pytest.fixture(scope="module")
def shape() -> Any:
    """What API Gateway's CreateRestApi answers."""
    service = service_model("apigateway")
    return service.operation_model("CreateRestApi").output_shape


def _parsed(parser: Any, shape: Any, body: bytes) -> Any:
    return parser.parse({"status_code": 201, "headers": {}, "body": body}, shape)


def test_a_whole_answer_is_given_as_it_is(parser: Any, shape: Any) -> None:
    found = _parsed(parser, shape, b'{"id": "a", "tags": {"k": "v"}, "binaryMediaTypes": ["x"]}')
    assert (found["id"], found["tags"], found["binaryMediaTypes"]) == ("a", {"k": "v"}, ["x"])
    assert found.get("name") is None
    assert "name" not in found


@pytest.mark.parametrize("body", [b"{}", b'{"id": null}', b"<html>", b""])
def test_an_answer_without_what_is_asked_for_says_what_is_missing(
    body: bytes, parser: Any, shape: Any
) -> None:
    found = _parsed(parser, shape, body)
    with pytest.raises(UncertainError, match="without 'id'"):
        found["id"]


@pytest.mark.parametrize(
    "body",
    [b'{"id": 5}', b'{"id": {"a": 1}}', b'{"tags": {"k": 1}}', b'{"tags": []}', b'{"apiKeySource": []}'],
)
def test_an_answer_of_another_shape_is_refused(body: bytes, parser: Any, shape: Any) -> None:
    with pytest.raises(LohError, match="That is not AWS"):
        _parsed(parser, shape, body)
