"""A table of environments: in each, the exit code of a command and the words that it shows.

The sandbox takes nothing from the user's settings for AWS, so there every command does its work. Elsewhere
what is set is obeyed, and what cannot be obeyed is an error with a hint: never a bug of ours.
"""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.kit.program.support import Account, loh

ROLE = "arn:aws:iam::123456789012:role/ci"
NOBODY = "http://127.0.0.1:9"
DOCUMENT = '{"Version":1,"AccessKeyId":"x","SecretAccessKey":"y","Expiration":"%s"}'
SOURCED = "source_profile = q\n[profile q]\naws_access_key_id = test\naws_secret_access_key = test"
SIGN_IN = "sso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = r"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

PLAN = "plan"
THERE = "plan --region us-east-1 --endpoint-url {url}"
SECURELY = "plan --region us-east-1 --endpoint-url {https}"
PROFILE = f"{THERE} --profile p"


@dataclass(frozen=True)
class Row:
    """``command`` in an environment ends with ``code`` and says ``words``.

    ``{url}`` and ``{https}`` stand for the sandbox's addresses, ``{folder}`` for a folder, ``{file}`` for the
    file of settings that holds ``settings``, and ``{none}`` for a file that does not exist.
    """

    code: int
    words: str
    command: str = PLAN
    settings: str = ""
    variables: dict[str, str] = field(default_factory=dict)


def _profile(words: str, text: str) -> Row:
    return Row(5, words, PROFILE, f"[profile p]\n{text}\n")


def _helper(words: str, command: str) -> Row:
    return _profile(words, f"credential_process = {command}")


def _there(code: int, words: str, **variables: str) -> Row:
    return Row(code, words, THERE, "", variables)


def _keys(code: int, words: str, **variables: str) -> Row:
    return _there(code, words, **{**KEYS, **variables})


def _settings(words: str, text: str) -> Row:
    return Row(5, words, THERE, text, KEYS)


def _here(*commands: str, settings: str = "", **variables: str) -> list[Row]:
    return [Row(0, "", command, settings, variables) for command in commands or (PLAN,)]


def _ours(code: int, words: str, **variables: str) -> Row:
    return Row(code, words, PLAN, "", {f"LAMBDA_OVER_HTTPS_{key}": value for key, value in variables.items()})


FILE, CREDENTIALS = "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"
BROKEN = "no section here\n"
ODD = "[default]\nregion = x y\nendpoint_url = http://127.0.0.1:9\nca_bundle = /nonexistent\nretry_mode = x\n"
LOOPED = "[profile looped]\nsource_profile = looped\nrole_arn = arn:aws:iam::123456789012:role/r\n"
BY_HAND = "credential_process by itself"
ANOTHER = "AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE or ca_bundle"
CORRECT = "Correct the variable (AWS_…)"
TWICE = (PLAN, "explain 3.6", "explain 2.2")

TABLE: dict[str, Row | list[Row]] = {
    # The sandbox, whatever is set for AWS.
    "sandbox, a profile that is missing": _here(*TWICE, AWS_PROFILE="nope"),
    "sandbox, an empty profile": _here(AWS_PROFILE="", AWS_DEFAULT_PROFILE="nope"),
    "sandbox, a profile that names itself": _here(AWS_PROFILE="looped", settings=LOOPED),
    "sandbox, a broken file of settings": _here(*TWICE, settings=BROKEN),
    "sandbox, odd settings": _here(settings=ODD),
    "sandbox, a broken file of credentials": _here(AWS_SHARED_CREDENTIALS_FILE="{file}", settings=BROKEN),
    "sandbox, certificates that are missing": _here(AWS_CA_BUNDLE="{none}", REQUESTS_CA_BUNDLE=""),
    "sandbox, odd modes": _here(AWS_DEFAULTS_MODE="x", AWS_RETRY_MODE="x", AWS_MAX_ATTEMPTS="x"),
    "sandbox, odd endpoints": _here(AWS_USE_FIPS_ENDPOINT="true", AWS_USE_DUALSTACK_ENDPOINT="true"),
    "sandbox, odd checks": _here(
        AWS_REQUEST_CHECKSUM_CALCULATION="x", AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES="x"
    ),
    "sandbox, an odd region": _here(AWS_REGION="x y", AWS_DEFAULT_REGION="nowhere-1"),
    "sandbox, other keys": _here(AWS_ACCESS_KEY_ID="AKIAOTHER", AWS_SESSION_TOKEN="x"),
    "sandbox, a proxy that is not there": _here(HTTP_PROXY=NOBODY, https_proxy=NOBODY, ALL_PROXY=NOBODY),
    "sandbox, an endpoint that is not there": _here(AWS_ENDPOINT_URL=NOBODY, AWS_ENDPOINT_URL_STS=NOBODY),
    "sandbox, an odd terminal": _here(TERM="nonsense", COLUMNS="x", LINES="-1", FORCE_COLOR="x"),
    "sandbox, an odd language": _here(LANG="nonsense", LC_ALL="xx", TZ="Nowhere/Land"),
    "sandbox, no temporary folder": _here(TMPDIR="{none}", PATH=""),
    # Our own variables.
    "a target that is none": _ours(2, "LAMBDA_OVER_HTTPS_TARGET sets it now.", TARGET="x"),
    "a region that is none": _ours(2, "LAMBDA_OVER_HTTPS_REGION sets it now.", REGION="x"),
    "an endpoint that is none": _ours(2, "ENDPOINT_URL sets it now.", ENDPOINT_URL="localhost:9"),
    "a runtime that is none": _ours(2, "LAMBDA_OVER_HTTPS_RUNTIME sets it now.", RUNTIME="cobol"),
    "a role that is none": _ours(2, "LAMBDA_OVER_HTTPS_ROLE_ARN sets it now.", ROLE_ARN="x"),
    "a source that is missing": _ours(2, "LAMBDA_OVER_HTTPS_SOURCE sets it now.", SOURCE="{none}"),
    "a source that is a folder": _ours(2, "it is a folder, not a file", SOURCE="{folder}"),
    "a source without an end": _ours(2, "it is a pipe or a device, not a file", SOURCE="/dev/zero"),
    "a patience that is no number": _ours(2, "'--patience': 'x' is not a valid int range", PATIENCE="x"),
    "a state folder that is none": _ours(1, "LAMBDA_OVER_HTTPS_HOME", HOME="/dev/null"),
    "a cache that is none": _ours(0, "", CACHE="/dev/null"),
    # Where keys come from: profiles.
    "a helper that is missing": _helper("No such file or directory", "{none}"),
    "a helper that is no program": _helper("Exec format error", "/etc/hostname"),
    "a helper with an open quote": _helper("No closing quotation", "sh -c 'x"),
    "an empty helper": _helper(BY_HAND, ""),
    "a helper that fails": _helper(BY_HAND, "false"),
    "a helper that talks": _helper(BY_HAND, "echo please log in first"),
    "a helper that gives a list": _helper(BY_HAND, "echo []"),
    "a helper that gives no text": _helper(BY_HAND, "printf '\\351'"),
    "a helper that gives an end without zone": _helper(
        "must be like 2030-01-31T12:00:00Z", f"echo {shlex.quote(DOCUMENT % '2030-01-01T00:00:00')}"
    ),
    "a helper that gives keys of yesterday": _helper(
        "The session has expired", f"echo {shlex.quote(DOCUMENT % '2020-01-01T00:00:00Z')}"
    ),
    "a token file that is missing": _profile(
        "No such file or directory", f"role_arn = {ROLE}\nweb_identity_token_file = {{none}}"
    ),
    "a token file that is a folder": _profile(
        "from a web identity token", f"role_arn = {ROLE}\nweb_identity_token_file = {{folder}}"
    ),
    "a role that is its own source": _profile(
        "Infinite loop in credential configuration", f"role_arn = {ROLE}\nsource_profile = p"
    ),
    "a role whose source is missing": _profile('"gone"', f"role_arn = {ROLE}\nsource_profile = gone"),
    "a role without a source": _profile("role_arn needs one source_profile", f"role_arn = {ROLE}"),
    "a role of nowhere": _profile('"Moon"', f"role_arn = {ROLE}\ncredential_source = Moon"),
    "a role that is no ARN": _profile("Invalid length for parameter RoleArn", f"role_arn = x\n{SOURCED}"),
    "a role that may not be assumed": _profile("AWS refused AssumeRole", f"role_arn = {ROLE}\n{SOURCED}"),
    "a sign-in that is missing": _profile('does not exist: "none"', f"sso_session = none\n{SIGN_IN}"),
    "a sign-in that was never done": _profile(
        "`aws sso login --profile YOUR_PROFILE`", f"sso_start_url = https://x.awsapps.com/start\n{SIGN_IN}"
    ),
    "a profile with half a key": _profile("missing: aws_secret_access_key", "aws_access_key_id = x"),
    # Where keys come from: variables.
    "no keys at all": _there(5, "Unable to locate credentials"),
    "half a key": _there(5, "missing: AWS_SECRET_ACCESS_KEY", AWS_ACCESS_KEY_ID="x"),
    "keys that nobody knows": _keys(5, "AWS does not know these keys"),
    "a key of two lines": _keys(5, "such as a line break", AWS_ACCESS_KEY_ID="a\nb"),
    "a token of two lines": _keys(5, "such as a line break", AWS_SESSION_TOKEN="a\nb"),
    "an end without a zone": _keys(5, "in no time zone", AWS_CREDENTIAL_EXPIRATION="2030-01-01T00:00:00"),
    "an end that is none": _keys(5, "Unknown string format: soon", AWS_CREDENTIAL_EXPIRATION="soon"),
    "a profile that is missing": _keys(5, "`aws configure list-profiles`", AWS_PROFILE="nope"),
    "a role without its ARN": _there(5, "AWS_ROLE_ARN", AWS_WEB_IDENTITY_TOKEN_FILE="/etc/hostname"),
    "a container elsewhere": _there(
        5, "'host.docker.internal'", AWS_CONTAINER_CREDENTIALS_FULL_URI="http://host.docker.internal/c"
    ),
    "a container that is no address": _there(
        5, "Correct AWS_CONTAINER_CREDENTIALS_FULL_URI", AWS_CONTAINER_CREDENTIALS_FULL_URI="x"
    ),
    "a container's token file that is missing": _there(
        5,
        "No such file or directory",
        AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{NOBODY}/c",
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="{none}",
    ),
    # Files of settings.
    "settings without a section": _settings("Unable to parse config file: {file}", BROKEN),
    "settings with a section twice": _settings("{file}", "[default]\n[default]\n"),
    "settings with a list of nothing": _settings("{file}", "[default]\ns3 =\n  x\n"),
    "credentials without a section": Row(5, "{file}", THERE, BROKEN, {CREDENTIALS: "{file}", FILE: ""}),
    # Settings that cannot be obeyed.
    "an odd mode": _keys(2, CORRECT, AWS_DEFAULTS_MODE="x"),
    "odd endpoints of STS": _keys(2, CORRECT, AWS_STS_REGIONAL_ENDPOINTS="x"),
    "an odd check": _keys(2, CORRECT, AWS_REQUEST_CHECKSUM_CALCULATION="x"),
    "an odd size": _keys(2, "must be an integer", AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES="x"),
    "an odd way to name accounts": _keys(2, CORRECT, AWS_ACCOUNT_ID_ENDPOINT_MODE="x"),
    "an odd region": Row(2, "Pass --region", "plan --endpoint-url {url}", "", {**KEYS, "AWS_REGION": "x y"}),
    "no region": Row(2, "You must specify a region", "plan --endpoint-url {url}", "", KEYS),
    # The way to the endpoint.
    "a proxy that is none": _keys(2, "names a proxy that cannot be used", HTTP_PROXY="::"),
    "a proxy of another kind": _keys(2, "without SOCKS", http_proxy="socks5://127.0.0.1:9"),
    "a proxy that is not there": _keys(1, "The proxy named by HTTPS_PROXY", HTTP_PROXY=NOBODY),
    "an endpoint without a scheme": Row(2, "looks like http", "plan --endpoint-url localhost:9"),
    "an endpoint beyond the ports": Row(2, "looks like http", "plan --endpoint-url http://127.0.0.1:99999"),
    "certificates of blanks": _keys(2, "Invalid CA bundle", AWS_CA_BUNDLE=" "),
    "certificates that are missing": Row(
        1, ANOTHER, SECURELY, "", {**KEYS, "AWS_CA_BUNDLE": "{none}"}
    ),
    "certificates that are none": Row(
        1, ANOTHER, SECURELY, "", {**KEYS, "AWS_CA_BUNDLE": "/etc/hostname"}
    ),
}  # fmt: skip
"""What is set, and what comes of it. A new environment that surprised somebody becomes a row."""


def _rows() -> Iterator[Any]:
    for told, rows in TABLE.items():
        for row in rows if isinstance(rows, list) else [rows]:
            yield pytest.param(row, id=f"{told}: {row.command.split(' --')[0]}")


def _filled(text: str, places: dict[str, Any]) -> str:
    for word, value in places.items():
        text = text.replace(f"{{{word}}}", str(value))
    return text


@pytest.mark.parametrize("row", list(_rows()))
def test_in_each_environment_the_work_is_done_or_an_error_says_why(
    row: Row, account: Account, name: str, world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, none, sandbox = tmp_path / "settings", tmp_path / "none", account.sandbox
    places: dict[str, Any] = {"url": sandbox.endpoint_url, "https": sandbox.https_url}
    places |= {"folder": tmp_path, "file": file, "none": none}
    file.write_text(_filled(row.settings, places))
    monkeypatch.setenv(FILE, str(file))
    monkeypatch.setenv("AWS_ENDPOINT_URL", sandbox.endpoint_url)  # for roles that are assumed
    for key, value in row.variables.items():
        monkeypatch.setenv(key, _filled(value, places))
    ran = loh(*_filled(row.command, places).split(), "--name", name)
    assert ran.code == row.code, ran.err
    assert _filled(row.words, places) in " ".join(ran.err.split())
    assert (row.code == 0) != ran.err.startswith(("Error", "Usage"))
    assert not (world / "bugs").exists()
