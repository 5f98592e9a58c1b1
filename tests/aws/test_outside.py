"""What is wrong outside of this program is an error with a hint, however it is wrong; never a bug of ours."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.aws.answers import CheckingParsers
from lambda_over_https.aws.errors.explanations import explain_stranger, explained
from lambda_over_https.errors import CredentialsError, LohError, UncertainError
from tests.kit.serving import Server, serving
from tests.kit.support import Account, Ran, loh

ROLE = "arn:aws:iam::123456789012:role/ci"
WITHOUT_ZONE = '{"Version":1,"AccessKeyId":"x","SecretAccessKey":"y","Expiration":"2030-01-01T00:00:00"}'
SOURCED = "source_profile = q\n[profile q]\naws_access_key_id = test\naws_secret_access_key = test\n"

PROFILES = {
    "a helper that is missing": "credential_process = /nonexistent/helper",
    "a helper that is no program": "credential_process = /etc/hostname",
    "a helper with an open quote": "credential_process = sh -c 'x",
    "an empty helper": "credential_process =",
    "a helper that talks": "credential_process = echo please log in first",
    "a helper that gives a list": "credential_process = echo []",
    "a helper that gives no text": "credential_process = printf '\\351'",
    "a helper that gives an end without zone": f"credential_process = echo {shlex.quote(WITHOUT_ZONE)}",
    "a helper that gives keys of yesterday": "credential_process = echo "
    + shlex.quote(WITHOUT_ZONE.replace("2030", "2020").replace("00:00:00", "00:00:00Z")),
    "a token file that is missing": f"role_arn = {ROLE}\nweb_identity_token_file = /nonexistent",
    "a token file that is a folder": f"role_arn = {ROLE}\nweb_identity_token_file = /tmp",
    "a role that is its own source": f"role_arn = {ROLE}\nsource_profile = p",
    "a role without a source": f"role_arn = {ROLE}",
    "a role of nowhere": f"role_arn = {ROLE}\ncredential_source = Moon",
    "a role that is no ARN": f"role_arn = x\n{SOURCED}",
    "a role that may not be assumed": f"role_arn = arn:aws:iam::123456789012:role/none\n{SOURCED}",
    "a sign-in that is missing": "sso_session = none\nsso_account_id = 123456789012\nsso_role_name = r",
}

VARIABLES = {
    "a container elsewhere": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://host.docker.internal/c"},
    "a container that is no address": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "x"},
    "a container's token file that is missing": {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/c",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nonexistent",
    },
    "a token of two lines": {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_SESSION_TOKEN": "a\nb",
    },
    "a key of two lines": {"AWS_ACCESS_KEY_ID": "a\nb", "AWS_SECRET_ACCESS_KEY": "x"},
    "an end without a zone": {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CREDENTIAL_EXPIRATION": "2030-01-01T00:00:00",
    },
    "an end that is none": {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CREDENTIAL_EXPIRATION": "soon",
    },
    "a role without its ARN": {"AWS_WEB_IDENTITY_TOKEN_FILE": "/etc/hostname"},
}

SETTINGS = {
    "AWS_DEFAULTS_MODE": "x",
    "AWS_STS_REGIONAL_ENDPOINTS": "x",
    "AWS_REQUEST_CHECKSUM_CALCULATION": "x",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "x",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "x",
    "AWS_CA_BUNDLE": " ",
    "HTTP_PROXY": "::",
    "http_proxy": "socks5://127.0.0.1:9",
}


@pytest.fixture
def plan(account: Account, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `loh plan` against the sandbox as an endpoint, with the user's own settings for AWS."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", account.sandbox.endpoint_url)  # for roles that are assumed

    def plan(*flags: str, config: str = "", **variables: str) -> Ran:
        file = tmp_path / "config"
        file.write_text(config)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        for key, value in variables.items():
            monkeypatch.setenv(key, value)
        return loh("plan", "--name", name, "--endpoint-url", account.sandbox.endpoint_url, *flags)

    return plan


def _is_told(ran: Ran, code: int, home: Path) -> None:
    assert ran.code == code, ran.err
    assert ran.err.startswith("Error")
    assert "\nNext: " in ran.err
    assert not (home / "bugs").exists()


@pytest.mark.parametrize("source", PROFILES)
def test_a_profile_whose_credentials_cannot_be_had_means_no_usable_credentials(
    source: str, plan: Any, world: Path
) -> None:
    config = f"[profile p]\nregion = us-east-1\n{PROFILES[source]}\n"
    _is_told(plan("--profile", "p", config=config), 5, world)


@pytest.mark.parametrize("source", VARIABLES)
def test_variables_that_lead_to_no_credentials_mean_the_same(source: str, plan: Any, world: Path) -> None:
    ran = plan(**VARIABLES[source])
    _is_told(ran, 5, world)
    assert "Signature=" not in ran.err


@pytest.mark.parametrize("name_", SETTINGS)
def test_a_setting_that_cannot_be_obeyed_is_wrong_usage(name_: str, plan: Any, world: Path) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    _is_told(plan(**keys, **{name_: SETTINGS[name_]}), 2, world)


@pytest.mark.parametrize("text", ["no section\n", "[default]\n[default]\n", "[default]\ns3 =\n  x\n"])
def test_a_broken_file_of_settings_is_named(text: str, plan: Any, tmp_path: Path, world: Path) -> None:
    ran = plan(config=text)
    _is_told(ran, 5, world)
    assert str(tmp_path / "config") in ran.err


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
    import botocore.session

    service = botocore.session.get_session().get_service_model("apigateway")
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
