"""The values of API keys are secrets: the program sends them, and keeps and shows them nowhere."""

from pathlib import Path

from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, Ran, loh


def _values(account: Account, name: str) -> list[str]:
    pages = account.client("apigateway").get_paginator("get_api_keys").paginate(includeValues=True)
    keys = [key for page in pages for key in page["items"] if key.get("name", "").startswith(f"{name}-")]
    return [key["value"] for key in keys]


def test_no_key_is_in_a_file_or_in_what_a_command_says(
    account: Account, name: str, world: Path, tmp_path: Path
) -> None:
    finished(name)
    where = ("--name", name)
    said: list[Ran] = [
        loh("chapter", "on", "keys", "--no-pause", *where),
        loh("chapter", "try", "keys", *where),
        loh("chapter", "try", "keys", "--json", *where),
        loh("verify", *where),
        loh("call", "ping", *where),
        loh("call", "ping", "--json", *where),
        loh("drill", "unlinked", *where),
        loh("status", *where),
        loh("status", "--json", *where),
        loh("history", "--all", *where),
        loh("history", "--all", "--json", *where),
        loh("history", "--format", "aws-cli", *where),
        loh("export", *where),
        loh("explain", "keys", *where),
        loh("doctor", *where),
    ]
    assert [ran.code for ran in said] == [0] * len(said), [ran.err for ran in said if ran.code]
    values = _values(account, name)
    assert len(values) == 2
    files = [path.read_bytes().decode(errors="replace") for path in world.rglob("*") if path.is_file()]
    texts = [*(ran.out + ran.err for ran in said), *files]
    assert not [text for text in texts if any(value in text for value in values)]
    assert loh("teardown", "--yes", *where).code == 0


def test_curl_is_shown_with_a_variable_and_what_sets_it(account: Account, name: str) -> None:
    finished(name)
    assert loh("chapter", "on", "keys", "--no-pause", "--name", name).code == 0
    report = loh("status", "--json", "--name", name).json
    assert '-H "x-api-key: $API_KEY"' in report["curl"]
    [key] = [
        each for each in report["resources"] if each["name"].endswith("-key-2") and "apikeys" in each["arn"]
    ]
    assert f"--api-key {key['id']} --include-value" in report["key_command"]
    assert loh("teardown", "--yes", "--name", name).code == 0
